import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { type Connections, exchange, type Request, type Response } from './exchange.ts'
import { guardedLookup } from './guarded-lookup.ts'
import { isLoopbackHost, isMachineLocalAddress } from './loopback.ts'
import { SourceError } from './source-error.ts'

const maxRedirects = 5
const redirectStatuses = new Set([301, 302, 303, 307, 308])

/**
 * An exchange whose redirects are followed by hand: at most five, to http and https only. `Authorization` goes to
 * the origin (scheme, host and port) that the request was for and to no other, nothing that carried it goes on from
 * https to plain http, and no one sends us to this machine's own addresses unless the registry is there itself.
 *
 * @throws SourceError, or Transient when another attempt may help
 */
export async function exchangeFollowing(
  request: Request,
  connections: Connections,
  signal: AbortSignal,
): Promise<Response> {
  const first = request.url
  let current = request
  for (let redirects = 0; ; redirects++) {
    const response = await exchange(current, connections, signal)
    const { location } = response.headers
    if (!redirectStatuses.has(response.status) || location === undefined) return response
    response.discard()
    // What a body carries was meant for the first address alone.
    if (request.body !== undefined) throw refused(current.url, 'something that was sent to it')
    if (redirects === maxRedirects) {
      throw new SourceError('registry-error', `${first.origin} redirects more than ${maxRedirects} times.`)
    }
    current = redirected(request, current.url, location)
  }
}

function redirected(request: Request, from: URL, location: string): Request {
  if (!URL.canParse(location, from)) throw refused(from, 'to something that is no address')
  const url = new URL(location, from)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused(from, 'to something other than http or https')
  if (url.username !== '' || url.password !== '') throw refused(from, 'to an address with a password in it')
  const { authorization, ...headers } = request.headers
  if (from.protocol === 'https:' && url.protocol === 'http:' && authorization !== undefined) {
    throw refused(
      from,
      'from https to plain http',
      'Correct the address that the registry or the proxy before it gives itself.',
    )
  }
  return strangersRequest(
    { ...request, url, headers: url.origin === request.url.origin ? request.headers : headers },
    request.url,
  )
}

/** A request to an address that a registry named: guarded against being sent to this machine's own services. */
export function strangersRequest(request: Request, registry: URL): Request {
  const { url } = request
  if (url.origin === registry.origin || isLoopbackHost(registry.hostname)) return request
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isLoopbackHost(host) || (isIP(host) !== 0 && isMachineLocalAddress(host))) throw sentHome(registry)
  return { ...request, lookup: homeGuard(registry) }
}

/** A name may resolve to such an address too. */
const homeGuard = (registry: URL): LookupFunction =>
  guardedLookup(address => (isMachineLocalAddress(address) ? sentHome(registry) : null))

const sentHome = (registry: URL): SourceError =>
  new SourceError(
    'registry-error',
    `${registry.origin} refers to an address of this machine itself, which is refused.`,
  )

const refused = (from: URL, where: string, hint?: string): SourceError =>
  new SourceError('registry-error', `${from.origin} redirects ${where}, which is refused.`, { hint })
