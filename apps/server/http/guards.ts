import type { RequestHandler } from 'express'
import { peerHeader } from '../access/auth.ts'

/** The addresses by which this server is reached: loopback by its names, on its port (which browsers omit if it is 80). */
export const originsOf = (port: number): string[] =>
  ['127.0.0.1', 'localhost', '[::1]'].map(host => new URL(`http://${host}:${port}`).origin)

/**
 * Answers only those who mean this server. A page elsewhere can give its own name our address (DNS rebinding) and would
 * then be served as if it were the portal; the name it uses stands in the Host header.
 */
export function knownHost(port: number): RequestHandler {
  const hosts = new Set(originsOf(port).map(origin => origin.slice('http://'.length)))
  return (request, response, next) => {
    if (hosts.has((request.headers.host ?? '').toLowerCase())) {
      next()
      return
    }
    response
      .status(421)
      .type('text')
      .send(`This server is reached as ${[...hosts].join(' or ')}.\n`)
  }
}

/**
 * Refuses what another site's page sends here with our cookies. Browsers say where a request comes from; programs do
 * not, and they have no cookies that a page could misuse.
 */
export function sameOrigin(port: number): RequestHandler {
  const origins = new Set(originsOf(port))
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

/** Tells the sign-in library who is at the other end; what the request itself says of that is not believed. */
export const namePeer: RequestHandler = (request, _response, next) => {
  request.headers[peerHeader] = request.socket.remoteAddress ?? 'unknown'
  next()
}
