import { lookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { guardedLookup, refuseForbidden } from './guarded-lookup.ts'
import { SourceError } from './source-error.ts'

/** The connections that are kept open, to anywhere. */
export interface Agents {
  readonly http: http.Agent
  readonly https: https.Agent
}

/** What is in the way is the proxy, and not the registry behind it. */
export class ProxyFailed extends SourceError {
  constructor(proxy: URL, why: string, cause?: unknown) {
    super('registry-unreachable', `The proxy ${proxy.origin} ${why}.`, {
      cause,
      hint: 'Check its address, that it runs, and that it lets this machine through to the registry.',
    })
    this.name = 'ProxyFailed'
  }
}

/**
 * Agents that go through a proxy: what is encrypted through a tunnel (CONNECT), the rest by its word. They know it by
 * its address, which is looked up and checked for each exchange: its name may not lead to where nothing is asked.
 */
export function proxiedAgents(proxy: URL, options: https.AgentOptions): () => Promise<Agents> {
  const byAddress = new Map<string, Agents>()
  return async () => {
    const address = await proxyAddress(proxy)
    const known = byAddress.get(address)
    if (known !== undefined) return known
    for (const { http, https } of byAddress.values()) {
      http.destroy()
      https.destroy()
    }
    byAddress.clear()
    const at = new URL(proxy)
    at.hostname = isIP(address) === 6 ? `[${address}]` : address
    const through = { ...options, keepAlive: true, proxyEnv: { HTTP_PROXY: at.href, HTTPS_PROXY: at.href } }
    const agents = { http: new http.Agent(through), https: new https.Agent(through) }
    byAddress.set(address, agents)
    return agents
  }
}

/**
 * For clients that are not ours, once: their connections go to no address that nothing is sent to, be it the proxy's.
 * @throws SourceError when the proxy is not known, or refused
 */
export async function guardedAgents(proxy: string | null): Promise<Agents> {
  if (proxy !== null) return await proxiedAgents(new URL(proxy), {})()
  const options = { keepAlive: true, lookup: guardedLookup(refuseForbidden) }
  return { http: new http.Agent(options), https: new https.Agent(options) }
}

/** @throws SourceError when it has none, or one that is refused */
export async function proxyAddress(proxy: URL): Promise<string> {
  const host = proxy.hostname.replace(/^\[(.*)\]$/, '$1')
  // The same lookup that a connection makes; an address is its own.
  const { address } = await lookup(host).catch((cause: unknown) => {
    throw new ProxyFailed(proxy, 'is not known by its name', cause)
  })
  const refused = refuseForbidden(address, host)
  if (refused !== null) throw refused
  return address
}

/** Where there is a proxy it is the only one that is connected to: what fails there is its failure. */
const connecting = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** The failure as one of the proxy, or null when it is not. */
export function proxyFailure(cause: unknown, proxy: URL, target: URL): ProxyFailed | null {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (connecting.has(code)) return new ProxyFailed(proxy, 'does not take connections', cause)
  // Its message holds what the proxy answered, which is a stranger's; 407 is worth telling.
  const isTunnel = code === 'ERR_PROXY_TUNNEL'
  if (!isTunnel) return null
  const wantsSignIn = cause instanceof Error && / HTTP\/1\.[01] 407 /.test(cause.message)
  return new ProxyFailed(proxy, wantsSignIn ? signIn : `does not connect to ${target.host}`)
}

export const signIn = 'asks for a user name and a password, which Plimsoll does not give to proxies'
