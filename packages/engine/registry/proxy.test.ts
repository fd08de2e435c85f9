import { afterAll, beforeAll, expect, it } from 'vitest'
import { registryClient } from './client.ts'
import { ProxyFailed } from './proxy.ts'
import { SourceError } from './source-error.ts'
import { testConnection } from './test-connection.ts'
import { makeCertificate } from './testdata/certificate.ts'
import { type FaultyRegistryDouble, startFaultyRegistryDouble } from './testdata/faulty-registry-double.ts'
import { madeImage } from './testdata/made-image.ts'
import { type ProxyMode, startProxy } from './testdata/proxy.ts'

const { signal } = new AbortController()
const image = madeImage()
let proxy: Awaited<ReturnType<typeof startProxy>>
let plain: FaultyRegistryDouble
let secure: FaultyRegistryDouble
let certificateAuthority: string
beforeAll(async () => {
  const made = await makeCertificate()
  certificateAuthority = made.cert
  ;[proxy, plain, secure] = await Promise.all([
    startProxy(),
    startFaultyRegistryDouble(),
    startFaultyRegistryDouble(made),
  ])
  for (const registry of [plain, secure]) registry.serve('team/app', '1.0', image)
})
afterAll(() => Promise.all([proxy.stop(), plain.stop(), secure.stop()]))

const pull = (url: string, through = proxy.url, given = signal) =>
  registryClient({
    url,
    proxy: through,
    certificateAuthority,
    timeouts: { connectMs: 300 },
    timing: { now: Date.now, random: () => 0, sleep: async () => undefined },
  }).manifest('team/app', '1.0', given)

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (!(error instanceof SourceError)) throw new Error('It should have failed.', { cause: error })
  return error
}

it('a registry is reached through it by name, which the proxy looks up, in a tunnel', async () => {
  // No one but the proxy knows this name, and the certificate is not for it.
  const { port } = new URL(secure.url)
  const url = `https://localhost:${port}`
  expect((await pull(url)).digest).toBe(image.manifest.digest)
  expect(proxy.asked.at(-1)).toBe(`CONNECT localhost:${port}`)
  const other = await failureOf(pull(`https://registry.invalid:${port}`))
  expect(proxy.asked.at(-1)).toBe(`CONNECT registry.invalid:${port}`)
  expect(other.message).toContain('is not trusted')
})

it('a registry over plain http is reached through it too', async () => {
  const url = `http://registry.invalid:${new URL(plain.url).port}`
  expect((await pull(url)).digest).toBe(image.manifest.digest)
  expect(proxy.asked.at(-1)).toBe(`GET ${url}/v2/team/app/manifests/1.0`)
})

it.each<[ProxyMode, string]>([
  ['asks for a password', 'asks for a user name'],
  ['refuses', 'does not connect to'],
  ['closes', 'does not connect to'],
])('that it %s is said of it, and nothing that it says', async (mode, words) => {
  proxy.set(mode)
  try {
    const error = await failureOf(pull(secure.url))
    expect(error).toBeInstanceOf(ProxyFailed)
    expect(error.message).toContain(words)
    expect(`${error.message} ${error.hint}`).not.toContain('s3cret')
    if (mode === 'asks for a password') expect(await failureOf(pull(plain.url))).toBeInstanceOf(ProxyFailed)
    const options = { url: secure.url, proxy: proxy.url, certificateAuthority, credentials: null }
    const test = await testConnection(options, signal)
    expect(test.problem?.code).toBe('proxy-failed')
    expect(JSON.stringify(test)).not.toContain('s3cret')
  } finally {
    proxy.set('works')
  }
})

it('that opens no tunnel is given up, and at once when whoever waits is gone', async () => {
  proxy.set('hangs')
  try {
    expect(await failureOf(pull(secure.url))).toMatchObject({ code: 'registry-timeout' })
    const gone = AbortSignal.timeout(50)
    expect(await failureOf(pull(secure.url, proxy.url, gone))).toMatchObject({ code: 'cancelled' })
  } finally {
    proxy.set('works')
  }
})

it('that is not there is told from a registry that is not', async () => {
  const gone = await startProxy()
  await gone.stop()
  for (const through of [gone.url, 'http://proxy.invalid:3128']) {
    expect(await failureOf(pull(secure.url, through))).toBeInstanceOf(ProxyFailed)
    expect(await failureOf(pull(plain.url, through))).toBeInstanceOf(ProxyFailed)
    const test = await testConnection({ url: secure.url, proxy: through, credentials: null }, signal)
    expect(test.problem?.code).toBe('proxy-failed')
  }
})

it('nothing that nobody is asked at is one', async () => {
  for (const through of ['http://169.254.169.254', 'http://[::ffff:169.254.169.254]:80', 'http://0.0.0.0']) {
    expect((await failureOf(pull(plain.url, through))).message).toContain('where no registry is')
    const test = await testConnection({ url: plain.url, proxy: through, credentials: null }, signal)
    expect(test.problem?.code).toBe('address-refused')
  }
})
