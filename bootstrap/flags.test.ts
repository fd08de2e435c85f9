import { expect, test } from 'vitest'
import { readStartFlags } from './flags.mjs'

const loopback = {
  host: '127.0.0.1',
  tlsCert: null,
  tlsKey: null,
  trustedProxies: [],
  publicUrl: null,
  kubernetes: null,
}

test('without arguments everything has its default', () => {
  expect(readStartFlags([])).toEqual({
    kind: 'flags',
    flags: { port: 8080, data: './data', empty: false, registry: null, advisories: null, ...loopback },
  })
})

test('every flag is read', () => {
  const argv = [
    '--port',
    '0',
    '--data=/srv/plimsoll',
    '--empty',
    '--registry',
    'https://registry.example:5000',
  ]
  expect(readStartFlags([...argv, '--advisories', '../advisories'])).toEqual({
    kind: 'flags',
    flags: {
      port: 0,
      data: '/srv/plimsoll',
      empty: true,
      registry: 'https://registry.example:5000',
      advisories: '../advisories',
      ...loopback,
    },
  })
})

test.each([
  [['--kubernetes'], ''],
  [['--kubernetes', '--empty'], ''],
  [['--kubernetes', 'production', '--empty'], 'production'],
  [['--kubernetes=production'], 'production'],
])('%j names the context "%s"', (argv, kubernetes) => {
  expect(readStartFlags(argv)).toMatchObject({ flags: { kubernetes } })
})

test('proxies may be given one by one, or with commas', () => {
  const argv = ['--host', '::', '--tls-cert', 'a', '--tls-key', 'b', '--public-url', 'https://p.example']
  const proxies = ['--trusted-proxy', '10.0.0.1, 10.1.0.0/16', '--trusted-proxy=::1']
  expect(readStartFlags([...argv, ...proxies])).toMatchObject({
    flags: {
      host: '::',
      tlsCert: 'a',
      tlsKey: 'b',
      trustedProxies: ['10.0.0.1', '10.1.0.0/16', '::1'],
      publicUrl: 'https://p.example',
    },
  })
})

const flags = [
  '--port',
  '--host',
  '--tls-cert',
  '--trusted-proxy',
  '--public-url',
  '--data',
  '--empty',
].concat('--registry', '--advisories', '--help')

test('help names every flag, and wins over what else is given', () => {
  const request = readStartFlags(['--port', 'x', '--help'])
  expect(request.kind).toBe('help')
  for (const flag of flags) expect(request).toHaveProperty('text', expect.stringContaining(`  ${flag} `))
})

test.each([
  [['--prot', '1'], "Unknown option '--prot'"],
  [['serve'], "Unexpected argument 'serve'"],
  [['--data'], "Option '--data <value>' argument missing"],
  [['--data', ' '], '--data needs a value'],
  [['--trusted-proxy', '10.0.0.1,'], '--trusted-proxy needs a value'],
  [['--host', ''], '--host needs a value'],
  [['--empty=yes'], "Option '--empty' does not take an argument"],
  [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536"'],
  [['--port', '-1'], "Option '--port' argument is ambiguous"],
  [['--port', '80a'], '--port takes a number from 0 to 65535, not "80a"'],
  [
    ['--registry', '127.0.0.1:5000'],
    '--registry takes an address such as http://127.0.0.1:5000, not "127.0.0.1:5000"',
  ],
  [
    ['--registry', 'ftp://127.0.0.1'],
    '--registry takes an address such as http://127.0.0.1:5000, not "ftp://127.0.0.1"',
  ],
  [
    ['--registry', 'http://127.0.0.1:5000/team'],
    '--registry takes the address of a whole registry, without a path',
  ],
])('%j is refused in one line', (argv, why) => {
  const request = readStartFlags(argv)
  expect(request.kind).toBe('error')
  const text = 'text' in request ? request.text : ''
  expect(text).toContain(why)
  expect(text).toMatch(/^[^\n]+\. See: npm start -- --help$/)
})

test('a password in the address of a registry is refused and not repeated', () => {
  const request = readStartFlags(['--registry', 'http://admin:hunter2@127.0.0.1:5000'])
  expect(request).toHaveProperty('text', expect.stringContaining('PLIMSOLL_REGISTRY_PASSWORD'))
  expect(request).toHaveProperty('text', expect.not.stringContaining('hunter2'))
})
