import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Platform } from '@plimsoll/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listLayoutTags, type OciLayoutOptions, ociArchiveSource, ociLayoutSource } from './oci-layout.ts'
import { SourceError } from './source-error.ts'
import { type Blob, type MadeImage, madeImage, madeIndex, oci } from './testdata/made-image.ts'
import { skopeoCopy, writeTinyImage } from './testdata/tiny-image.ts'
import { blobPath, tagged, writeLayout } from './testdata/written-layout.ts'

const amd64: Platform = { os: 'linux', architecture: 'amd64' }
const { signal } = new AbortController()

let directory: string
let image: MadeImage
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-layout-'))
  image = madeImage({ layerTypes: [oci.layer, oci.layer] })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const pathOf = (blob: { digest: string }) => blobPath(directory, blob)
const write = (entries: Parameters<typeof writeLayout>[1], ...blobs: readonly Blob[]) =>
  writeLayout(directory, entries, blobs)
const resolve = (options: Partial<OciLayoutOptions> = {}, platforms = [amd64]) =>
  ociLayoutSource({ directory, ...options }).resolve(platforms, signal)

async function readLayer(index: number): Promise<Uint8Array> {
  const source = ociLayoutSource({ directory })
  const { images } = await source.resolve([amd64], signal)
  const [only] = images
  if (only === undefined) throw new Error('There is no image.')
  return Buffer.concat(await Array.fromAsync(source.openLayer(only, index, signal)))
}

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (error instanceof SourceError) return error
  throw new Error('It should have failed with a SourceError.', { cause: error })
}

describe('a layout', () => {
  it('gives its only image without a tag, by tag and by digest', async () => {
    await write([{ of: image.manifest, with: tagged('team/app:1.0') }], ...image.blobs)
    const { digest } = image.manifest
    for (const options of [{}, { tag: 'team/app:1.0' }, { digest }, { tag: 'gone', digest }]) {
      const { images } = await resolve(options)
      expect(images.map(found => found.digest)).toEqual([digest])
    }
    expect(await readLayer(1)).toEqual(image.layers[1]?.bytes)
    expect(await listLayoutTags(directory, signal)).toEqual([{ tag: 'team/app:1.0', digest }])
    expect(ociLayoutSource({ directory, digest }).reference).toBe(`oci:${directory}@${digest}`)
  })

  it('made by umoci is read', async () => {
    const layout = join(directory, 'made')
    await writeTinyImage(layout, 'v1', { '/etc/os-release': 'ID=debian\n', '/etc/motd': 'ahoy' })
    const source = ociLayoutSource({ directory: layout, tag: 'v1' })
    const { images } = await source.resolve([amd64], signal)
    expect(images[0]).toMatchObject({ platform: amd64, layers: [{ createdBy: 'umoci insert' }, {}] })
    for (const found of images) {
      for (const [index, layer] of found.layers.entries()) {
        const chunks = await Array.fromAsync(source.openLayer(found, index, signal))
        expect(Buffer.concat(chunks)).toHaveLength(layer.sizeBytes)
      }
    }
  })

  it('asks which of several images with tags is meant', async () => {
    const other = madeImage()
    const entries = [
      { of: image.manifest, with: tagged('v1') },
      { of: other.manifest, with: tagged('v2') },
    ]
    await write(entries, ...image.blobs, ...other.blobs)
    expect(await failureOf(resolve())).toMatchObject({
      code: 'image-not-found',
      hint: expect.stringContaining('v1, v2'),
    })
    expect((await resolve({ tag: 'v2' })).images[0]?.digest).toBe(other.manifest.digest)
    expect(await failureOf(resolve({ tag: 'v3' }))).toMatchObject({
      code: 'image-not-found',
      hint: 'It has v1, v2.',
    })
  })

  it('takes several images without tags as one index', async () => {
    const other = madeImage({ config: { architecture: 'arm64' } })
    await write([{ of: image.manifest }, { of: other.manifest }], ...image.blobs, ...other.blobs)
    const { images, unwanted } = await resolve()
    expect(images.map(found => found.digest)).toEqual([image.manifest.digest])
    expect(unwanted.map(found => found.digest)).toEqual([other.manifest.digest])
    expect((await resolve({}, [])).images).toHaveLength(2)
  })

  it('may nest an index, whose images are also found by their own digest', async () => {
    const index = madeIndex([{ of: image.manifest, with: { platform: amd64 } }])
    await write([{ of: index, with: tagged('v1') }], image.manifest, ...image.blobs)
    expect(await resolve({ tag: 'v1' })).toMatchObject({
      indexDigest: index.digest,
      images: [{ digest: image.manifest.digest }],
    })
    expect(await resolve({ digest: image.manifest.digest })).toMatchObject({
      indexDigest: null,
      images: [{}],
    })
  })
})

describe('a folder that is no layout, or a damaged one', () => {
  it.each([
    ['is not there', () => rm(directory, { recursive: true }), 'source-unreadable'],
    ['is empty', async () => undefined, 'source-unreadable'],
    [
      'has an index.json that is no JSON',
      () => writeFile(join(directory, 'index.json'), '{'),
      'manifest-invalid',
    ],
    [
      'has an index.json of another kind',
      () => writeFile(join(directory, 'index.json'), '{"a":1}'),
      'manifest-invalid',
    ],
    ['holds no image', () => write([]), 'image-not-found'],
  ])('%s', async (_, prepare, code) => {
    await prepare()
    const error = await failureOf(resolve())
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/\.$/)
  })

  it('lacks a manifest, a configuration or a layer', async () => {
    await write([{ of: image.manifest }], ...image.blobs)
    for (const blob of [image.layers[0], image.config, image.manifest]) {
      await rm(pathOf(blob ?? image.config))
      expect(await failureOf(readLayer(0))).toMatchObject({ code: 'image-not-found' })
    }
  })

  it('has a layer of another size or with other bytes', async () => {
    await write([{ of: image.manifest }], ...image.blobs)
    const [first, second] = image.layers
    if (first === undefined || second === undefined) throw new Error('There are no layers.')
    await writeFile(pathOf(first), Buffer.from(first.bytes).reverse())
    expect(await failureOf(readLayer(0))).toMatchObject({ code: 'digest-mismatch' })
    await truncate(pathOf(second), 10)
    expect(await failureOf(readLayer(1))).toMatchObject({ code: 'size-mismatch' })
  })

  it('has a manifest with other bytes', async () => {
    const other = madeImage({ manifest: { annotations: { a: 'bcd' } } }).manifest
    await write([{ of: image.manifest }], ...image.blobs)
    await writeFile(pathOf(image.manifest), Buffer.from(image.manifest.bytes).reverse())
    expect(await failureOf(resolve())).toMatchObject({ code: 'digest-mismatch' })
    await writeFile(pathOf(image.manifest), other.bytes)
    expect(await failureOf(resolve())).toMatchObject({ code: 'size-mismatch' })
    expect(await failureOf(resolve({ digest: image.manifest.digest }))).toMatchObject({
      code: 'digest-mismatch',
    })
  })
})

describe('links and other things in the place of blobs', () => {
  let outside: string
  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'plimsoll-outside-'))
    await write([{ of: image.manifest }], ...image.blobs)
  })
  afterEach(() => rm(outside, { recursive: true, force: true }))

  it('that lead out of the folder are refused', async () => {
    const away = join(outside, 'blob')
    await rename(pathOf(image.config), away)
    await symlink(away, pathOf(image.config))
    expect(await failureOf(resolve())).toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('out of the folder'),
    })
  })

  it('for a whole folder are refused too', async () => {
    await rename(join(directory, 'blobs'), join(outside, 'blobs'))
    await symlink(join(outside, 'blobs'), join(directory, 'blobs'))
    expect(await failureOf(resolve())).toMatchObject({ code: 'source-unreadable' })
  })

  it('that stay inside are followed', async () => {
    await rename(pathOf(image.config), join(directory, 'moved'))
    await symlink(join('..', '..', 'moved'), pathOf(image.config))
    expect((await resolve()).images).toHaveLength(1)
  })

  it('that nobody writes to are not waited for', async () => {
    await rm(pathOf(image.config))
    execFileSync('mkfifo', [pathOf(image.config)])
    expect(await failureOf(resolve())).toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('regular file'),
    })
    await rm(pathOf(image.manifest))
    await mkdir(pathOf(image.manifest))
    expect(await failureOf(resolve())).toMatchObject({ code: 'source-unreadable' })
  })
})

describe('an archive of a layout', () => {
  const archive = async () => {
    const file = join(directory, '..', `${basename(directory)}.tar`)
    execFileSync('tar', ['-cf', file, '-C', directory, '.'])
    return file
  }
  let file: string | null = null
  afterEach(async () => {
    if (file !== null) await rm(file)
    file = null
  })

  it('gives what the folder gives', async () => {
    await write([{ of: image.manifest, with: tagged('v1') }], ...image.blobs)
    file = await archive()
    const { digest } = image.manifest
    for (const options of [{}, { tag: 'v1' }, { digest }]) {
      const source = ociArchiveSource({ file, ...options })
      const resolution = await source.resolve([], signal)
      expect(resolution).toEqual(await resolve(options))
      const [found] = resolution.images
      if (found === undefined) throw new Error('There is no image.')
      const chunks = await Array.fromAsync(source.openLayer(found, 1, signal))
      expect(Buffer.concat(chunks)).toEqual(image.layers[1]?.bytes)
    }
    expect(ociArchiveSource({ file, tag: 'v1' }).reference).toBe(`oci-archive:${file}:v1`)
    expect(await failureOf(ociArchiveSource({ file, tag: 'v2' }).resolve([], signal))).toMatchObject({
      code: 'image-not-found',
      hint: 'It has v1.',
    })
  })

  it('made by skopeo is read', async () => {
    const layout = join(directory, 'made')
    await writeTinyImage(layout, 'v1', { '/etc/os-release': 'ID=debian\n' })
    await skopeoCopy(`oci:${layout}:v1`, `oci-archive:${directory}/made.tar:v1`)
    const { images } = await ociArchiveSource({ file: `${directory}/made.tar` }).resolve([], signal)
    expect(images).toEqual((await ociLayoutSource({ directory: layout }).resolve([], signal)).images)
  })

  it('pitfall 47: of docker save names platforms whose images it does not hold', async () => {
    const other = madeImage({ config: { architecture: 'arm64' } })
    const index = madeIndex([
      { of: image.manifest, with: { platform: amd64 } },
      { of: other.manifest, with: { platform: { os: 'linux', architecture: 'arm64' } } },
    ])
    // Docker leaves the configuration and layers of what was not pulled, and keeps the manifest.
    await write([{ of: index, with: tagged('v1') }], image.manifest, ...image.blobs, other.manifest)
    file = await archive()
    expect(await ociArchiveSource({ file }).resolve([], signal)).toMatchObject({
      images: [{ digest: image.manifest.digest }],
      unresolved: [{ platform: { architecture: 'arm64' }, error: { code: 'image-not-found' } }],
    })
  })

  it('of another kind, or a damaged one, says so', async () => {
    await write([{ of: image.manifest }], ...image.blobs)
    await rm(pathOf(image.layers[0] ?? image.config))
    file = await archive()
    const source = ociArchiveSource({ file })
    const [found] = (await source.resolve([], signal)).images
    if (found === undefined) throw new Error('There is no image.')
    expect(await failureOf(Array.fromAsync(source.openLayer(found, 0, signal)))).toMatchObject({
      code: 'image-not-found',
      hint: 'The OCI layout is incomplete. Copy the image into it again.',
    })
    await rename(join(directory, 'index.json'), join(directory, 'manifest.json'))
    file = await archive()
    expect(await failureOf(ociArchiveSource({ file }).resolve([], signal))).toMatchObject({
      code: 'source-unreadable',
      hint: `It is what docker save writes: docker-archive:${file}`,
    })
  })
})

it('pitfall 49: a foreign layer that the layout holds is read, and one that it lacks is named', async () => {
  const foreign = madeImage({
    layerTypes: [oci.layer, 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'],
  })
  await write([{ of: foreign.manifest }], ...foreign.blobs)
  expect((await resolve()).images[0]?.reasons).toEqual([])
  await rm(pathOf(foreign.layers[1] ?? foreign.config))
  expect((await resolve()).images[0]).toMatchObject({
    layers: [{}, { foreign: true }],
    reasons: [{ code: 'foreign-layer' }],
  })
})

it('stops when it is cancelled', async () => {
  await write([{ of: image.manifest }], ...image.blobs)
  const aborted = AbortSignal.abort(new Error('enough'))
  expect(await failureOf(ociLayoutSource({ directory }).resolve([amd64], aborted))).toMatchObject({
    code: 'cancelled',
  })
})
