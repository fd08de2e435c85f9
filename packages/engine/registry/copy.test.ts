import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '@plimsoll/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RegistryClient, registryClient } from './client.ts'
import { type CopyProgress, copyImage } from './copy.ts'
import { realTiming } from './retry.ts'
import { startCuttingRelay } from './testdata/cutting-relay.ts'
import { type DockerRegistry, startDockerRegistry, testCredentials } from './testdata/docker-registry.ts'
import {
  type Blob,
  blob,
  descriptor,
  type MadeImage,
  madeImage,
  madeIndex,
  oci,
} from './testdata/made-image.ts'

/** Copies between two real registries; the target asks for a password. */

let from: DockerRegistry
let to: DockerRegistry
let source: RegistryClient
let target: RegistryClient
const { username, password } = testCredentials
const noSignal = new AbortController().signal
/** Waits for nothing between attempts. */
const impatient = { ...realTiming, sleep: async () => undefined }

beforeAll(async () => {
  ;[from, to] = await Promise.all([
    startDockerRegistry(),
    startDockerRegistry({ htpasswd: testCredentials.htpasswd }),
  ])
  source = registryClient({ url: from.url })
  target = registryClient({ url: to.url, credentials: { username, password } })
})

afterAll(async () => {
  await Promise.all([from.stop(), to.stop()])
})

async function push(client: RegistryClient, repository: string, tag: string | null, ...images: MadeImage[]) {
  for (const { blobs, manifest } of images) {
    for (const one of blobs) await pushBlob(client, repository, one)
    await pushManifest(client, repository, tag, manifest)
  }
}

const pushBlob = (client: RegistryClient, repository: string, { bytes, digest }: Blob) =>
  client.writes.blob(
    repository,
    {
      blob: { digest, sizeBytes: bytes.length },
      read: async function* () {
        yield bytes
      },
      mountFrom: null,
      onBytes: () => undefined,
    },
    noSignal,
  )

const pushManifest = (client: RegistryClient, repository: string, tag: string | null, manifest: Blob) =>
  client.writes.manifest(
    repository,
    { digest: manifest.digest, contentType: manifest.mediaType, bytes: manifest.bytes },
    tag,
    noSignal,
  )

async function copy(
  repository: string,
  reference: string,
  {
    platform = null,
    tag = reference,
    sourceClient = source,
    targetClient = target,
    into = repository,
  }: {
    platform?: Platform | null
    tag?: string | null
    sourceClient?: RegistryClient
    targetClient?: RegistryClient
    into?: string
  } = {},
) {
  const steps: CopyProgress[] = []
  const { digest } = await copyImage(
    {
      source: { client: sourceClient, repository, reference },
      target: { client: targetClient, repository: into, tag },
      platform,
    },
    step => steps.push(step),
    noSignal,
  )
  return { digest, steps, last: steps.at(-1) }
}

/** An image whose layer is large enough to break off in. */
function largeImage(bytes: number): MadeImage {
  const layer = blob(randomBytes(bytes), oci.layer)
  const made = madeImage({ manifest: { layers: [descriptor(layer)] } })
  return { ...made, layers: [layer], blobs: [made.config, layer] }
}

describe('an image', () => {
  it('is the same image in the other registry, under its tag and its digest', async () => {
    const image = madeImage()
    await push(source, 'team/api', '1.0', image)
    const { digest, last } = await copy('team/api', '1.0')
    expect(digest).toBe(image.manifest.digest)
    const [byTag, byDigest] = await Promise.all([
      target.manifest('team/api', '1.0', noSignal),
      target.manifest('team/api', image.manifest.digest, noSignal),
    ])
    expect(Buffer.from(byTag.bytes).equals(image.manifest.bytes)).toBe(true)
    expect(byDigest.contentType).toBe(image.manifest.mediaType)
    expect(last).toMatchObject({ bytesDone: last?.bytesTotal, bytesSpared: 0 })
  })

  it('that is there already is not sent again', async () => {
    const { last } = await copy('team/api', '1.0', { tag: 'again' })
    expect(last).toMatchObject({ bytesSpared: last?.bytesTotal })
    expect(await target.digestOf('team/api', 'again', noSignal)).toMatch(/^sha256:/)
  })

  it('is mounted within one registry rather than sent', async () => {
    const before = from.log().length
    const { last } = await copy('team/api', '1.0', { targetClient: source, into: 'other/place' })
    expect(last).toMatchObject({ bytesSpared: last?.bytesTotal })
    const log = from.log().slice(before)
    expect(log).toMatch(/mount=sha256/)
    expect(log).not.toMatch(/PATCH \/v2\/other\/place/)
  })

  it('of an index goes with all its others, attestations too, and the index keeps its bytes', async () => {
    const [amd, arm, attestation] = [
      madeImage({ config: { architecture: 'amd64', os: 'linux' } }),
      madeImage({ config: { architecture: 'arm64', os: 'linux' } }),
      madeImage({ layerTypes: ['application/vnd.in-toto+json'] }),
    ]
    await push(source, 'team/multi', null, amd, arm, attestation)
    const index = madeIndex([
      { of: amd.manifest, with: { platform: { os: 'linux', architecture: 'amd64' } } },
      { of: arm.manifest, with: { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } } },
      { of: attestation.manifest, with: { platform: { os: 'unknown', architecture: 'unknown' } } },
    ])
    await pushManifest(source, 'team/multi', '2.0', index)
    const { digest } = await copy('team/multi', '2.0')
    expect(digest).toBe(index.digest)
    for (const { manifest } of [amd, arm, attestation]) {
      expect((await target.manifest('team/multi', manifest.digest, noSignal)).digest).toBe(manifest.digest)
    }

    const one = await copy('team/multi', '2.0', {
      platform: { os: 'linux', architecture: 'arm64' },
      into: 'team/arm',
    })
    expect(one.digest).toBe(arm.manifest.digest)
    await expect(target.manifest('team/arm', amd.manifest.digest, noSignal)).rejects.toMatchObject({
      code: 'image-not-found',
    })
    const single = copy('team/api', '1.0', { platform: { os: 'linux', architecture: 'arm64' } })
    await expect(single).rejects.toMatchObject({ hint: 'It is a single image, for linux/amd64.' })
    const none = copy('team/multi', '2.0', { platform: { os: 'linux', architecture: 's390x' } })
    await expect(none).rejects.toMatchObject({
      code: 'image-not-found',
      hint: expect.stringContaining('arm64'),
    })
  })
})

describe('a line that breaks', () => {
  it('while bytes come from the source, and while they go to the target, is taken up where it broke', async () => {
    const image = largeImage(20_000_000)
    await push(source, 'team/large', '1.0', image)
    const [poorSource, poorTarget] = await Promise.all([
      startCuttingRelay(from.port, 6_000_000, 2),
      startCuttingRelay(to.port, 5_000_000, 2, 'there'),
    ])
    const { digest, last } = await copy('team/large', '1.0', {
      sourceClient: registryClient({ url: poorSource.url, timing: impatient }),
      targetClient: registryClient({
        url: poorTarget.url,
        credentials: { username, password },
        timing: impatient,
      }),
    })
    expect(digest).toBe(image.manifest.digest)
    expect([poorSource.cuts(), poorTarget.cuts()]).toEqual([2, 2])
    expect(last?.bytesDone).toBe(last?.bytesTotal)
    await Promise.all([poorSource.stop(), poorTarget.stop()])
  })
})

describe('what is refused', () => {
  it('is a blob that is damaged in the source: nothing of it is stored, and no tag is set', async () => {
    const image = largeImage(100_000)
    await push(source, 'team/damaged', '1.0', image)
    const { digest } = image.layers[0] ?? { digest: '' }
    const folder = join(
      from.storageDirectory,
      'docker/registry/v2/blobs/sha256',
      digest.slice(7, 9),
      digest.slice(7),
    )
    expect(await readdir(folder)).toEqual(['data'])
    const bytes = await readFile(join(folder, 'data'))
    bytes[50_000] = (bytes[50_000] ?? 0) ^ 1
    await writeFile(join(folder, 'data'), bytes)
    await expect(copy('team/damaged', '1.0')).rejects.toMatchObject({ code: 'digest-mismatch' })
    expect(await target.hasBlob('team/damaged', digest, noSignal)).toBe(false)
    await expect(target.digestOf('team/damaged', '1.0', noSignal)).rejects.toMatchObject({
      code: 'image-not-found',
    })
  })

  it('is a target that does not let us in', async () => {
    const closed = registryClient({ url: to.url })
    await expect(copy('team/api', '1.0', { targetClient: closed })).rejects.toMatchObject({
      code: 'unauthorized',
    })
  })
})

describe('deleting a manifest', () => {
  it('takes it out of the registry, and says when there was none', async () => {
    const image = madeImage({ config: { architecture: 'amd64', os: 'linux', author: 'deleted' } })
    await push(target, 'team/gone', '1.0', image)
    expect(await target.writes.deleteManifest('team/gone', image.manifest.digest, noSignal)).toBe(true)
    expect(await target.writes.deleteManifest('team/gone', image.manifest.digest, noSignal)).toBe(false)
    await expect(target.digestOf('team/gone', '1.0', noSignal)).rejects.toMatchObject({
      code: 'image-not-found',
    })
  })

  it('says how to allow it where the registry does not', async () => {
    const closed = await startDockerRegistry({ deletes: false })
    const client = registryClient({ url: closed.url })
    const image = madeImage()
    await push(client, 'team/api', '1.0', image)
    const deleted = client.writes.deleteManifest('team/api', image.manifest.digest, noSignal)
    await expect(deleted).rejects.toMatchObject({ hint: expect.stringContaining('DELETE_ENABLED') })
    await closed.stop()
  })
})
