import { describe, expect, test } from 'vitest'
import { proxyUrl, refuseOurselves, registryUrl } from './address.ts'

const url = (address: string, allowPlainHttp = false) => registryUrl({ address, allowPlainHttp })

describe('the address of a registry', () => {
  test.each([
    ['registry.example', 'https://registry.example'],
    ['Registry.Example:5000', 'https://registry.example:5000'],
    ['127.0.0.1:5000', 'https://127.0.0.1:5000'],
    ['[::1]:5000', 'https://[::1]:5000'],
    ['https://registry.example/', 'https://registry.example'],
    ['https://registry.example:443', 'https://registry.example'],
    ['docker.io', 'https://registry-1.docker.io'],
    ['https://index.docker.io/', 'https://registry-1.docker.io'],
  ])('%s is %s', (address, expected) => {
    expect(url(address)).toBe(expected)
  })

  test('plain http has to be chosen', () => {
    expect(() => url('http://registry.example')).toThrow('travel in the clear')
    expect(url('http://registry.example:5000', true)).toBe('http://registry.example:5000')
  })

  test.each(['', 'a b', 'ftp://registry.example', 'file:///etc/passwd', 'javascript:alert(1)', 'https://'])(
    '"%s" is none',
    address => expect(() => url(address)).toThrow('This is not the address of a registry.'),
  )

  test('is whole, and holds no password', () => {
    expect(() => url('https://registry.example/team/app')).toThrow('without a path: registry.example.')
    expect(() => url('registry.example?x=1')).toThrow('without a path')
    for (const address of ['https://user:hush@registry.example', 'user:hush@registry.example']) {
      expect(() => url(address)).toThrow(/^The address must not hold a user name or a password\.$/)
    }
  })
})

const own = [
  'https://plimsoll.example',
  'http://127.0.0.1:8080',
  'http://10.0.0.7:8080',
  'http://[fd00::7]:8080',
]

test('a proxy is http, host and port', () => {
  expect(proxyUrl(null, own)).toBeNull()
  expect(proxyUrl('', own)).toBeNull()
  expect(proxyUrl('http://proxy.example:3128/', own)).toBe('http://proxy.example:3128')
  for (const bad of ['proxy.example:3128', 'socks5://p:1', 'http://u:p@proxy:1', 'http://proxy/path']) {
    expect(() => proxyUrl(bad, own)).toThrow('This is not the address of a proxy.')
  }
  expect(() => proxyUrl('http://10.0.0.7:8080', own)).toThrow(
    'http://10.0.0.7:8080 is Plimsoll itself, and no proxy.',
  )
  expect(proxyUrl('http://127.0.0.1:3128', own)).toBe('http://127.0.0.1:3128')
})

test('this server is no registry, whatever it is called', async () => {
  for (const itself of [
    'https://plimsoll.example',
    'https://PLIMSOLL.example.',
    'http://localhost:8080',
    'https://127.1.2.3:8080',
    'http://[::ffff:10.0.0.7]:8080',
    'http://[fd00:0::7]:8080',
    'http://167772167:8080',
  ]) {
    await expect(refuseOurselves(itself, own), itself).rejects.toThrow('is Plimsoll itself, and no registry.')
  }
  for (const other of ['http://localhost:5000', 'http://10.0.0.8:8080', 'http://plimsoll.invalid:8080']) {
    await refuseOurselves(other, own)
  }
})
