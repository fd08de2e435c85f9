import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageSummary } from '@plimsoll/types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../../../packages/engine/registry/testdata/docker-registry.ts'
import {
  blob,
  descriptor,
  type MadeImage,
  madeIndex,
  oci,
} from '../../../packages/engine/registry/testdata/made-image.ts'
import { skopeoCopy } from '../../../packages/engine/registry/testdata/tiny-image.ts'
import { tagged, writeLayout } from '../../../packages/engine/registry/testdata/written-layout.ts'
import { writeAdvisoryPlace } from '../testdata/advisory-place.ts'
import { packagedImage } from '../testdata/packaged-image.ts'
import { deleteManifest, pushBlob, pushImage } from '../testdata/push-image.ts'
import {
  type Browser,
  cleanUp,
  firstAdmin,
  openBrowser,
  printedNotifications,
  type ServerProcess,
  startProcess,
  temporaryFolder,
  testAdmin,
  until,
} from '../testdata/server-process.ts'

/** A real registry that notifies a real server, and what people do with it. */

let registry: DockerRegistry
let server: ServerProcess
let admin: Browser
let flags: readonly string[]
let storageDirectory: string
let registryId: string

beforeAll(async () => {
  storageDirectory = await mkdtemp(join(tmpdir(), 'plimsoll-storage-'))
  const advisories = await temporaryFolder()
  await writeAdvisoryPlace(advisories, [
    { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' },
    { cve: 'CVE-2024-0002', name: 'curl', fixed: '7.88.2' },
  ])
  const port = await freePort()
  registryId = `127-0-0-1-${port}`
  flags = ['--empty', '--registry', `http://127.0.0.1:${port}`, '--advisories', advisories]
  // The registry is not there yet: its configuration needs what the server prints.
  server = await startProcess({ flags })
  admin = await firstAdmin(server)
  await until('the advisories are imported', async () => {
    const feeds = await admin.api.advisories.status.query()
    return feeds.find(({ feed }) => feed === 'Debian:12') ?? null
  })
  await until('the registry is shown as not reached', async () => {
    const [shown] = await admin.api.registries.list.query()
    return shown?.connectionError ?? null
  })
  registry = await startNotifying(server, port)
  await until('the registry is reached', async () => {
    const [shown] = await admin.api.registries.list.query()
    return shown?.connectionError === null
  })
})

afterAll(async () => {
  await cleanUp()
  await registry.stop()
  await rm(storageDirectory, { recursive: true, force: true })
})

const startNotifying = async (to: ServerProcess, port: number): Promise<DockerRegistry> => {
  const { url, authorization } = printedNotifications(to)
  return await startDockerRegistry({
    port,
    storageDirectory,
    notificationsUrl: url,
    headers: { Authorization: authorization },
  })
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

const imagesOf = async (repository: string, by = admin): Promise<ImageSummary[]> =>
  (await by.api.images.list.query({ registryId, repository })).rows
const settled = async (repository: string, count: number, by = admin): Promise<ImageSummary[]> =>
  await until(`${count} images of ${repository} are scanned`, async () => {
    const rows = await imagesOf(repository, by)
    const done = rows.every(
      row => row.scannedAt !== null && row.scan?.state !== 'running' && row.scan?.state !== 'queued',
    )
    return rows.length === count && done ? rows : null
  })

test('a push makes the image appear, live; a later one with newer packages closes the findings', async () => {
  const watched = watchStream(server, admin)
  await pushImage(registry.url, 'team/api', '1.0', packagedImage([{ openssl: '3.0.11-1', curl: '7.88.1' }]))
  const [first] = await settled('team/api', 1)
  expect(first).toMatchObject({ tags: ['1.0'], health: 'unhealthy', findings: { open: { High: 2 } } })
  await until('the scan was told of', () => watched.text().includes('"state":"done"'))
  expect(watched.text()).toMatch(/^id: \d+$/m)
  watched.stop()

  const second = packagedImage([
    { openssl: '3.0.11-1', curl: '7.88.1' },
    { openssl: '3.0.13-1', curl: '7.88.1' },
  ])
  await pushImage(registry.url, 'team/api', '1.0', second)
  const [now] = await until('the new image has the place of the old', async () => {
    const rows = await imagesOf('team/api')
    return rows.length === 1 && rows[0]?.digest === second.manifest.digest && rows[0].scannedAt !== null
      ? rows
      : null
  })
  expect(now).toMatchObject({ tags: ['1.0'], findings: { open: { High: 1 } } })
  const closed = await admin.api.findings.list.query({
    filter: { registryId, repository: 'team/api', status: 'closed' },
    sort: 'cve',
  })
  const reasons = await Promise.all(
    closed.rows.map(async ({ id }) => (await admin.api.findings.get.query({ id })).closeReason),
  )
  expect(reasons).toEqual(['fixed', 'superseded'])
  const summary = await admin.api.registries.get.query({ registryId })
  expect(summary).toMatchObject({ images: { unhealthy: 1 }, findings: { open: { High: 1 } } })
})

test('pitfall 47 and 48: of an index every image is scanned and has its tag, and nothing else appears', async () => {
  const amd = packagedImage([{ openssl: '3.0.11-1' }], 'index')
  const arm = packagedImage([{ openssl: '3.0.11-1' }], 'arm', { architecture: 'arm64', variant: 'v8' })
  const attestation = attestationOf(amd)
  const index = madeIndex([
    { of: amd.manifest, with: { platform: { os: 'linux', architecture: 'amd64' } } },
    { of: arm.manifest, with: { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } } },
    {
      of: attestation.manifest,
      with: {
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    },
  ])
  const layout = await temporaryFolder()
  const blobs = [amd, arm, attestation].flatMap(image => [image.manifest, ...image.blobs])
  await writeLayout(layout, [{ of: index, with: tagged('multi') }], blobs)
  await skopeoCopy(`oci:${layout}:multi`, `docker://${registry.host}/team/multi:2.0`, '--all')
  // The images are pushed, and scanned, before the index that has the tag.
  await until('both images have a tag', async () => {
    const rows = await imagesOf('team/multi')
    return rows.filter(row => row.tags.length > 0).length === 2
  })
  const rows = await settled('team/multi', 2)
  expect(new Set(rows.map(row => row.digest))).toEqual(new Set([amd.manifest.digest, arm.manifest.digest]))
  for (const row of rows)
    expect(row).toMatchObject({ tags: ['2.0'], health: 'unhealthy', findings: { open: { High: 1 } } })
  expect(new Set(rows.map(row => row.platform?.architecture))).toEqual(new Set(['amd64', 'arm64']))
  await until('all scans have ended', async () => {
    const { queued, running } = await admin.api.scans.list.query({})
    return queued + running === 0
  })
  const { rows: scans } = await admin.api.scans.list.query({ size: 200 })
  expect(scans.filter(scan => scan.digest === index.digest)).toEqual([])
  expect(await settled('team/multi', 2)).toEqual(await imagesOf('team/multi'))
})

test('a pull is seen, our own are not', async () => {
  const [before] = await imagesOf('team/api')
  expect(before?.lastPulledAt).toBeNull()
  await skopeoCopy(`docker://${registry.host}/team/api:1.0`, `oci:${await temporaryFolder()}:x`)
  await until('the pull is seen', async () => (await imagesOf('team/api'))[0]?.lastPulledAt ?? null)
})

test('what happened while the server was away is found when it comes back', async () => {
  const gone = packagedImage([{ curl: '7.88.1' }], 'gone')
  await pushImage(registry.url, 'team/gone', 'latest', gone)
  await settled('team/gone', 1)
  const { dataDir } = server
  await server.stop()

  await deleteManifest(registry.url, 'team/gone', gone.manifest.digest)
  await pushBlob(registry.url, 'team/aborted', gone.config)
  await pushImage(registry.url, 'team/new', 'latest', packagedImage([{ openssl: '3.0.11-1' }], 'new'))
  server = await startProcess({ flags, dataDir })
  const browser = openBrowser(server.url)
  const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ email: testAdmin.email, password: testAdmin.password }),
  })
  browser.keep(response.headers.getSetCookie())
  expect(await settled('team/new', 1, browser)).toMatchObject([{ tags: ['latest'], health: 'unhealthy' }])
  await until('the deleted image is gone', async () => (await imagesOf('team/gone', browser)).length === 0)
  // What was known already was not scanned again.
  const { rows } = await browser.api.scans.list.query({ size: 200 })
  expect(rows.filter(scan => scan.repository === 'team/api')).toHaveLength(2)
  expect(rows.find(scan => scan.repository === 'team/new')?.trigger).toBe('discovery')
  expect(await browser.api.registries.get.query({ registryId })).toMatchObject({ connectionError: null })
})

/** As BuildKit makes them: an image by its configuration, with an in-toto statement for a layer. */
function attestationOf(image: MadeImage): MadeImage {
  const statement = blob({ subject: image.manifest.digest }, 'application/vnd.in-toto+json')
  return withConfig({ ...image, layers: [statement], blobs: [image.config, statement] }, image.config)
}

function withConfig(image: MadeImage, config: MadeImage['config']): MadeImage {
  const layers = [...image.layers]
  const manifest = blob(
    { schemaVersion: 2, mediaType: oci.manifest, config: descriptor(config), layers: layers.map(descriptor) },
    oci.manifest,
  )
  return { manifest, config, layers, blobs: [config, ...layers] }
}

/** What a browser's EventSource would get, as text. */
function watchStream({ url }: ServerProcess, browser: Browser): { text(): string; stop(): void } {
  const control = new AbortController()
  let text = ''
  const reading = async (): Promise<void> => {
    const response = await fetch(`${url}/api/trpc/scans.watch`, {
      headers: { cookie: browser.cookie(), accept: 'text/event-stream' },
      signal: control.signal,
    })
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
  }
  reading().catch(error => {
    if (!control.signal.aborted) text += `broke off: ${String(error)}`
  })
  return { text: () => text, stop: () => control.abort() }
}
