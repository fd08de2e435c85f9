import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TarEntry } from '../formats/tar-writer.ts'
import { sha256 } from './blob.ts'
import { type DockerArchiveOptions, dockerArchiveSource } from './docker-archive.ts'
import type { ResolvedImage } from './source.ts'
import { SourceError } from './source-error.ts'
import { skopeoCopy, writeTinyImage } from './testdata/tiny-image.ts'
import { json, madeConfig, madeLayer, writeArchive } from './testdata/written-archive.ts'

const { signal } = new AbortController()
const layers = ['one', 'two'].map(name => madeLayer(name, `content of ${name}`))
const [first, second] = layers as [(typeof layers)[0], (typeof layers)[0]]
const diffIds = layers.map(({ diffId }) => diffId)
const config = madeConfig(diffIds)
const configPath = `${sha256(config)}.json`
const imageId = `sha256:${sha256(config)}`
const layerPaths = ['a'.repeat(64), 'b'.repeat(64)].map(id => `${id}/layer.tar`)
const [firstPath, secondPath] = layerPaths as [string, string]

/** What `docker save` writes, up to Docker 24. */
const saved: readonly TarEntry[] = [
  { path: `${'a'.repeat(64)}/`, kind: 'directory' },
  { path: `${'a'.repeat(64)}/VERSION`, content: '1.0' },
  { path: firstPath, content: first.bytes },
  { path: secondPath, content: second.bytes },
  { path: configPath, content: config },
  json('manifest.json', [{ Config: configPath, RepoTags: ['team/app:1.0'], Layers: layerPaths }]),
]
const without = (path: string): TarEntry[] => saved.filter(entry => entry.path !== path)
/** The same archive with other content under these paths. */
const but = (...entries: readonly TarEntry[]): TarEntry[] => [
  ...saved.filter(one => !entries.some(({ path }) => path === one.path)),
  ...entries,
]

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-archive-'))
  file = join(folder, 'app.tar')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const resolve = (
  options: Partial<DockerArchiveOptions> = {},
  platforms: { os: string; architecture: string }[] = [],
) => dockerArchiveSource({ file, ...options }).resolve(platforms, signal)

/** The archive's image with the bytes of its layers. */
async function readWhole(
  options: Partial<DockerArchiveOptions> = {},
): Promise<[ResolvedImage, Uint8Array[]]> {
  const source = dockerArchiveSource({ file, ...options })
  const [image, ...more] = (await source.resolve([], signal)).images
  if (image === undefined || more.length > 0) throw new Error('There is not one image.')
  const contents: Uint8Array[] = []
  for (const [index, { sizeBytes }] of image.layers.entries()) {
    const content = Buffer.concat(await Array.fromAsync(source.openLayer(image, index, signal)))
    expect(content).toHaveLength(sizeBytes)
    contents.push(content)
  }
  return [image, contents]
}

async function failureOf(action: Promise<unknown>): Promise<SourceError> {
  const error = await action.then(
    () => null,
    (failure: unknown) => failure,
  )
  if (error instanceof SourceError) return error
  throw new Error('It should have failed with a SourceError.', { cause: error })
}

describe('an image', () => {
  it('of docker save has layers and instructions, and no digest of a manifest', async () => {
    await writeArchive(file, saved)
    const [image, contents] = await readWhole()
    const mediaType = 'application/vnd.docker.image.rootfs.diff.tar'
    expect(image).toEqual({
      digest: null,
      mediaType: null,
      platform: { os: 'linux', architecture: 'amd64' },
      createdAt: null,
      sizeBytes: first.bytes.length + second.bytes.length,
      layers: layers.map(({ bytes, diffId }) => ({
        digest: diffId,
        diffId,
        mediaType,
        sizeBytes: bytes.length,
      })),
    })
    expect(contents).toEqual([Buffer.from(first.bytes), Buffer.from(second.bytes)])
  })

  it('of skopeo, whose old layer names are links, is the one it was copied from', async () => {
    const layout = join(folder, 'layout')
    await writeTinyImage(layout, 'v1', { '/etc/os-release': 'ID=debian\n', '/etc/motd': 'ahoy' })
    await skopeoCopy(`oci:${layout}:v1`, `docker-archive:${file}:team/app:1.0`)
    const [image] = await readWhole()
    expect(image.platform).toEqual({ os: 'linux', architecture: 'amd64' })
    expect(image.layers.map(layer => layer.createdBy)).toEqual(['umoci insert', 'umoci insert'])
    expect(image.layers.every(layer => layer.digest === layer.diffId)).toBe(true)
    const listed = execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).trim().split('\n')
    // Through the links as well: what an old docker save lists.
    const links = listed.filter(path => path.endsWith('/layer.tar'))
    const [entry] = JSON.parse(execFileSync('tar', ['-xOf', file, 'manifest.json'], { encoding: 'utf8' }))
    await writeFile(join(folder, 'manifest.json'), JSON.stringify([{ ...entry, Layers: links }]))
    execFileSync('tar', ['-rf', file, '-C', folder, 'manifest.json'])
    expect((await readWhole())[0]).toEqual(image)
  })

  it('of Docker since 25 is found in its OCI layout, compressed or not', async () => {
    const [zipped, plain] = [gzipSync(first.bytes), second.bytes]
    const path = (bytes: Uint8Array) => `blobs/sha256/${sha256(bytes)}`
    await writeArchive(file, [
      ...[zipped, plain, config].map(bytes => ({ path: path(bytes), content: bytes })),
      json('index.json', { schemaVersion: 2, manifests: [] }),
      json('oci-layout', { imageLayoutVersion: '1.0.0' }),
      json('manifest.json', [{ Config: path(config), RepoTags: null, Layers: [path(zipped), path(plain)] }]),
    ])
    const [{ layers }, contents] = await readWhole()
    expect(layers).toMatchObject([
      { digest: `sha256:${sha256(zipped)}`, diffId: first.diffId, sizeBytes: zipped.length },
      { digest: second.diffId, diffId: second.diffId },
    ])
    expect(contents).toEqual([zipped, Buffer.from(plain)])
  })

  it('pitfall 50: may have layers in any compression, whatever they are called', async () => {
    const compressed = [gzipSync(first.bytes), zstdCompressSync(second.bytes)]
    const entries = layerPaths.map((path, index) => ({ path, content: compressed[index] ?? '' }))
    await writeArchive(file, but(...entries))
    const [image] = await readWhole()
    expect(image.layers.map(({ mediaType, digest, diffId }) => [mediaType, digest, diffId])).toEqual(
      ['gzip', 'zstd'].map((compression, index) => [
        `application/vnd.docker.image.rootfs.diff.tar.${compression}`,
        `sha256:${sha256(compressed[index] ?? Buffer.alloc(0))}`,
        diffIds[index],
      ]),
    )
  })

  it('may name one file for several layers, and an empty one', async () => {
    const empty = madeConfig([first.diffId, first.diffId, `sha256:${sha256(Buffer.alloc(0))}`])
    await writeArchive(file, [
      { path: 'layer', content: first.bytes },
      { path: 'nothing', content: '' },
      { path: 'config', content: empty },
      json('manifest.json', [{ Config: 'config', Layers: ['layer', 'layer', 'nothing'] }]),
    ])
    const [image, contents] = await readWhole()
    expect(image.layers.map(layer => layer.sizeBytes)).toEqual([first.bytes.length, first.bytes.length, 0])
    expect(contents[1]).toEqual(contents[0])
  })

  it('pitfall 46: is what unpacking would give: of several members of a name the last, links followed', async () => {
    await writeArchive(file, [
      json('manifest.json', []),
      { path: 'layers/two', content: 'not the one' },
      ...without(secondPath),
      { path: './layers/../layers/two', content: second.bytes },
      { path: 'layers/hard', kind: 'hardlink', linkPath: '/layers/two' },
      { path: 'deep/er/soft', kind: 'symlink', linkPath: '../../layers/hard' },
      { path: secondPath, kind: 'symlink', linkPath: '/deep/er/soft' },
    ])
    expect((await readWhole())[1][1]).toEqual(Buffer.from(second.bytes))
  })

  it('pitfall 47: is taken whatever its platform, unless another is asked for', async () => {
    await writeArchive(file, saved)
    const platform = { os: 'linux', architecture: 'amd64' }
    expect((await resolve({}, [platform])).images).toHaveLength(1)
    expect(await resolve({}, [{ os: 'linux', architecture: 'arm64' }])).toMatchObject({
      images: [],
      unwanted: [{ digest: null, platform }],
    })
  })

  it('pitfall 49: of Windows is not applicable', async () => {
    const windows = madeConfig([], { os: 'windows' })
    await writeArchive(file, [
      { path: 'c', content: windows },
      json('manifest.json', [{ Config: 'c', Layers: null }]),
    ])
    expect(await resolve()).toMatchObject({
      images: [],
      notApplicable: [{ platform: { os: 'windows' }, reason: { code: 'windows-image' } }],
    })
  })
})

describe('several images', () => {
  const other = madeConfig([second.diffId])
  const manifest = json('manifest.json', [
    { Config: configPath, RepoTags: ['team/app:1.0', 'docker.io/library/alpine:3.10'], Layers: layerPaths },
    { Config: 'other', RepoTags: ['reg.example:5000/team/app:2.0', 'beta:latest'], Layers: [secondPath] },
  ])
  const isFirst = async (name: string) => (await resolve({ name })).images[0]?.layers.length === 2

  beforeEach(() => writeArchive(file, [...but(manifest), { path: 'other', content: other }]))

  it.each([
    ['team/app:1.0', true],
    ['docker.io/team/app:1.0', true],
    ['1.0', true],
    ['alpine:3.10', true],
    ['index.docker.io/library/alpine:3.10', true],
    ['reg.example:5000/team/app:2.0', false],
    ['2.0', false],
    ['beta', false],
    ['latest', false],
  ])('are told apart by name: %s', async (name, expected) => {
    expect(await isFirst(name)).toBe(expected)
    expect(dockerArchiveSource({ file, name }).reference).toBe(`docker-archive:${file}:${name}`)
  })

  it('are told apart by id, which wins over a name', async () => {
    expect((await resolve({ imageId, name: '2.0' })).images[0]?.layers).toHaveLength(2)
    const otherId = `sha256:${sha256(other)}`
    expect((await resolve({ imageId: otherId })).images[0]?.layers).toHaveLength(1)
    expect(dockerArchiveSource({ file, imageId, name: '2.0' }).reference).toBe(
      `docker-archive:${file}@${imageId}`,
    )
  })

  it('are not chosen among without a choice', async () => {
    expect(await failureOf(resolve())).toMatchObject({
      code: 'image-not-found',
      message: `The archive ${file} holds 2 images.`,
      hint: expect.stringContaining(`Name one: docker-archive:${file}:team/app:1.0`),
    })
  })

  it('have no other names', async () => {
    for (const options of [
      { name: 'app:1.0' },
      { name: 'team/app' },
      { imageId: `sha256:${'0'.repeat(64)}` },
    ]) {
      expect(await failureOf(resolve(options))).toMatchObject({
        code: 'image-not-found',
        hint: 'It has team/app:1.0, docker.io/library/alpine:3.10, reg.example:5000/team/app:2.0, beta:latest.',
      })
    }
  })

  it('with one tag between them, or without any, are named in full or by id', async () => {
    const images = [configPath, 'other'].map((Config, index) => ({
      Config,
      RepoTags: [`app${index}:1`],
      Layers: [],
    }))
    await writeArchive(file, [...but(json('manifest.json', images)), { path: 'other', content: other }])
    expect(await failureOf(resolve({ name: '1' }))).toMatchObject({
      message: `The archive ${file} holds 2 images tagged "1".`,
      hint: `It has app0:1, app1:1. Name one: docker-archive:${file}:app0:1`,
    })
    const untagged = images.map(image => ({ ...image, RepoTags: [] }))
    await writeArchive(file, [...but(json('manifest.json', untagged)), { path: 'other', content: other }])
    expect((await failureOf(resolve())).hint).toBe(`Name one by its id: docker-archive:${file}@${imageId}`)
  })
})

describe('what is no such archive says what to do', () => {
  it.each<[string, TarEntry[], string]>([
    ['an OCI layout', [json('index.json', {})], 'oci-archive:'],
    ['an archive of Docker before 1.10', [json('repositories', {})], 'Docker 1.10'],
    ['a root file system', [{ path: 'etc/os-release', content: 'ID=debian' }], 'rootfs:DIR'],
    ['nothing', [], 'docker save'],
  ])('%s', async (_, entries, hint) => {
    await writeArchive(file, entries)
    expect(await failureOf(resolve())).toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('it has no manifest.json'),
      hint: expect.stringContaining(hint),
    })
  })

  it.each([
    ['gzip', (bytes: Buffer) => gzipSync(bytes), 'gunzip --keep'],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes), 'unzstd --keep'],
    ['xz', () => Buffer.from('\xfd7zXZ\0 and so on', 'latin1'), 'unxz --keep'],
  ])('an archive compressed with %s', async (name, compress, hint) => {
    await writeArchive(file, saved)
    await writeFile(file, compress(await readFile(file)))
    const error = await failureOf(resolve())
    expect(error.message).toBe(`${file} is compressed as a whole, with ${name}.`)
    expect(error.hint).toContain(`${hint} ${file}`)
  })

  it('a folder, a pipe, and what is not there', async () => {
    await mkdir(join(folder, 'folder'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    for (const [name, words] of [
      ['folder', 'is a folder'],
      ['pipe', 'is not a regular file'],
      ['none', 'There is no file'],
    ] as const) {
      const error = await failureOf(resolve({ file: join(folder, name) }))
      expect(error).toMatchObject({ code: 'source-unreadable', message: expect.stringContaining(words) })
    }
  })

  it.each([
    ['no JSON', '{', 'manifest.json is not JSON'],
    ['something else', '{"schemaVersion":2}', 'manifest.json is not as the specification has it'],
    ['images without a configuration', '[{"Layers":[]}]', 'at 0.Config'],
    ['no image', '[]', 'holds no image'],
    ['too much', `[${' '.repeat(5 * 1024 * 1024)}]`, 'larger than 4 MiB'],
  ])('a manifest.json that holds %s', async (_, content, words) => {
    await writeArchive(file, but({ path: 'manifest.json', content }))
    expect((await failureOf(resolve())).message).toContain(words)
  })
})

describe('a damaged archive', () => {
  it('that ends too early is not taken for a whole one', async () => {
    await writeArchive(file, saved)
    const { length } = await readFile(file)
    // Zeros behind the last member may be missing.
    for (let bytes = 0; bytes < length - 1024 - 512; bytes += 171) {
      await writeArchive(file, saved)
      await truncate(file, bytes)
      expect((await failureOf(readWhole())).code).toMatch(/source-unreadable|image-not-found/)
    }
  })

  it.each([
    ['a layer', firstPath, 'Layer 1 of 2'],
    ['the configuration', configPath, "The image's configuration"],
  ])('that lacks %s', async (_, path, what) => {
    await writeArchive(file, without(path))
    expect(await failureOf(resolve())).toMatchObject({
      code: 'image-not-found',
      message: `${what}${what.startsWith('Layer') ? ` in ${file}` : ''} is not in the archive ${file}.`,
    })
  })

  it.each([
    ['climb out of it', '../../etc/passwd'],
    ['are absolute', '/etc/passwd'],
    ['climb out by a detour', 'a/../../../etc/passwd'],
    ['are a link out of it', 'out'],
    ['are a link to themselves', 'circle'],
    ['are a folder', 'a'.repeat(64)],
    ['are nothing', ''],
  ])('whose layers %s never lead to a file of ours', async (_, path) => {
    const manifest = json('manifest.json', [{ Config: configPath, Layers: [firstPath, path] }])
    await writeArchive(file, [
      ...but(manifest),
      { path: 'out', kind: 'symlink', linkPath: '../../../../etc/passwd' },
      { path: 'circle', kind: 'symlink', linkPath: 'circle' },
      // What would be written over it, were it unpacked.
      { path: '../../etc/passwd', content: 'not that' },
    ])
    expect(await failureOf(resolve())).toMatchObject({ code: 'image-not-found' })
  })

  it('with another configuration than its name says, or other layers, is not used', async () => {
    await writeArchive(file, but({ path: configPath, content: madeConfig(diffIds, { author: 'somebody' }) }))
    expect(await failureOf(resolve())).toMatchObject({
      code: 'digest-mismatch',
      hint: 'The archive is damaged. Save the image again.',
    })
    await writeArchive(file, but({ path: secondPath, content: Buffer.from(second.bytes).reverse() }))
    expect(await failureOf(readWhole())).toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringContaining('Layer 2 of 2'),
    })
    await writeArchive(file, but(json('manifest.json', [{ Config: configPath, Layers: [firstPath] }])))
    expect(await failureOf(resolve())).toMatchObject({
      code: 'manifest-invalid',
      message: 'The manifest has 1 layers, the configuration has 2.',
    })
  })

  it('with many links to one large layer is looked through once', async () => {
    const layer = gzipSync(randomBytes(8_000_000), { level: 1 })
    const links = Array.from({ length: 1000 }, (_, at) => `${at}.tar`)
    const many = madeConfig(links.map(() => first.diffId))
    await writeArchive(file, [
      { path: 'layer', content: layer },
      ...links.map((path): TarEntry => ({ path, kind: 'symlink', linkPath: 'layer' })),
      { path: 'config', content: many },
      json('manifest.json', [{ Config: 'config', Layers: links }]),
    ])
    const [image] = (await resolve()).images
    const digests = new Set(image?.layers.map(({ digest }) => digest))
    expect([...digests]).toEqual([`sha256:${sha256(layer)}`])
  })

  it('that changes while it is read is not read on', async () => {
    await writeArchive(file, saved)
    const source = dockerArchiveSource({ file })
    const [image] = (await source.resolve([], signal)).images
    await utimes(file, 1, 1)
    expect(
      await failureOf(Array.fromAsync(source.openLayer(image as ResolvedImage, 0, signal))),
    ).toMatchObject({
      message: `${file} changed while it was read.`,
    })
  })
})

it('stops when it is cancelled, and can be asked again', async () => {
  await writeArchive(file, saved)
  const source = dockerArchiveSource({ file })
  expect(await failureOf(source.resolve([], AbortSignal.abort()))).toMatchObject({ code: 'cancelled' })
  const [image] = (await source.resolve([], signal)).images
  const cancelled = new AbortController()
  const chunks = source.openLayer(image as ResolvedImage, 0, cancelled.signal)[Symbol.asyncIterator]()
  cancelled.abort()
  expect(await failureOf(chunks.next())).toMatchObject({ code: 'cancelled' })
})

it('has no layer beyond its last', async () => {
  await writeArchive(file, saved)
  const source = dockerArchiveSource({ file })
  const [image] = (await source.resolve([], signal)).images
  expect(() => source.openLayer(image as ResolvedImage, 2, signal)).toThrow('Layer 3 of 2 cannot be opened')
})
