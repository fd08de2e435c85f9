import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Platform } from '@plimsoll/types'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { registryClient } from './client.ts'
import { listRepositories, listTags } from './discovery.ts'
import { openSource } from './open-source.ts'
import type { Resolution } from './source.ts'
import { SourceError } from './source-error.ts'
import { startCuttingRelay } from './testdata/cutting-relay.ts'
import { type DockerRegistry, startDockerRegistry, testCredentials } from './testdata/docker-registry.ts'
import { blob, descriptor, madeImage, madeIndex, oci } from './testdata/made-image.ts'
import { skopeoCopy, writeTinyImage } from './testdata/tiny-image.ts'
import { tagged, writeLayout } from './testdata/written-layout.ts'
import { isOwnUserAgent, userAgent } from './user-agent.ts'

const amd64: Platform = { os: 'linux', architecture: 'amd64' }
const { signal } = new AbortController()

let directory: string
let registry: DockerRegistry
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-real-'))
  registry = await startDockerRegistry()
  await writeTinyImage(join(directory, 'tiny'), 'v1', {
    '/etc/os-release': 'ID=debian\n',
    '/etc/motd': 'ahoy\n',
  })
  await push('tiny', 'v1', 'team/app:v1')
})
afterAll(async () => {
  await registry?.stop()
  await rm(directory, { recursive: true, force: true })
})

const push = (layout: string, tag: string, to: string, ...options: string[]) =>
  skopeoCopy(`oci:${join(directory, layout)}:${tag}`, `docker://${registry.host}/${to}`, ...options)

const open = (reference: string) => openSource(`${registry.host}/${reference}`, { wants: () => false })

/** Resolves a reference and reads every layer of every image, which verifies them. */
async function readWhole(reference: string): Promise<Resolution> {
  const source = open(reference)
  const resolution = await source.resolve([amd64], signal)
  for (const image of resolution.images) {
    for (const [index, { sizeBytes }] of image.layers.entries()) {
      const chunks = await Array.fromAsync(source.openLayer(image, index, signal))
      expect(Buffer.concat(chunks)).toHaveLength(sizeBytes)
    }
  }
  return resolution
}

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (error instanceof SourceError) return error
  throw new Error('It should have failed with a SourceError.', { cause: error })
}

const toldSchema = z.object({
  events: z.array(z.object({ action: z.string(), request: z.object({ useragent: z.string() }) })),
})

/** The file in which the registry keeps a blob. */
const storedPath = (digest: string) => {
  const hex = digest.slice('sha256:'.length)
  return join(registry.storageDirectory, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data')
}

describe('images in a docker-registry', () => {
  it('of OCI and of Docker are read by tag and by digest', async () => {
    await push('tiny', 'v1', 'team/docker:v1', '--format', 'v2s2')
    for (const [repository, mediaType] of [
      ['team/app', oci.manifest],
      ['team/docker', 'application/vnd.docker.distribution.manifest.v2+json'],
    ]) {
      const { images } = await readWhole(`${repository}:v1`)
      expect(images).toMatchObject([
        { mediaType, platform: amd64, layers: [{ createdBy: 'umoci insert' }, {}] },
      ])
      const again = await readWhole(`${repository}@${images[0]?.digest}`)
      expect(again.images).toEqual(images)
    }
  })

  it('pitfall 47: of several platforms are read, those wanted', async () => {
    const images = ['amd64', 'arm64'].map(architecture => ({
      architecture,
      made: madeImage({ config: { architecture } }),
    }))
    const index = madeIndex(
      images.map(({ architecture, made }) => ({
        of: made.manifest,
        with: { platform: { os: 'linux', architecture } },
      })),
    )
    const blobs = images.flatMap(({ made }) => [made.manifest, ...made.blobs])
    await writeLayout(join(directory, 'several'), [{ of: index, with: tagged('v1') }], blobs)
    await push('several', 'v1', 'team/several:v1', '--all')
    const found = await readWhole('team/several:v1')
    expect(found.indexDigest).toBe(index.digest)
    expect(found.images.map(image => image.digest)).toEqual([images[0]?.made.manifest.digest])
    expect(found.unwanted).toMatchObject([{ platform: { architecture: 'arm64' } }])
    const all = await open('team/several:v1').resolve([], signal)
    expect(all.images.map(image => image.platform?.architecture)).toEqual(['amd64', 'arm64'])
  })

  it('are listed, with their tags', async () => {
    await push('tiny', 'v1', 'team/listed:v2')
    await push('tiny', 'v1', 'team/listed:v1')
    const client = registryClient({ url: registry.url })
    await client.ping(signal)
    expect(await Array.fromAsync(listRepositories(client, signal))).toContain('team/listed')
    expect((await Array.fromAsync(listTags(client, 'team/listed', signal))).sort()).toEqual(['v1', 'v2'])
    expect(await failureOf(Array.fromAsync(listTags(client, 'team/none', signal)))).toMatchObject({
      code: 'image-not-found',
    })
  })

  it('that were deleted are not there', async () => {
    const image = madeImage({ config: { created: '2026-01-01T00:00:00Z' } })
    await writeLayout(join(directory, 'deleted'), [{ of: image.manifest, with: tagged('v1') }], image.blobs)
    await push('deleted', 'v1', 'team/deleted:v1')
    const client = registryClient({ url: registry.url })
    const digest = await client.digestOf('team/deleted', 'v1', signal)
    expect(digest).toBe(image.manifest.digest)
    expect(await client.digestOf('team/deleted', 'v1', signal, digest)).toBe(digest)
    await vi.waitFor(() =>
      expect(registry.log()).toMatch(/HEAD \/v2\/team\/deleted\/manifests\/v1 HTTP\/1.1" 304/),
    )
    await fetch(`${registry.url}/v2/team/deleted/manifests/${digest}`, { method: 'DELETE' })
    for (const reference of ['team/deleted:v1', `team/deleted@${digest}`, 'nobody/nothing:v1']) {
      expect(await failureOf(open(reference).resolve([amd64], signal))).toMatchObject({
        code: 'image-not-found',
      })
    }
    expect(await Array.fromAsync(listTags(client, 'team/deleted', signal))).toEqual([])
  })

  it('that are damaged are named so', async () => {
    const image = madeImage({
      layerTypes: [oci.layer, oci.layer, oci.layer],
      config: { created: '2026-01-02T00:00:00Z' },
    })
    const [first, second, third] = image.layers
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('There are no layers.')
    await writeLayout(join(directory, 'damaged'), [{ of: image.manifest, with: tagged('v1') }], image.blobs)
    await push('damaged', 'v1', 'team/damaged:v1')
    await writeFile(storedPath(first.digest), Buffer.from(first.bytes).reverse())
    await truncate(storedPath(second.digest), 10)
    await rm(storedPath(third.digest))

    const source = open('team/damaged:v1')
    const { images } = await source.resolve([amd64], signal)
    const [found] = images
    if (found === undefined) throw new Error('There is no image.')
    const read = (index: number) => failureOf(Array.fromAsync(source.openLayer(found, index, signal)))
    expect(await read(0)).toMatchObject({ code: 'digest-mismatch' })
    expect(await read(1)).toMatchObject({ code: 'size-mismatch' })
    expect(await read(2)).toMatchObject({ code: 'image-not-found' })
  })
})

it('a download over a line that breaks goes on where it broke', async () => {
  const layer = blob(gzipSync(randomBytes(3_000_000)), oci.layer)
  const upload = await fetch(`${registry.url}/v2/team/large/blobs/uploads/`, { method: 'POST' })
  const location = new URL(upload.headers.get('location') ?? '', registry.url)
  location.searchParams.set('digest', layer.digest)
  const put = await fetch(location, { method: 'PUT', body: Buffer.from(layer.bytes) })
  expect(put.status).toBe(201)

  const relay = await startCuttingRelay(registry.port, 1_000_000, 2)
  try {
    const timing = { now: () => 0, random: () => 0, sleep: async () => undefined }
    const client = registryClient({ url: relay.url, timing })
    const { digest, size: sizeBytes } = descriptor(layer)
    const chunks = await Array.fromAsync(client.blob('team/large', { digest, sizeBytes }, 'It', signal))
    expect(Buffer.concat(chunks).equals(layer.bytes)).toBe(true)
    expect(relay.cuts()).toBe(2)
    const resumed = () => registry.log().match(/GET \/v2\/team\/large\/blobs\/\S+ HTTP\/1.1" 206/g)
    await vi.waitFor(() => expect(resumed()).toHaveLength(2))
  } finally {
    await relay.stop()
  }
})

it('a registry with passwords lets in whoever has the right one', async () => {
  const locked = await startDockerRegistry({ htpasswd: testCredentials.htpasswd })
  try {
    const { username, password } = testCredentials
    const to = `docker://${locked.host}/team/app:v1`
    await skopeoCopy(`oci:${join(directory, 'tiny')}:v1`, to, '--dest-creds', `${username}:${password}`)
    const resolve = (credentials: { username: string; password: string } | null) =>
      openSource(`${locked.host}/team/app:v1`, { wants: () => false, credentials }).resolve([amd64], signal)
    expect((await resolve({ username, password })).images).toHaveLength(1)
    expect(await failureOf(resolve(null))).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('without'),
    })
    const wrong = await failureOf(resolve({ username, password: 'shut-sesame' }))
    expect(wrong).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('does not accept') })
  } finally {
    await locked.stop()
  }
})

it('a registry that tells of pulls tells of ours by a name that is known', async () => {
  const agents: string[] = []
  const listener = http.createServer((request, response) => {
    void Array.fromAsync(request, (chunk: Buffer) => chunk).then(body => {
      const { events } = toldSchema.parse(JSON.parse(Buffer.concat(body).toString()))
      for (const event of events) {
        if (event.action === 'pull')
          agents.push(`${event.request.useragent} ${String(request.headers['x-test'])}`)
      }
      response.end()
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const notificationsUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`
  const telling = await startDockerRegistry({ notificationsUrl, headers: { 'X-Test': 'secret' } })
  try {
    await skopeoCopy(`oci:${join(directory, 'tiny')}:v1`, `docker://${telling.host}/team/app:v1`)
    await openSource(`${telling.host}/team/app:v1`, { wants: () => false }).resolve([amd64], signal)
    // The header that was configured came along.
    await vi.waitUntil(() => agents.includes(`${userAgent} secret`), { timeout: 10_000 })
    expect(agents.filter(isOwnUserAgent).length).toBeGreaterThan(0)
    expect(isOwnUserAgent('skopeo/1.9.3')).toBe(false)
  } finally {
    await telling.stop()
    listener.close()
  }
})
