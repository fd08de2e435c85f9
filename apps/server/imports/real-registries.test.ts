import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageImport } from '@plimsoll/types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type DockerRegistry,
  startDockerRegistry,
  testCredentials,
} from '../../../packages/engine/registry/testdata/docker-registry.ts'
import {
  content,
  hangsAfter,
  startFaultyRegistryDouble,
} from '../../../packages/engine/registry/testdata/faulty-registry-double.ts'
import { madeIndex } from '../../../packages/engine/registry/testdata/made-image.ts'
import { plimsoll } from '../testdata/command-line.ts'
import { packagedImage } from '../testdata/packaged-image.ts'
import { pushImage } from '../testdata/push-image.ts'
import {
  type Browser,
  cleanUp,
  firstAdmin,
  openBrowser,
  type ServerProcess,
  startProcess,
  testAdmin,
  until,
} from '../testdata/server-process.ts'

/** Images on their way between real registries by a real server, and out of one again. */

let source: DockerRegistry
let target: DockerRegistry
let server: ServerProcess
let admin: Browser
let registryId: string
let storageDirectory: string
const { username, password } = testCredentials
const first = packagedImage([{ openssl: '3.0.11-1' }], 'first')
const second = packagedImage([{ openssl: '3.0.11-1' }], 'second', { architecture: 'arm64' })

beforeAll(async () => {
  storageDirectory = await mkdtemp(join(tmpdir(), 'plimsoll-storage-'))
  ;[source, target, server] = await Promise.all([
    startDockerRegistry(),
    startDockerRegistry({ htpasswd: testCredentials.htpasswd, storageDirectory }),
    startProcess({ flags: ['--empty'] }),
  ])
  admin = await firstAdmin(server)
  await pushImage(source.url, 'base/debian', '12', first)
  await pushImage(source.url, 'base/debian', '12-arm', second)
  const index = madeIndex([
    { of: first.manifest, with: { platform: { os: 'linux', architecture: 'amd64' } } },
    { of: second.manifest, with: { platform: { os: 'linux', architecture: 'arm64' } } },
  ])
  await pushImage(source.url, 'base/debian', 'all', { ...first, manifest: index, blobs: [] })
  const subscription = await admin.api.subscriptions.create.mutate({
    name: 'Plant',
    managementGroupId: 'tenant',
  })
  const connected = await admin.api.registries.connect.mutate({
    address: target.url,
    allowPlainHttp: true,
    credentials: { kind: 'password', username, password },
    subscriptionId: subscription.id,
  })
  registryId = connected.id
})
afterAll(async () => {
  await cleanUp()
  await Promise.all([source?.stop(), target?.stop()])
  await rm(storageDirectory, { recursive: true, force: true })
})

const start = (from: string, more: object = {}) =>
  admin.api.imports.start.mutate({ source: from, sourcePlainHttp: true, registryId, ...more })

const ended = (id: string, by = admin): Promise<ImageImport> =>
  until(`import ${id} has ended`, async () => {
    const { rows } = await by.api.imports.list.query({})
    return rows.find(row => row.id === id && !['queued', 'running'].includes(row.state))
  })

const scannedIn = (repository: string, count: number, by = admin) =>
  until(`${count} images of ${repository} are scanned`, async () => {
    const { rows } = await by.api.images.list.query({ registryId, repository })
    return rows.length === count && rows.every(({ scannedAt }) => scannedAt !== null) ? rows : null
  })

test('an imported image is there under its tag, scanned as imported, without the registry telling of it', async () => {
  const { id } = await start(`${source.host}/base/debian:12`)
  const done = await ended(id)
  expect(done).toMatchObject({
    state: 'done',
    source: `${source.host}/base/debian:12`,
    repository: 'base/debian',
    tag: '12',
    digest: first.manifest.digest,
    requestedBy: testAdmin.name,
    attempts: 1,
    error: null,
  })
  expect([done.bytesDone, done.bytesSpared]).toEqual([done.bytesTotal, 0])
  const [image] = await scannedIn('base/debian', 1)
  expect(image).toMatchObject({
    digest: first.manifest.digest,
    tags: ['12'],
    scan: { trigger: 'import', lane: 0 },
  })
})

test('an index goes with all its images; what another repository has is mounted', async () => {
  const { id } = await start(`${source.host}/base/debian:all`, { repository: 'copies/debian' })
  const done = await ended(id)
  expect(done.state).toBe('done')
  const layer = first.layers[0]?.bytes.length ?? 0
  expect(done.bytesSpared).toBeGreaterThanOrEqual(layer)
  expect(target.log()).toMatch(/\/v2\/copies\/debian\/blobs\/uploads\/\?mount=/)
  const images = await scannedIn('copies/debian', 2)
  expect(images.map(({ platform }) => platform?.architecture).toSorted()).toEqual(['amd64', 'arm64'])
})

test('the command line imports one platform, and says what makes no sense', async () => {
  const command = (...args: string[]) => plimsoll(['import', ...args, '--data', server.dataDir])
  const [good, bad] = await Promise.all([
    command(
      `${source.host}/base/debian:all`,
      `${target.host}/arm/debian:new`,
      '--platform',
      'linux/arm64',
      '--source-plain-http',
    ),
    command(`${source.host}/base/debian:all`, 'nowhere.example/arm/debian', '--source-plain-http'),
  ])
  expect(good).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(second.manifest.digest) })
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining(target.host) })
  const [image] = await scannedIn('arm/debian', 1)
  expect(image).toMatchObject({ digest: second.manifest.digest, tags: ['new'] })
})

test('what cannot be is refused, and what is not there fails with its reason and can be tried again', async () => {
  for (const [from, more, said] of [
    ['oci:/etc', { sourcePlainHttp: false }, 'is an image in a registry'],
    [`${source.host}/base/debian:12`, { sourcePlainHttp: false }, 'plain http'],
    [`${source.host}/base/debian:12`, { repository: 'No/Upper' }, 'lower case'],
    [`${source.host}/base/debian:12`, { tag: 'no tag' }, 'not a tag'],
    [`${source.host}/base/debian:12`, { platform: 'amd64' }, 'no platform'],
    [`${source.host}/base/debian:12`, { registryId: 'none' }, 'no registry none'],
    [`${new URL(server.url).host}/base/debian:12`, {}, 'is Plimsoll itself'],
  ] as const) {
    await expect(start(from, more)).rejects.toThrow(said)
  }
  const { id } = await start(`${source.host}/base/gone:12`)
  expect(await ended(id)).toMatchObject({ state: 'failed', error: { code: 'image-not-found' } })
  await pushImage(source.url, 'base/gone', '12', first)
  await admin.api.imports.retry.mutate({ id })
  expect(await ended(id)).toMatchObject({ state: 'done', error: null })
  await expect(admin.api.imports.retry.mutate({ id })).rejects.toThrow('failed or was called off')
  await expect(admin.api.imports.cancel.mutate({ id })).rejects.toThrow('ended already')
})

test('deleting shows what goes with it, deletes the manifest in the registry and notes who did it', async () => {
  const name = { registryId, repository: 'base/debian', digest: first.manifest.digest }
  const preview = await admin.api.images.deletion.query(name)
  expect(preview).toMatchObject({ refusal: null, tags: ['12'], indexes: [], runningIn: [] })
  expect(preview.elsewhere.map(({ repository }) => repository)).toEqual(['base/gone', 'copies/debian'])
  const ofIndex = await admin.api.images.deletion.query({ ...name, repository: 'copies/debian' })
  expect(ofIndex.indexes).toMatchObject([{ tags: ['all'] }])

  expect(await admin.api.images.delete.mutate(name)).toEqual({ deleted: true })
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
  const asked = await fetch(`${target.url}/v2/base/debian/manifests/${name.digest}`, { headers })
  expect(asked.status).toBe(404)
  const image = await admin.api.images.get.query(name)
  expect(image).toMatchObject({ deletedBy: testAdmin.name, deletedAt: expect.any(String), tags: [] })
  expect((await admin.api.images.list.query({ registryId, repository: 'base/debian' })).rows).toEqual([])
  await expect(admin.api.images.delete.mutate(name)).rejects.toThrow('deleted already')

  // Imported again it is an image as any other.
  const { id } = await start(`${source.host}/base/debian:12`)
  expect((await ended(id)).state).toBe('done')
  const [back] = await scannedIn('base/debian', 1)
  expect(back?.tags).toEqual(['12'])
  expect((await admin.api.images.get.query(name)).deletedBy).toBeNull()
})

test('where the registry allows no deletion, the refusal says so and nothing is deleted here either', async () => {
  const { port } = target
  await target.stop()
  target = await startDockerRegistry({
    htpasswd: testCredentials.htpasswd,
    storageDirectory,
    port,
    deletes: false,
  })
  const name = { registryId, repository: 'base/debian', digest: first.manifest.digest }
  await expect(admin.api.images.delete.mutate(name)).rejects.toMatchObject({
    message: expect.stringContaining('does not allow images to be deleted'),
    data: { code: 'CONFLICT', hint: expect.stringContaining('REGISTRY_STORAGE_DELETE_ENABLED') },
  })
  expect((await admin.api.images.get.query(name)).deletedAt).toBeNull()
})

// A double, because a real registry cannot be made to stop in the middle of a layer.
test('an import that a killed server was at is finished by the next one; one that is cancelled ends at once', async () => {
  const image = packagedImage([{ zlib1g: '1:1.2.13' }], 'killed')
  const [layer] = image.layers
  if (layer === undefined) throw new Error('the image has no layer')
  const slow = await startFaultyRegistryDouble()
  slow.serve('slow/app', '1', image)
  const path = `/v2/slow/app/blobs/${layer.digest}`
  slow.answer(path, hangsAfter(layer, 20))
  const isPulled = () => slow.requests.some(request => request.path === path)
  const dropped = await start(`${slow.host}/slow/app:1`)
  await until('the layer is being copied', isPulled)
  await admin.api.imports.cancel.mutate({ id: dropped.id })
  expect(await ended(dropped.id)).toMatchObject({ state: 'cancelled' })

  const before = slow.requests.length
  const { id } = await start(`${slow.host}/slow/app:1`, {
    sourceCredentials: { kind: 'password', username: 'robot', password: 'a secret of the source' },
  })
  await until('the layer is being copied again', () =>
    slow.requests.slice(before).some(one => one.path === path),
  )
  await server.kill()
  slow.answer(path, content(layer))
  server = await startProcess({ flags: ['--empty'], dataDir: server.dataDir })
  const again = openBrowser(server.url)
  again.keep([admin.cookie()])
  expect(await ended(id, again)).toMatchObject({ state: 'done', attempts: 2, digest: image.manifest.digest })
  const [shown] = await scannedIn('slow/app', 1, again)
  expect(shown?.tags).toEqual(['1'])
  await slow.stop()
})
