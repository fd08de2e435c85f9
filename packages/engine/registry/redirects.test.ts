import { expect, it } from 'vitest'
import type { Request } from './exchange.ts'
import { strangersRequest } from './redirects.ts'

const registry = new URL('https://registry.example')
const request = (url: string): Request => ({ method: 'GET', url: new URL(url), headers: {} })

/** What the request's lookup says to a name. */
const lookUp = (asked: Request, hostname: string, all: boolean): Promise<unknown> =>
  new Promise((resolve, reject) => {
    if (asked.lookup === undefined) return reject(new Error('It is not guarded.'))
    asked.lookup(hostname, { all }, (error, address) => (error ? reject(error) : resolve(address)))
  })

it.each([
  'http://127.0.0.1/latest',
  'http://2130706433/',
  'https://localhost:8443/',
  'http://api.localhost/',
  'http://[::1]:5000/',
  'http://[::ffff:169.254.169.254]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0.0.0.0/',
])('a registry elsewhere cannot send us to %s', url => {
  expect(() => strangersRequest(request(url), registry)).toThrow('this machine itself')
})

it('nor by a name that means this machine', async () => {
  const guarded = strangersRequest(request('https://storage.example/blob'), registry)
  await expect(lookUp(guarded, 'localhost', true)).rejects.toThrow('this machine itself')
  await expect(lookUp(guarded, 'localhost', false)).rejects.toThrow('this machine itself')
  // An address needs no resolver, so this is the same everywhere.
  expect(await lookUp(guarded, '192.0.2.1', false)).toBe('192.0.2.1')
  expect(await lookUp(guarded, '192.0.2.1', true)).toEqual([{ address: '192.0.2.1', family: 4 }])
})

it('a registry on this machine may, and any to its own origin or to a private network', () => {
  const local = request('http://127.0.0.1:9000/blob')
  expect(strangersRequest(local, new URL('http://localhost:5000'))).toBe(local)
  const own = request('https://registry.example/elsewhere')
  expect(strangersRequest(own, registry)).toBe(own)
  expect(strangersRequest(request('http://10.0.0.1/blob'), registry).url.hostname).toBe('10.0.0.1')
})
