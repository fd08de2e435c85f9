import { BlockList, isIP } from 'node:net'
import { resolve } from 'node:path'
import { StartError } from '../start-error.ts'

/** Where the server listens, and how it is reached. Made of flags; see docs/operating.md. */
export interface Network {
  /** The address to listen on. */
  readonly host: string
  /** Files of a certificate (chain) and its key, PEM; null: the server itself speaks plain http. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
  /** Addresses and networks of proxies whose X-Forwarded headers are believed. */
  readonly trustedProxies: readonly string[]
  /** The origin by which clients reach it; null: the address it listens on. */
  readonly publicUrl: string | null
}

/** A mistake in these flags; the message says what to give instead. */
class NetworkError extends StartError {
  override readonly exitCode = 2

  constructor(message: string) {
    super(message)
    this.name = 'NetworkError'
  }
}

interface NetworkFlags {
  readonly host: string
  readonly tlsCert: string | null
  readonly tlsKey: string | null
  readonly trustedProxies: readonly string[]
  readonly publicUrl: string | null
}

/** @throws StartError when they make no sense, or would have passwords travel in the clear. */
export function networkOf(flags: NetworkFlags): Network {
  const host = flags.host.toLowerCase() === 'localhost' ? '127.0.0.1' : flags.host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) === 0) {
    throw new NetworkError(
      `--host takes an address of this machine such as 0.0.0.0 or ::, not "${flags.host}".`,
    )
  }
  const network: Network = {
    host,
    tls: tlsOf(flags),
    trustedProxies: flags.trustedProxies,
    publicUrl: flags.publicUrl === null ? null : originOf(flags.publicUrl),
  }
  proxyList(network.trustedProxies)
  refuseClear(network)
  return network
}

function tlsOf({ tlsCert, tlsKey }: NetworkFlags): Network['tls'] {
  if (tlsCert === null && tlsKey === null) return null
  if (tlsCert === null || tlsKey === null) throw new NetworkError('--tls-cert and --tls-key go together.')
  return { certificate: resolve(tlsCert), key: resolve(tlsKey) }
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const whole = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  if (!whole || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new NetworkError(
      '--public-url takes scheme, host and port alone, such as https://plimsoll.example.',
    )
  }
  return url.origin
}

function refuseClear({ host, tls, trustedProxies, publicUrl }: Network): void {
  const secure = publicUrl?.startsWith('https:') ?? tls !== null
  if (tls !== null && !secure) {
    throw new NetworkError(`With --tls-cert, --public-url begins with https://, not ${publicUrl}.`)
  }
  if (isLoopback(host)) return
  if (tls === null && (trustedProxies.length === 0 || !secure)) {
    throw new NetworkError(
      `--host ${host} needs TLS: give --tls-cert and --tls-key, or name the proxy that does TLS in front with --trusted-proxy, and its https address with --public-url.`,
    )
  }
  if (publicUrl === null && isAny(host)) {
    throw new NetworkError(`--host ${host} needs --public-url: the name by which clients reach this machine.`)
  }
}

/** @throws StartError when one of them is neither an address nor a network. */
export function proxyList(proxies: readonly string[]): BlockList {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(proxy) ?? []
    const family = isIP(address)
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix)
    // All of the internet is nobody in particular.
    if (family === 0 || bits < 1 || bits > (family === 4 ? 32 : 128)) {
      throw new NetworkError(
        `--trusted-proxy takes addresses such as 10.0.0.5 and networks such as 10.0.0.0/24, not "${proxy}".`,
      )
    }
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** An address that reaches no further than this machine. */
export const isLoopback = (address: string): boolean =>
  address === '::1' || /^(?:::ffff:)?127\./i.test(address)

export const isAny = (address: string): boolean => /^(?:0\.0\.0\.0|[0:]+)$/.test(address)

/** Nobody may be let at a server from elsewhere that has no account yet: whoever came first would make it theirs. */
export function refuseWithoutAccount({ host }: Network): never {
  throw new NetworkError(
    `--host ${host} is refused as long as there is no account: start without it, set up the first admin with the link that is printed, and start again.`,
  )
}

/** The address that is listened on, as people write it. */
export const listeningAt = ({ host, tls }: Network, port: number): string =>
  new URL(`${tls === null ? 'http' : 'https'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`).origin
