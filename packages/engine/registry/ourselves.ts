import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { isLoopbackHost } from './loopback.ts'

/**
 * Whether a host, by name or address, is where one of `origins` is reached at the port of `url`. Over which protocol
 * does not matter: what listens there is the same.
 */
export function ownHost(url: URL, origins: readonly string[]): (host: string) => boolean {
  const names = origins
    .map(origin => new URL(origin))
    .filter(origin => portOf(origin) === portOf(url))
    .map(origin => bare(origin.hostname))
  const addresses = new BlockList()
  for (const name of names) if (isIP(name) !== 0) addresses.addAddress(name, family(name))
  const isLoopback = names.some(isLoopbackHost)
  return hostname => {
    const host = bare(hostname)
    if (names.includes(host) || (isLoopback && isLoopbackHost(host))) return true
    // It sees through the forms of one address, such as ::ffff:10.0.0.7.
    return isIP(host) !== 0 && addresses.check(host, family(host))
  }
}

/** Whether a URL leads to one of `origins`: as it is written, or by where its name leads. */
export async function leadsTo(origins: readonly string[], url: URL): Promise<boolean> {
  const isOwn = ownHost(url, origins)
  if (isOwn(url.hostname)) return true
  const isElsewhere = origins.every(origin => portOf(new URL(origin)) !== portOf(url))
  if (isElsewhere || isIP(bare(url.hostname)) !== 0) return false
  // A name that nobody knows leads nowhere.
  const found = await lookup(url.hostname, { all: true }).catch(() => [])
  return found.some(({ address }) => isOwn(address))
}

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80))

/** Without brackets, or the dot that a name may end with. */
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6')
