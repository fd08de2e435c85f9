import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { isAny, isLoopback, type Network, proxyList } from './network-flags.ts'

/** How this server is reached, and whom it believes. */
export interface Reach {
  /** For links and for the addresses that registries post their events to. */
  readonly origin: string
  /** All that browsers may use, that one first. */
  readonly origins: readonly string[]
  /** Clients speak https, with this server or with a proxy in front. */
  readonly secure: boolean
  /** All at which this server itself is reached, by its machine's addresses too: no registry is there, and no proxy. */
  ownOrigins(): readonly string[]
  /** Whether X-Forwarded headers of the peer at this address are believed. */
  isTrustedProxy(address: string): boolean
  /** Only trusted proxies and this machine may speak with it: what they say to it travels in the clear. */
  readonly onlyProxies: boolean
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** @param port the one that is listened on; browsers omit the scheme's own. */
export function reachOf({ host, tls, trustedProxies, publicUrl }: Network, port: number): Reach {
  const scheme = tls === null ? 'http' : 'https'
  const own = isAny(host) || isLoopback(host) ? [] : [isIP(host) === 6 ? `[${host}]` : host]
  const at = (name: string): string => new URL(`${scheme}://${name}:${port}`).origin
  const names = [...own, ...loopbackNames].map(at)
  const origins = publicUrl === null ? names : [...new Set([publicUrl, ...names])]
  const [origin = ''] = origins
  const proxies = proxyList(trustedProxies)
  return {
    origin,
    origins,
    ownOrigins: () => [...origins, ...(isAny(host) ? machineAddresses().map(at) : [])],
    secure: origin.startsWith('https:'),
    isTrustedProxy: address => {
      const family = isIP(address)
      return family !== 0 && proxies.check(address, family === 4 ? 'ipv4' : 'ipv6')
    },
    onlyProxies: tls === null && !isLoopback(host),
  }
}

/** As they stand in URLs. Those of a link alone have a zone, which a URL cannot name. */
const machineAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .filter(({ scopeid = 0 }) => scopeid === 0)
    .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address))
