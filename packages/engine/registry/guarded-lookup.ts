import { lookup as resolveName } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { isForbiddenAddress } from './loopback.ts'
import { SourceError } from './source-error.ts'

/** An address that nothing is sent to, whoever named it. */
export class AddressRefused extends SourceError {
  constructor(host: string) {
    super('registry-unreachable', `${host} leads to an address where no registry is, so it is not asked.`, {
      hint: 'Link-local addresses and those where clouds keep secrets of their machines are refused.',
    })
    this.name = 'AddressRefused'
  }
}

/**
 * Resolves a host name, unless one of its addresses is refused. It stands where the connection is made, so that a name
 * cannot lead to one address when it is checked and to another when it is used.
 */
export const guardedLookup =
  (refuse: (address: string, host: string) => Error | null): LookupFunction =>
  (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      const refused = addresses.map(({ address }) => refuse(address, hostname)).find(one => one !== null)
      if (refused !== undefined) return callback(refused, [])
      const [first] = addresses
      if (options.all === true || first === undefined) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }

export const refuseForbidden = (address: string, host: string): Error | null =>
  isForbiddenAddress(address) ? new AddressRefused(host) : null

/** What is to be said of a URL whose host is such an address itself, which is never looked up; null of others. */
export function forbiddenAddress(url: URL): AddressRefused | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(host) !== 0 && isForbiddenAddress(host) ? new AddressRefused(host) : null
}

/** @throws AddressRefused when a URL's host is such an address itself. */
export function checkAddress(url: URL): void {
  const refused = forbiddenAddress(url)
  if (refused !== null) throw refused
}
