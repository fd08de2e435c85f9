import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { tarArchive } from '@plimsoll/engine'
import type { ScanSummary } from '@plimsoll/types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type DockerRegistry,
  startDockerRegistry,
  testCredentials,
} from '../../packages/engine/registry/testdata/docker-registry.ts'
import {
  type FaultyRegistryDouble,
  hangs,
  startFaultyRegistryDouble,
  status,
} from '../../packages/engine/registry/testdata/faulty-registry-double.ts'
import { type Blob, blob, type MadeImage, oci } from '../../packages/engine/registry/testdata/made-image.ts'
import { writeAdvisoryPlace } from './testdata/advisory-place.ts'
import { imageOf, imageOfEntries, packagedImage } from './testdata/packaged-image.ts'
import { deleteManifest, pushImage } from './testdata/push-image.ts'
import { postEvents, registryEvent } from './testdata/registry-event.ts'
import {
  type Browser,
  cleanUp,
  firstAdmin,
  printedNotifications,
  type ServerProcess,
  startProcess,
  temporaryFolder,
  until,
} from './testdata/server-process.ts'

/**
 * Bad input, through a real server and (where it can be had there) a real registry: each ends in a state with a name
 * and a sentence, the last good result stays, and the server goes on.
 */

let registry: DockerRegistry
let server: ServerProcess
let admin: Browser

beforeAll(async () => {
  registry = await startDockerRegistry()
  const advisories = await temporaryFolder()
  await writeAdvisoryPlace(advisories, [{ cve: 'CVE-2024-0727', name: 'openssl', fixed: '3.0.13-1' }])
  server = await startProcess({
    flags: ['--empty', '--registry', registry.url, '--advisories', advisories],
  })
  admin = await firstAdmin(server)
  await until('the advisories are in', () => /Advisories: 1 read/.test(server.output()))
})

afterAll(async () => {
  await cleanUp()
  await registry.stop()
})

/** Tells the server of a push, and waits for the end of the scan. */
async function scanned(repository: string, digest: string, tag = 'latest'): Promise<ScanSummary> {
  const { status: code } = await postEvents(printedNotifications(server), [
    registryEvent({ repository, digest, tag }),
  ])
  expect(code).toBe(200)
  return await ended(admin, digest)
}

async function ended(browser: Browser, digest: string, scans = 1): Promise<ScanSummary> {
  return await until('the scan has ended', async () => {
    const { rows } = await browser.api.scans.list.query({ size: 200 })
    const of = rows.filter(scan => scan.digest === digest)
    return of.length >= scans && of.every(({ state }) => state !== 'queued' && state !== 'running')
      ? (of[0] ?? null)
      : null
  })
}

const pushed = async (repository: string, image: MadeImage): Promise<string> => {
  await pushImage(registry.url, repository, 'latest', image)
  return image.manifest.digest
}

const damageBlob = async (digest: string, bytes: Uint8Array): Promise<void> => {
  const hex = digest.slice('sha256:'.length)
  const folder = join(registry.storageDirectory, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex)
  await writeFile(join(folder, 'data'), bytes)
}

const imageOn = (repository: string, digest: string) =>
  admin.api.images.get.query({ registryId: registryId(), repository, digest })

const registryId = (): string => `127-0-0-1-${registry.port}`

test('a truncated gzip fails the scan as layer-corrupt, and a good push afterwards is scanned', async () => {
  const tar = tarArchive([{ path: 'var/lib/dpkg/status', content: randomBytes(20_000) }])
  const whole = gzipSync(tar)
  const digest = await pushed('bad/gzip', imageOf([{ tar, stored: whole.subarray(0, whole.length / 2) }]))
  const scan = await scanned('bad/gzip', digest)
  expect(scan).toMatchObject({ state: 'failed', error: { code: 'layer-corrupt' } })
  expect(await imageOn('bad/gzip', digest)).toMatchObject({
    health: 'failed',
    healthReason: scan.error?.message,
    coverage: 'not-scanned',
  })

  const good = await pushed('good/api', packagedImage([{ openssl: '3.0.11-1' }]))
  expect(await scanned('good/api', good)).toMatchObject({ state: 'done' })
  expect(await imageOn('good/api', good)).toMatchObject({
    health: 'unhealthy',
    findings: { open: { High: 1 } },
  })
})

test('a layer whose bytes changed fails as digest-mismatch, and the last good result stays', async () => {
  const image = packagedImage([{ openssl: '3.0.11-1' }], 'damaged')
  const digest = await pushed('bad/layer', image)
  expect(await scanned('bad/layer', digest)).toMatchObject({ state: 'done' })
  const before = await imageOn('bad/layer', digest)

  const [layer] = image.layers
  if (layer === undefined) throw new Error('the image has no layer')
  await damageBlob(layer.digest, Buffer.from(layer.bytes).fill(1, 30, 60))
  const name = { registryId: registryId(), repository: 'bad/layer', digest }
  await admin.api.scans.request.mutate(name)
  const scan = await ended(admin, digest, 2)
  expect(scan).toMatchObject({ state: 'failed', error: { code: 'digest-mismatch' } })

  const after = await imageOn('bad/layer', digest)
  expect(after).toMatchObject({ health: 'unhealthy', findings: before.findings, scannedAt: before.scannedAt })
  expect(after.healthReason).toContain(scan.error?.message)
  const { total } = await admin.api.findings.list.query({ filter: name })
  expect(total).toBe(1)
})

test('a tar whose paths climb out of the root is read as if they stayed in it', async () => {
  const image = imageOfEntries([
    { path: '../../../etc/os-release', content: 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n' },
    {
      path: '../../../../var/lib/dpkg/status',
      content: 'Package: climber\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n',
    },
  ])
  const digest = await pushed('bad/paths', image)
  expect(await scanned('bad/paths', digest)).toMatchObject({ state: 'done' })
  const { rows } = await admin.api.images.packages.query({
    registryId: registryId(),
    repository: 'bad/paths',
    digest,
  })
  expect(rows).toMatchObject([{ name: 'climber', path: 'var/lib/dpkg/status' }])
})

test('an image deleted between its event and its scan fails as image-not-found and is shown as deleted', async () => {
  const digest = await pushed('bad/gone', packagedImage([{ openssl: '3.0.11-1' }], 'gone'))
  await deleteManifest(registry.url, 'bad/gone', digest)
  const scan = await scanned('bad/gone', digest)
  expect(scan).toMatchObject({ state: 'failed', error: { code: 'image-not-found' } })
  expect((await imageOn('bad/gone', digest)).deletedAt).not.toBeNull()
  const listed = await admin.api.images.list.query({ registryId: registryId(), repository: 'bad/gone' })
  expect(listed.rows).toEqual([])
})

test('an image that was scanned and is deleted loses its findings at once, and they say why', async () => {
  const digest = await pushed('bad/deleted', packagedImage([{ openssl: '3.0.11-1' }], 'deleted'))
  expect(await scanned('bad/deleted', digest)).toMatchObject({ state: 'done' })
  await postEvents(printedNotifications(server), [
    registryEvent({ action: 'delete', repository: 'bad/deleted', digest }),
  ])
  const filter = { registryId: registryId(), repository: 'bad/deleted' }
  await until(
    'its findings are gone',
    async () => (await admin.api.findings.list.query({ filter })).total === 0,
    5000,
  )
  const closed = await admin.api.findings.list.query({ filter: { ...filter, status: 'closed' } })
  const [finding] = closed.rows
  expect(await admin.api.findings.get.query({ id: finding?.id ?? '' })).toMatchObject({
    state: 'closed',
    closeReason: 'image-deleted',
  })
})

test('a webhook body of 10 MB is refused with 413, before and after its end is known', async () => {
  const to = printedNotifications(server)
  const body = `{"events":[${'"x",'.repeat(2_600_000)}"x"]}`
  expect(body.length).toBeGreaterThan(10_000_000)
  const answer = await postEvents(to, body)
  expect(answer.status).toBe(413)
  expect(JSON.parse(answer.body)).toEqual({
    error:
      'A delivery has at most 262144 bytes, and this one has more. Leave out what makes the events long: in config.yml under notifications, set events.includereferences to false. Or send the events in several.',
  })
})

test.each([
  ['nothing', ''],
  ['no JSON', 'events: []'],
  ['bytes', '\u0000\u0001\u0002'],
  ['another JSON', '[1, 2, 3]'],
  ['an object without events', '{"event": {}}'],
  ['events that are no list', '{"events": "none"}'],
  ['a deeply nested thing', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
])('a webhook body that is %s is refused with 400 and a sentence', async (_, body) => {
  const answer = await postEvents(printedNotifications(server), body)
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body).error).toMatch(/^This is no envelope of events/)
})

test('one event that makes no sense does not spoil the others', async () => {
  const digest = await pushed('good/mixed', packagedImage([{ zlib1g: '1:1.2.13' }], 'mixed'))
  const events = [
    { id: 7 },
    registryEvent({ repository: '../../etc', digest, tag: 'x' }),
    registryEvent({ repository: 'good/mixed', digest: 'sha256:short', tag: 'x' }),
    registryEvent({ repository: 'good/mixed', digest, at: 'yesterday' }),
    registryEvent({ repository: 'good/mixed', digest, tag: 'latest' }),
  ]
  const answer = await postEvents(printedNotifications(server), events)
  expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { taken: 1 }])
  expect(await ended(admin, digest)).toMatchObject({ state: 'done', repository: 'good/mixed' })
})

test('a wrong or missing secret is refused with 401, another media type with 415', async () => {
  const { url, authorization } = printedNotifications(server)
  for (const wrong of ['', 'Bearer', 'Bearer wrong', authorization.slice(0, -1), `${authorization}x`]) {
    expect((await postEvents({ url, authorization: wrong }, [])).status).toBe(401)
  }
  expect((await postEvents({ url: `${url}x`, authorization }, [])).status).toBe(401)
  const text = await postEvents({ url, authorization }, [], { 'content-type': 'text/plain' })
  expect(text.status).toBe(415)
  // The registry is known by its secret as well as by its id in the address.
  const plain = await postEvents({ url: url.replace(/\/[^/]+$/, ''), authorization }, [])
  expect(plain.status).toBe(200)
})

test('a wrong password is said of the scan and of the registry, and a right one mends both', async () => {
  const guarded = await startDockerRegistry({ htpasswd: testCredentials.htpasswd })
  const { dataDir, ...wrong } = await startProcess({
    flags: ['--empty', '--registry', guarded.url],
    environment: {
      PLIMSOLL_REGISTRY_USERNAME: testCredentials.username,
      PLIMSOLL_REGISTRY_PASSWORD: 'not this one',
    },
  })
  const browser = await firstAdmin(wrong)
  const digest = `sha256:${'a'.repeat(64)}`
  await postEvents(printedNotifications(wrong), [registryEvent({ digest, tag: '1' })])
  expect(await ended(browser, digest)).toMatchObject({ state: 'failed', error: { code: 'unauthorized' } })
  const [shown] = await browser.api.registries.list.query()
  expect(shown?.connectionError).toMatch(/PLIMSOLL_REGISTRY_PASSWORD/)
  expect(wrong.output()).not.toContain('not this one')
  await wrong.stop()

  const right = await startProcess({
    dataDir,
    flags: ['--empty', '--registry', guarded.url],
    environment: {
      PLIMSOLL_REGISTRY_USERNAME: testCredentials.username,
      PLIMSOLL_REGISTRY_PASSWORD: testCredentials.password,
    },
  })
  const response = await until('the registry is reached', async () => {
    const answer = await fetch(`${right.url}/api/trpc/registries.list`, {
      headers: { cookie: browser.cookie() },
    })
    const text = await answer.text()
    return text.includes('"connectionError":null') ? text : null
  })
  expect(response).toContain(guarded.host)
  await right.stop()
  await guarded.stop()
})

// A double: a real registry keeps no manifest that is not JSON, and cannot be made to hang.
test('a manifest that is not JSON, and a registry that hangs, hold up nobody else', async () => {
  const double = await startFaultyRegistryDouble()
  double.answer('/v2/', status(200))
  double.answer('/v2/_catalog', status(200, {}, { repositories: [] }))
  const own = await startProcess({ flags: ['--empty', '--registry', double.url] })
  const browser = await firstAdmin(own)
  const hanging = `sha256:${'b'.repeat(64)}`
  double.answer(`/v2/team/api/manifests/${hanging}`, hangs)
  await postEvents(printedNotifications(own), [registryEvent({ digest: hanging, tag: 'hangs' })])
  await until('the server asks for it', () => double.requests.some(({ path }) => path.endsWith(hanging)))

  const nonsense = blob(Buffer.from('this is no JSON'), oci.manifest)
  serveManifest(double, nonsense)
  await postEvents(printedNotifications(own), [registryEvent({ digest: nonsense.digest, tag: 'nonsense' })])
  expect(await ended(browser, nonsense.digest)).toMatchObject({
    state: 'failed',
    error: { code: 'manifest-invalid' },
  })
  const other = blob(Buffer.from('{}'), oci.manifest)
  const lying = { ...other, digest: `sha256:${'c'.repeat(64)}` }
  serveManifest(double, lying)
  await postEvents(printedNotifications(own), [registryEvent({ digest: lying.digest, tag: 'lying' })])
  expect(await ended(browser, lying.digest)).toMatchObject({
    state: 'failed',
    error: { code: 'digest-mismatch' },
  })

  const { rows } = await browser.api.scans.list.query({ size: 25 })
  expect(rows.find(({ digest }) => digest === hanging)).toMatchObject({
    state: 'running',
    progress: { stage: 'resolving' },
  })
  expect((await fetch(`${own.url}/healthz`)).status).toBe(200)
  expect((await own.stop()).ms).toBeLessThan(5000)
  await double.stop()
})

const serveManifest = (double: FaultyRegistryDouble, { digest, bytes, mediaType }: Blob): void =>
  double.answer(`/v2/team/api/manifests/${digest}`, (_, response) => {
    response.writeHead(200, { 'content-type': mediaType, 'content-length': bytes.length }).end(bytes)
  })

test('after all that the server is well', async () => {
  const health = await fetch(`${server.url}/healthz`)
  expect([health.status, await health.json()]).toEqual([
    200,
    { status: 'ok', version: expect.any(String), queue: { queued: 0, running: 0 } },
  ])
})
