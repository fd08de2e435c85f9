import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { peerHeader } from '../access/auth.ts'
import { isLoopback } from './network-flags.ts'
import type { Reach } from './reach.ts'

const peerOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? ''

/**
 * Answers only those who mean this server. A page elsewhere can give its own name our address (DNS rebinding) and would
 * then be served as if it were the portal; the name it uses stands in the Host header, or in what a trusted proxy says
 * that the Host header was.
 */
export function knownHost({ origins, isTrustedProxy }: Reach): RequestHandler {
  const hosts = new Set(origins.map(origin => new URL(origin).host))
  return (request, response, next) => {
    const forwarded = isTrustedProxy(peerOf(request)) ? request.headers['x-forwarded-host'] : undefined
    const host = typeof forwarded === 'string' ? forwarded : (request.headers.host ?? '')
    if (hosts.has(host.trim().toLowerCase())) {
      next()
      return
    }
    response
      .status(421)
      .type('text')
      .send(`This server is reached as ${[...hosts].join(' or ')}.\n`)
  }
}

/** Refuses whoever goes past the proxy that encrypts: passwords would travel in the clear. */
export const onlyProxies =
  ({ onlyProxies: only, isTrustedProxy, origin }: Reach): RequestHandler =>
  (request, response, next) => {
    const peer = peerOf(request)
    if (!only || isTrustedProxy(peer) || isLoopback(peer)) {
      next()
      return
    }
    response.status(403).type('text').send(`This server is reached at ${origin}.\n`)
  }

/**
 * Refuses what another site's page sends here with our cookies. Browsers say where a request comes from; programs do
 * not, and they have no cookies that a page could misuse.
 */
export function sameOrigin(reach: Reach): RequestHandler {
  const origins = new Set(reach.origins)
  return ({ method, headers }, response, next) => {
    const reads = method === 'GET' || method === 'HEAD'
    const fetchSite = headers['sec-fetch-site']
    const foreign =
      (headers.origin !== undefined && !origins.has(headers.origin)) ||
      (fetchSite !== undefined && fetchSite !== 'same-origin' && !(reads && fetchSite === 'none'))
    if (!foreign) {
      next()
      return
    }
    response.status(403).json({ error: 'This request came from another site.' })
  }
}

/**
 * Tells the sign-in library, and whoever asks for it later, who is at the other end: the peer, or, when that is a
 * trusted proxy, whom it speaks for (`trust proxy` of express). What the request itself says of that is not believed.
 */
export const namePeer =
  ({ isTrustedProxy }: Reach): RequestHandler =>
  (request, _response, next) => {
    const peer = peerOf(request)
    const named = request.ip ?? 'unknown'
    // A proxy that does not say whom it speaks for speaks for nobody on this machine.
    request.headers[peerHeader] = named === peer && isTrustedProxy(peer) ? 'unknown' : named
    next()
  }

/** Tells browsers to come back by https alone; not under this machine's own names, which other servers have as well. */
export const strictTransport =
  ({ secure, origin }: Reach): RequestHandler =>
  (_request, response, next) => {
    const { hostname } = new URL(origin)
    if (secure && !isLoopback(hostname) && hostname !== 'localhost') {
      response.set('strict-transport-security', 'max-age=31536000')
    }
    next()
  }
