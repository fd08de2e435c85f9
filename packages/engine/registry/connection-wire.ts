import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, getCACertificates } from 'node:tls'
import { firewallHint, Obstacle, ofNetwork } from './connection-obstacle.ts'
import type { Timeouts } from './exchange.ts'
import { checkAddress, refuseForbidden } from './guarded-lookup.ts'
import { ownHost, portOf } from './ourselves.ts'
import { proxyAddress } from './proxy.ts'

/** The steps of a connection test below HTTP. Each answers with a sentence, null when there is nothing to do. */
type Outcome<T> = Promise<readonly [string | null, T]>

export async function checkedHost(url: URL, refusedOrigins: readonly string[]): Outcome<null> {
  checkAddress(url)
  if (ownHost(url, refusedOrigins)(url.hostname)) throw ourselves(url)
  return [`The registry is asked at ${url.origin}.`, null]
}

/** @returns the address to connect to; null where a proxy looks it up. */
export async function resolved(
  url: URL,
  proxy: string | undefined,
  refusedOrigins: readonly string[],
): Outcome<string | null> {
  if (proxy !== undefined) return [null, null]
  const host = bareHost(url)
  if (isIP(host) !== 0) return [`${host} is an address already.`, host]
  const found = await lookup(host, { all: true }).catch((error: NodeJS.ErrnoException) => {
    throw ofNetwork(error.code ?? '', url.origin, error)
  })
  const refused = found.map(({ address }) => refuseForbidden(address, host)).find(one => one !== null)
  if (refused !== undefined) throw refused
  const isOwn = ownHost(url, refusedOrigins)
  if (found.some(({ address }) => isOwn(address))) throw ourselves(url)
  const [first] = found
  if (first === undefined) throw ofNetwork('ENOTFOUND', url.origin)
  return [`${host} is at ${first.address}.`, first.address]
}

export async function connected(
  url: URL,
  address: string | null,
  proxy: string | undefined,
  { connectMs }: Timeouts,
  signal: AbortSignal,
): Outcome<null> {
  const target = proxy === undefined ? url : new URL(proxy)
  const port = portOf(target)
  const host = address ?? (await proxyAddress(target))
  try {
    await within(connectTcp({ host, port, signal }), 'connect', url, connectMs)
  } catch (cause) {
    if (proxy === undefined || signal.aborted) throw cause
    const hint = 'Check its address, and that it runs.'
    throw new Obstacle('proxy-failed', `The proxy ${target.origin} does not take connections.`, hint, cause)
  }
  return [
    proxy === undefined ? `${host} answers on port ${port}.` : `The proxy ${target.origin} answers.`,
    null,
  ]
}

export async function secured(
  url: URL,
  address: string | null,
  { proxy, authority }: { proxy: string | undefined; authority: string | undefined },
  { connectMs }: Timeouts,
  signal: AbortSignal,
): Outcome<null> {
  if (url.protocol !== 'https:' || proxy !== undefined || address === null) return [null, null]
  const host = bareHost(url)
  const socket = connectTls({
    host: address,
    port: portOf(url),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authority === undefined ? {} : { ca: [...getCACertificates(), authority] }),
  })
  const stop = (): void => void socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await within(socket, 'secureConnect', url, connectMs)
    return [`It shows a certificate that is trusted (${socket.getProtocol() ?? 'TLS'}).`, null]
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** What failed over plain http, or that TLS is spoken there, which most who speak it do not say. */
export async function maybeTls(
  failure: unknown,
  url: URL,
  address: string | null,
  { connectMs }: Timeouts,
): Promise<unknown> {
  if (url.protocol !== 'http:' || address === null) return failure
  const code = Obstacle.of(failure, url.origin).code
  if (code !== 'registry-error' && code !== 'tls-failed') return failure
  // Whose certificate it is does not matter: nothing is sent.
  const socket = connectTls({ host: address, port: portOf(url), rejectUnauthorized: false })
  const speaksTls = await within(socket, 'secureConnect', url, connectMs).then(
    () => true,
    () => false,
  )
  return speaksTls
    ? new Obstacle('tls-failed', `${url.origin} speaks HTTPS.`, 'Write https:// before its name.')
    : failure
}

const ourselves = (url: URL): Obstacle =>
  new Obstacle('address-refused', `${url.origin} is Plimsoll itself, and no registry.`)

async function within(socket: Socket, event: string, url: URL, limitMs: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Obstacle('timeout', `${url.origin} does not answer.`, firewallHint)),
        limitMs,
      )
      socket.once(event, () => {
        clearTimeout(timer)
        resolve()
      })
      socket.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        reject(ofNetwork(error.code ?? '', url.origin, error))
      })
    })
  } finally {
    socket.destroy()
  }
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')
