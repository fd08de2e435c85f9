import { networkInterfaces } from 'node:os'
import type { Request, Response } from 'express'
import { describe, expect, test } from 'vitest'
import { StartError } from '../start-error.ts'
import { onlyProxies } from './guards.ts'
import { networkOf } from './network-flags.ts'
import { reachOf } from './reach.ts'

const flags = { host: '127.0.0.1', tlsCert: null, tlsKey: null, trustedProxies: [], publicUrl: null }
const tls = { tlsCert: '/tls/cert.pem', tlsKey: '/tls/key.pem' }
const behind = { host: '10.0.0.7', trustedProxies: ['10.0.0.0/24'], publicUrl: 'https://plimsoll.example' }

describe('where to listen', () => {
  test.each([
    ['a name', { host: 'plimsoll.example' }, '--host takes an address'],
    ['the clear', { host: '0.0.0.0' }, '--host 0.0.0.0 needs TLS'],
    ['the clear with a public address', { host: '::', publicUrl: 'https://p.example' }, 'needs TLS'],
    ['a proxy that does no TLS', { ...behind, publicUrl: 'http://plimsoll.example' }, 'needs TLS'],
    ['a proxy of which nobody says where it is reached', { ...behind, publicUrl: null }, 'needs TLS'],
    ['every address without a name', { ...tls, host: '::' }, 'needs --public-url'],
    ['half a certificate', { tlsCert: 'cert.pem' }, '--tls-cert and --tls-key go together'],
    ['TLS that is no TLS', { ...tls, publicUrl: 'http://p.example' }, '--public-url begins with https://'],
    ['a path', { publicUrl: 'https://p.example/plimsoll' }, '--public-url takes scheme, host and port alone'],
    ['a password', { publicUrl: 'https://u:p@p.example' }, '--public-url takes scheme, host and port alone'],
    ['everybody as a proxy', { trustedProxies: ['0.0.0.0/0'] }, '--trusted-proxy takes addresses'],
    ['a name as a proxy', { trustedProxies: ['proxy.example'] }, '--trusted-proxy takes addresses'],
    ['a network that is none', { trustedProxies: ['10.0.0.0/33'] }, '--trusted-proxy takes addresses'],
  ])('%s is refused', (_, given, message) => {
    const start = () => networkOf({ ...flags, ...given })
    expect(start).toThrow(message)
    expect(start).toThrow(StartError)
  })

  test.each([
    [flags, 'http://127.0.0.1:8080'],
    [{ ...flags, ...tls }, 'https://127.0.0.1:8080'],
    [{ ...flags, ...tls, host: '10.0.0.7' }, 'https://10.0.0.7:8080'],
    [{ ...flags, ...tls, host: '[2001:db8::1]' }, 'https://[2001:db8::1]:8080'],
    [{ ...flags, ...tls, host: '::', publicUrl: 'https://p.example/' }, 'https://p.example'],
    [{ ...flags, ...behind }, 'https://plimsoll.example'],
    [{ ...flags, host: 'localhost', publicUrl: 'http://localhost:9000' }, 'http://localhost:9000'],
  ])('%j is reached at %s', (given, origin) => {
    expect(reachOf(networkOf(given), 8080)).toMatchObject({ origin, secure: origin.startsWith('https') })
  })
})

test('at every address of the machine it is itself, where it listens at every address', () => {
  const addresses = Object.values(networkInterfaces()).flatMap(some => some ?? [])
  const origins = addresses
    .filter(({ family }) => family === 'IPv4')
    .map(({ address }) => `https://${address}:8080`)
  expect(origins).toContain('https://127.0.0.1:8080')
  const any = reachOf(networkOf({ ...flags, ...tls, host: '0.0.0.0', publicUrl: 'https://p.example' }), 8080)
  expect(any.ownOrigins()).toEqual(expect.arrayContaining(['https://p.example', ...origins]))
  const one = reachOf(networkOf({ ...flags, ...tls, host: '192.0.2.7' }), 8080)
  expect(one.ownOrigins()).toEqual(one.origins)
})

test('whoever goes past the proxy that does TLS is refused', () => {
  const reach = reachOf(networkOf({ ...flags, ...behind }), 8080)
  const answers = (remoteAddress: string, only = reach) => {
    let status = 200
    const response = {
      status(code: number) {
        status = code
        return { type: () => ({ send: () => undefined }) }
      },
    }
    const request = { socket: { remoteAddress } }
    onlyProxies(only)(request as Request, response as unknown as Response, () => undefined)
    return status
  }
  expect(['10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1', '::1'].map(peer => answers(peer))).toEqual([
    200, 200, 200, 200,
  ])
  expect(['10.0.1.1', '203.0.113.9', '2001:db8::1', ''].map(peer => answers(peer))).toEqual([
    403, 403, 403, 403,
  ])
  expect(answers('203.0.113.9', reachOf(networkOf({ ...flags, ...tls, host: '10.0.0.7' }), 8080))).toBe(200)
})
