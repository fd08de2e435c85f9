import { leadsTo, ownHost } from '@plimsoll/engine'
import type { ConnectionTest } from '@plimsoll/types'
import { Refusal } from '../refusal.ts'

const hub = 'https://registry-1.docker.io'
/** Names by which people know Docker Hub; none of them but the last answers the registry's API. */
const hubHosts: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'hub.docker.com'])

interface Address {
  readonly address: string
  readonly allowPlainHttp: boolean
}

type Problem = NonNullable<ConnectionTest['problem']>

/**
 * The origin of the registry that somebody means: https unless the address says otherwise.
 * @returns such as `https://registry.example:5000`
 * @throws Refusal when it is none, or plain http that was not chosen.
 */
export function registryUrl(address: Address): string {
  const problem = addressProblem(address)
  if (problem !== null) {
    throw new Refusal('bad-request', problem.message, problem.hint === null ? {} : { hint: problem.hint })
  }
  const url = parsed(address)
  return url === null || hubHosts.has(url.hostname) ? hub : url.origin
}

/** What is wrong with an address, or null. Text that may hold a password is not repeated. */
export function addressProblem(address: Address): Problem | null {
  const url = parsed(address)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    return invalid('This is not the address of a registry.', example)
  }
  if (url.username !== '' || url.password !== '') {
    return invalid(
      'The address must not hold a user name or a password.',
      'Choose how to sign in, and give them there.',
    )
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return invalid(
      `Give the address of the whole registry, without a path: ${url.host}.`,
      'To watch some of its repositories only, name them.',
    )
  }
  if (url.protocol === 'https:' || address.allowPlainHttp || hubHosts.has(url.hostname)) return null
  return {
    code: 'plain-http-not-allowed',
    message: 'Over plain http, passwords and images travel in the clear.',
    hint: 'Use https, or allow plain http for this registry (on the command line --allow-plain-http).',
  }
}

function parsed({ address }: Address): URL | null {
  const text = address.includes('://') ? address : `https://${address}`
  return URL.canParse(text) ? new URL(text) : null
}

const invalid = (message: string, hint: string): Problem => ({ code: 'address-invalid', message, hint })

const example = 'Write a host such as registry.example, registry.example:5000 or https://registry.example.'

/** `http://host:port` of a proxy. @throws Refusal when it is none, or this server by one of its origins. */
export function proxyUrl(proxy: string | null, ownOrigins: readonly string[]): string | null {
  if (proxy === null || proxy === '') return null
  const url = URL.canParse(proxy) ? new URL(proxy) : null
  const plain = url !== null && url.protocol === 'http:' && url.hostname !== ''
  if (!plain || url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '') {
    throw new Refusal('bad-request', 'This is not the address of a proxy.', {
      hint: 'Write scheme, host and port, without a user or a path: http://proxy.example:3128.',
    })
  }
  if (ownHost(url, ownOrigins)(url.hostname)) {
    throw new Refusal('bad-request', `${url.origin} is Plimsoll itself, and no proxy.`)
  }
  return url.origin
}

/** The origin at the same host and port over the other of http and https: what listens there is the same. */
export function otherOrigin(url: string): string {
  const { protocol, hostname, port } = new URL(url)
  return protocol === 'https:'
    ? new URL(`http://${hostname}:${port || 443}`).origin
    : new URL(`https://${hostname}:${port || 80}`).origin
}

/**
 * Refuses what leads to this server, by whatever name.
 * @param url of a registry that is to be asked directly.
 * @throws Refusal
 */
export async function refuseOurselves(url: string, ownOrigins: readonly string[]): Promise<void> {
  if (!(await leadsTo(ownOrigins, new URL(url)))) return
  throw new Refusal('bad-request', `${new URL(url).origin} is Plimsoll itself, and no registry.`)
}
