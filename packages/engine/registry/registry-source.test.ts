import { inspect } from 'node:util'
import type { Platform } from '@plimsoll/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registryClient } from './client.ts'
import type { RegistrySourceOptions } from './registry-source.ts'
import { registrySource } from './registry-source.ts'
import type { Timing } from './retry.ts'
import { SourceError } from './source-error.ts'
import {
  brokenOff,
  content,
  drips,
  endless,
  type FaultyRegistryDouble,
  hangs,
  hangsAfter,
  redirects,
  resets,
  startFaultyRegistryDouble,
  status,
} from './testdata/faulty-registry-double.ts'
import { blob, descriptor, type MadeImage, madeImage, oci } from './testdata/made-image.ts'
import { userAgent } from './user-agent.ts'

const platforms: Platform[] = [{ os: 'linux', architecture: 'amd64' }]
const { signal } = new AbortController()

let registry: FaultyRegistryDouble
let sleptMs: number[]
let timing: Timing
let image: MadeImage

beforeEach(async () => {
  registry = await startFaultyRegistryDouble()
  sleptMs = []
  timing = {
    now: () => Date.UTC(2026, 0, 1),
    random: () => 0,
    sleep: async delayMs => void sleptMs.push(delayMs),
  }
  image = madeImage({ layerTypes: [oci.layer, oci.layer] })
  registry.serve('team/app', '1.0', image)
})
afterEach(() => registry.stop())

const source = (options: Partial<RegistrySourceOptions> = {}) =>
  registrySource({ url: registry.url, repository: 'team/app', reference: '1.0', timing, ...options })

const paths = {
  manifest: '/v2/team/app/manifests/1.0',
  blob: (index: number) => `/v2/team/app/blobs/${image.layers[index]?.digest}`,
  config: () => `/v2/team/app/blobs/${image.config.digest}`,
}

async function readAll(options: Partial<RegistrySourceOptions> = {}, index = 0): Promise<Uint8Array> {
  const opened = source(options)
  const { images } = await opened.resolve(platforms, signal)
  const [only] = images
  if (only === undefined) throw new Error('There is no image.')
  return Buffer.concat(await Array.fromAsync(opened.openLayer(only, index, signal)))
}

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (error instanceof SourceError) return error
  throw new Error('It should have failed with a SourceError.', { cause: error })
}

const resolving = (options: Partial<RegistrySourceOptions> = {}) => source(options).resolve(platforms, signal)

describe('a sound registry', () => {
  it('gives manifest, configuration and verified layers, and knows who asks', async () => {
    expect(await readAll({}, 1)).toEqual(image.layers[1]?.bytes)
    expect(registry.requests.map(({ path }) => path)).toEqual([paths.manifest, paths.config(), paths.blob(1)])
    for (const { headers } of registry.requests) {
      expect(headers['user-agent']).toBe(userAgent)
      expect(headers['accept-encoding']).toBe('identity')
      expect(headers.authorization).toBeUndefined()
    }
    expect(sleptMs).toEqual([])
  })

  it('is asked by digest too, and named as people name it', async () => {
    const { digest } = image.manifest
    const bySource = source({ reference: digest, host: 'docker.example' })
    expect(bySource.reference).toBe(`docker.example/team/app@${digest}`)
    expect((await bySource.resolve(platforms, signal)).images[0]?.digest).toBe(digest)
  })

  it.each([
    ['../../secret', '1.0'],
    ['team/app', '../x'],
    ['team/app', 'sha256:12'],
    ['', '1.0'],
  ])('is never asked for a name that is none: %s %s', (repository, reference) => {
    expect(() => source({ repository, reference })).toThrow(SourceError)
  })

  it('cannot be asked for a layer that is not there', async () => {
    const { images } = await resolving()
    const [only] = images
    if (only === undefined) throw new Error('There is no image.')
    expect(() => source().openLayer(only, 2, signal)).toThrow(SourceError)
  })
})

describe('what passes is tried again', () => {
  it('429 after as long as the registry asked', async () => {
    registry.fault(
      paths.manifest,
      status(429, { 'retry-after': '3' }),
      status(429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }),
    )
    expect((await resolving()).images).toHaveLength(1)
    expect(sleptMs).toEqual([3_000, 7_000])
  })

  it('429 not at all when it asked for too long', async () => {
    registry.fault(paths.manifest, status(429, { 'retry-after': '3600' }))
    expect(await failureOf(resolving())).toMatchObject({ code: 'registry-rate-limited' })
    expect(sleptMs).toEqual([])
    expect(registry.requests).toHaveLength(1)
  })

  it.each([500, 502, 503, 504])('%d, four times at most', async code => {
    registry.fault(paths.manifest, status(code), status(code))
    expect((await resolving()).images).toHaveLength(1)
    expect(sleptMs).toEqual([250, 500])

    registry.answer(paths.manifest, status(code))
    const before = registry.requests.length
    expect(await failureOf(resolving())).toMatchObject({
      code: 'registry-error',
      message: expect.stringContaining(`${code}`),
    })
    expect(registry.requests.length - before).toBe(4)
  })

  it('a connection that is reset, for layers too', async () => {
    registry.fault(paths.manifest, resets)
    registry.fault(paths.config(), resets, status(503))
    registry.fault(paths.blob(0), resets, status(503))
    expect(await readAll()).toEqual(image.layers[0]?.bytes)
    expect(sleptMs).toEqual([250, 250, 500, 250, 500])

    registry.answer(paths.manifest, resets)
    expect(await failureOf(resolving())).toMatchObject({ code: 'registry-unreachable' })
  })

  it.each([
    [400, 'registry-error'],
    [403, 'unauthorized'],
    [404, 'image-not-found'],
    [405, 'registry-error'],
    [501, 'registry-error'],
  ])('%d is not', async (code, expected) => {
    registry.fault(paths.manifest, status(code))
    expect(await failureOf(resolving())).toMatchObject({ code: expected })
    expect(registry.requests).toHaveLength(1)
  })
})

describe('a registry that hangs', () => {
  const timeouts = { headersMs: 60, idleMs: 60 }

  it.each([
    ['before the headers', () => registry.fault(paths.manifest, hangs)],
    ['in a manifest', () => registry.fault(paths.manifest, hangsAfter(image.manifest, 10))],
    ['in a layer', () => registry.fault(paths.blob(0), hangsAfter(image.layers[0] ?? image.config, 10))],
  ])('%s ends in a timeout', async (_, hang) => {
    hang()
    const error = await failureOf(readAll({ timeouts }))
    expect(error.code).toBe('registry-timeout')
    expect(error.message).toContain('within 0.06 s')
  })

  it.each([
    ['a manifest', () => registry.answer(paths.manifest, drips), '0.15 s'],
    ['a configuration', () => registry.answer(paths.config(), drips), '0.6 s'],
    ['a token', tokenDrips, '0.15 s'],
  ])('is not waited for because %s drips in without ever falling silent', async (_, drip, limit) => {
    drip()
    const error = await failureOf(readAll({ timeouts: { answerMs: 150 } }))
    expect(error.code).toBe('registry-timeout')
    expect(error.message).toBe(`${registry.url} did not end its answer within ${limit}.`)
  })

  function tokenDrips(): void {
    registry.fault(
      paths.manifest,
      status(401, { 'www-authenticate': `Bearer realm="${registry.url}/token"` }),
    )
    registry.answer('/token', drips)
  }

  it('does not time out because its reader is slow', async () => {
    const large = blob(Buffer.alloc(4 * 1024 * 1024, 'x'), oci.layer)
    registry.answer(`/v2/team/app/blobs/${large.digest}`, content(large))
    const client = registryClient({ url: registry.url, timeouts: { idleMs: 400 } })
    let bytes = 0
    for await (const chunk of client.blob(
      'team/app',
      { digest: large.digest, sizeBytes: large.bytes.length },
      'It',
      signal,
    )) {
      // Longer than the registry itself may be silent.
      if (bytes === 0) await new Promise(resolve => setTimeout(resolve, 700))
      bytes += chunk.length
    }
    expect(bytes).toBe(large.bytes.length)
  })

  it('is left when the caller has enough', async () => {
    const abort = new AbortController()
    registry.fault(paths.manifest, () => abort.abort(new Error('enough')))
    const error = await failureOf(source().resolve(platforms, abort.signal))
    expect(error).toMatchObject({ code: 'cancelled', cause: { message: 'enough' } })
    expect(await failureOf(source().resolve(platforms, abort.signal))).toMatchObject({ code: 'cancelled' })
  })
})

describe('a download that breaks off', () => {
  const layer = () => image.layers[0] ?? image.config

  it('goes on where it broke', async () => {
    registry.fault(paths.blob(0), brokenOff(layer(), 20), brokenOff(layer(), 10))
    expect(await readAll()).toEqual(layer().bytes)
    expect(registry.requests.slice(2).map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=20-',
      'bytes=30-',
    ])
  })

  it('is content when it broke behind the last byte', async () => {
    registry.fault(paths.blob(0), (_, response) => {
      response.write(layer().bytes, () => response.socket?.destroy())
    })
    expect(await readAll()).toEqual(Buffer.from(layer().bytes))
    expect(registry.requests.filter(({ path }) => path === paths.blob(0))).toHaveLength(1)
  })

  it('goes on from the start where the registry does not do ranges', async () => {
    registry.answer(paths.blob(0), content(layer(), { ranges: false }))
    registry.fault(paths.blob(0), brokenOff(layer(), 20))
    expect(await readAll()).toEqual(layer().bytes)
  })

  it('fails with how far it came when it breaks off every time', async () => {
    registry.answer(paths.blob(0), brokenOff(layer(), 5))
    const error = await failureOf(readAll())
    expect(error.code).toBe('registry-unreachable')
    expect(error.message).toContain(`broke off after 20 of ${layer().bytes.length} bytes`)
  })

  it('fails when the rest is of another blob', async () => {
    const other = blob(Buffer.from(layer().bytes).reverse(), oci.layer)
    registry.answer(paths.blob(0), content(other))
    registry.fault(paths.blob(0), brokenOff(layer(), 20))
    expect(await failureOf(readAll())).toMatchObject({ code: 'digest-mismatch' })
  })

  it('fails when another part comes than was asked for', async () => {
    registry.fault(paths.blob(0), brokenOff(layer(), 20), (_, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-9/${layer().bytes.length}` }).end('0123456789')
    })
    expect(await failureOf(readAll())).toMatchObject({ code: 'registry-error' })
  })
})

describe('bytes that are not what the manifest says', () => {
  it.each([
    ['other bytes', (bytes: Uint8Array) => Buffer.from(bytes).reverse(), 'digest-mismatch'],
    ['too few', (bytes: Uint8Array) => bytes.subarray(1), 'size-mismatch'],
    ['too many', (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from('x')]), 'size-mismatch'],
  ])('%s in a layer', async (_, change, code) => {
    const [layer] = image.layers
    if (layer === undefined) throw new Error('There is no layer.')
    const changed = change(layer.bytes)
    registry.fault(paths.blob(0), content({ ...layer, bytes: changed }))
    expect(await failureOf(readAll())).toMatchObject({ code })
    // The same without a Content-Length that gives it away.
    registry.fault(paths.blob(0), (_request, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' })
      response.write(changed)
      response.end()
    })
    expect(await failureOf(readAll())).toMatchObject({ code })
  })

  it('a layer that never ends is not read on', async () => {
    registry.answer(paths.blob(0), endless)
    expect(await failureOf(readAll())).toMatchObject({
      code: 'size-mismatch',
      message: expect.stringContaining('more than'),
    })
  })

  it('a Content-Length that is a lie', async () => {
    const [layer] = image.layers
    if (layer === undefined) throw new Error('There is no layer.')
    const lie: Parameters<typeof registry.answer>[1] = (_, response) => {
      // Written past Node, which would not let it happen.
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${layer.bytes.length}\r\n\r\n`
      response.socket?.end(Buffer.concat([Buffer.from(head), layer.bytes.subarray(0, 10)]))
    }
    registry.fault(paths.blob(0), lie, lie, lie, lie)
    expect(await failureOf(readAll())).toMatchObject({ code: 'registry-unreachable' })
  })

  it('in a configuration', async () => {
    registry.answer(
      paths.config(),
      content({ ...image.config, bytes: Buffer.from(image.config.bytes).fill(32, 0, 1) }),
    )
    expect(await failureOf(resolving())).toMatchObject({ code: 'digest-mismatch' })
  })

  it('in a manifest that was asked for by digest, or announced with one', async () => {
    const other = content(madeImage({ manifest: { annotations: { a: 'b' } } }).manifest)
    const { digest } = image.manifest
    registry.answer(`/v2/team/app/manifests/${digest}`, other)
    expect(await failureOf(resolving({ reference: digest }))).toMatchObject({ code: 'digest-mismatch' })
    registry.answer(paths.manifest, (request, response) => {
      response.setHeader('docker-content-digest', digest)
      other(request, response)
    })
    expect(await failureOf(resolving())).toMatchObject({ code: 'digest-mismatch' })
  })
})

describe('a manifest', () => {
  it('that is not JSON', async () => {
    registry.answer(paths.manifest, status(200, { 'content-type': 'text/html' }, '<html>sign in</html>'))
    expect(await failureOf(resolving())).toMatchObject({
      code: 'manifest-invalid',
      message: 'The manifest is not JSON.',
    })
  })

  it('that is larger than 4 MiB is not read to its end', async () => {
    registry.answer(paths.manifest, endless)
    expect(await failureOf(resolving())).toMatchObject({
      code: 'manifest-invalid',
      message: expect.stringContaining('4 MiB'),
    })
  })

  it('of another size than its index says', async () => {
    const entry = { ...descriptor(image.manifest), size: image.manifest.bytes.length + 1 }
    const index = blob({ schemaVersion: 2, manifests: [entry] }, oci.index)
    registry.answer(paths.manifest, content(index))
    expect(await resolving()).toMatchObject({
      images: [],
      unresolved: [{ error: { code: 'size-mismatch' } }],
    })
  })

  it('whose configuration would be larger than 4 MiB', async () => {
    const config = { ...descriptor(image.config), size: 5 * 1024 * 1024 }
    registry.serve('team/app', '1.0', madeImage({ manifest: { config } }))
    expect(await failureOf(resolving())).toMatchObject({ code: 'manifest-invalid' })
  })
})

describe('addresses', () => {
  it.each([
    ['http://127.0.0.1:1', 'registry-unreachable', 'nothing listens there'],
    ['http://no-such-host.invalid', 'registry-unreachable', 'name'],
  ])('that cannot be reached: %s', async (url, code, words) => {
    const error = await failureOf(resolving({ url }))
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
    expect(error.hint).toBeTruthy()
  })

  it('that speak plain HTTP where HTTPS was expected', async () => {
    const error = await failureOf(resolving({ url: registry.url.replace('http:', 'https:') }))
    expect(error).toMatchObject({ code: 'registry-unreachable', hint: expect.stringContaining('http://') })
  })

  it.each([
    'registry.example',
    'ftp://registry.example',
    'https://registry.example/v2/',
    'https://user:s3cret@registry.example',
  ])('that are none of a registry: %s', url => {
    try {
      source({ url })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(SourceError)
      expect(inspect(error)).not.toContain('s3cret')
    }
  })
})

describe('redirects', () => {
  let storage: FaultyRegistryDouble
  beforeEach(async () => {
    storage = await startFaultyRegistryDouble()
    storage.answer('/blob', content(image.layers[0] ?? image.config))
  })
  afterEach(() => storage.stop())

  const credentials = { username: 'quartermaster', password: 'open-sesame' }
  /** The registry wants basic authentication for everything. */
  const signedInOnly = () =>
    registry.guard((request, response) => {
      if (request.headers.authorization !== undefined) return true
      status(401, { 'www-authenticate': 'Basic realm="x"' })(request, response)
      return false
    })

  it.each([301, 302, 303, 307, 308])('%d is followed to another host without the password', async code => {
    signedInOnly()
    registry.answer(paths.blob(0), redirects(`${storage.url}/blob?signature=s3cret`, code))
    expect(await readAll({ credentials })).toEqual(image.layers[0]?.bytes)
    expect(registry.requests.at(-1)?.headers.authorization).toMatch(/^Basic /)
    expect(storage.requests).toHaveLength(1)
    expect(storage.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(storage.requests[0]?.headers['user-agent']).toBe(userAgent)
  })

  it('keeps the password within the same origin', async () => {
    signedInOnly()
    registry.answer(paths.blob(0), redirects('/elsewhere'))
    registry.answer('/elsewhere', content(image.layers[0] ?? image.config))
    expect(await readAll({ credentials })).toEqual(image.layers[0]?.bytes)
    expect(registry.requests.at(-1)).toMatchObject({
      path: '/elsewhere',
      headers: { authorization: expect.any(String) },
    })
  })

  it.each(['Basic realm="x"', 'Bearer realm="STORAGE/token"'])(
    'do not have a challenge of where they lead answered: %s',
    async challenge => {
      signedInOnly()
      const named = challenge.replace('STORAGE', storage.url)
      storage.answer('/blob', status(401, { 'www-authenticate': named }))
      registry.answer(paths.blob(0), redirects(`${storage.url}/blob`))
      expect(await failureOf(readAll({ credentials }))).toMatchObject({ code: 'unauthorized' })
      // Neither the blob again nor a token.
      expect(storage.requests).toHaveLength(1)
      expect(storage.requests[0]?.headers).not.toHaveProperty('authorization')
    },
  )

  it('asks the registry again after the storage broke off', async () => {
    storage.fault('/blob', brokenOff(image.layers[0] ?? image.config, 20))
    registry.answer(paths.blob(0), redirects(`${storage.url}/blob`))
    expect(await readAll()).toEqual(image.layers[0]?.bytes)
    expect(storage.requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=20-'])
    expect(registry.requests.filter(({ path }) => path === paths.blob(0))).toHaveLength(2)
  })

  it('in a circle end', async () => {
    registry.answer(paths.manifest, redirects(paths.manifest))
    expect(await failureOf(resolving())).toMatchObject({
      code: 'registry-error',
      message: expect.stringContaining('5 times'),
    })
    expect(registry.requests).toHaveLength(6)
  })

  it.each(['file:///etc/passwd', 'ftp://registry.example/x', 'http://user:s3cret@127.0.0.1/', 'http://['])(
    'to %s are refused',
    async location => {
      registry.answer(paths.manifest, redirects(location))
      const error = await failureOf(resolving())
      expect(error).toMatchObject({ code: 'registry-error', message: expect.stringContaining('refused') })
      expect(inspect(error, { depth: 9 })).not.toContain('s3cret')
    },
  )

  it('that lead nowhere fail without repeating the signature in them', async () => {
    registry.answer(paths.blob(0), redirects('http://127.0.0.1:1/blob?signature=s3cret'))
    const error = await failureOf(readAll())
    expect(error.code).toBe('registry-unreachable')
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret')
  })
})
