import type { Platform } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { type ContentStore, resolveManifest } from './resolve.ts'
import { SourceError } from './source-error.ts'
import { type Blob, blob, descriptor, docker, madeImage, madeIndex, oci } from './testdata/made-image.ts'

const amd64: Platform = { os: 'linux', architecture: 'amd64' }
const arm64: Platform = { os: 'linux', architecture: 'arm64' }

/** A store of these blobs; whatever else is asked for is not there. */
function storeOf(...blobs: readonly Blob[]): ContentStore & { readonly asked: string[] } {
  const asked: string[] = []
  const find = (digest: string): Blob => {
    asked.push(digest)
    const found = blobs.find(candidate => candidate.digest === digest)
    if (found === undefined) throw new SourceError('image-not-found', `${digest} is not there.`)
    return found
  }
  return {
    asked,
    async manifest({ digest }) {
      const { bytes, mediaType } = find(digest)
      return { digest, contentType: mediaType, bytes }
    },
    config: async ({ digest }) => find(digest).bytes,
    hasBlob: async ({ digest }) => blobs.some(candidate => candidate.digest === digest),
  }
}

const stored = ({ bytes, digest, mediaType }: Blob, contentType: string | null = mediaType) => ({
  bytes,
  digest,
  contentType,
})

const resolve = (root: Blob, blobs: readonly Blob[] = [], platforms = [amd64]) =>
  resolveManifest(stored(root), platforms, storeOf(...blobs))

const failureOf = async (root: Blob, blobs: readonly Blob[] = []): Promise<SourceError> => {
  const failure = await resolve(root, blobs).then(
    () => null,
    (error: unknown) => error,
  )
  if (failure instanceof SourceError) return failure
  throw new Error('It should have failed.', { cause: failure })
}

describe('a single image', () => {
  it.each([
    ['OCI', oci],
    ['Docker', docker],
  ])('of %s is read with its layers in order', async (_, types) => {
    const layerTypes = [types.layer, types.layer]
    const made = madeImage({
      types,
      layerTypes,
      config: { created: '2026-01-02T03:04:05.678Z', variant: 'v2' },
    })
    const { images, notApplicable, indexDigest } = await resolve(made.manifest, made.blobs)
    expect(notApplicable).toEqual([])
    expect(indexDigest).toBeNull()
    expect(images).toEqual([
      {
        digest: made.manifest.digest,
        mediaType: types.manifest,
        platform: { os: 'linux', architecture: 'amd64', variant: 'v2' },
        createdAt: '2026-01-02T03:04:05.678Z',
        sizeBytes: made.layers.reduce((sum, { bytes }) => sum + bytes.length, 0),
        reasons: [],
        layers: made.layers.map(({ digest, bytes, mediaType }) => ({
          digest,
          mediaType,
          sizeBytes: bytes.length,
          diffId: expect.stringMatching(/^sha256:/),
        })),
      },
    ])
  })

  it('is taken whatever its platform', async () => {
    const made = madeImage({ config: { architecture: 's390x' } })
    const { images } = await resolve(made.manifest, made.blobs)
    expect(images[0]?.platform).toEqual({ os: 'linux', architecture: 's390x' })
  })

  it('is known by its members when neither it nor the registry says what it is', async () => {
    const made = madeImage({ manifest: { mediaType: undefined } })
    const { images } = await resolveManifest(stored(made.manifest, null), [amd64], storeOf(...made.blobs))
    expect(images).toHaveLength(1)
  })

  it('may have no layers at all', async () => {
    const made = madeImage({
      layerTypes: [],
      config: { rootfs: { type: 'layers', diff_ids: null }, history: null },
    })
    const { images } = await resolve(made.manifest, made.blobs)
    expect(images[0]).toMatchObject({ layers: [], sizeBytes: 0 })
  })

  it('has the instruction of each layer, past the instructions that made none', async () => {
    const history = [
      { created_by: 'ADD rootfs' },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: 'RUN apt-get install curl' },
      { created_by: 'CMD sh', empty_layer: true },
    ]
    const made = madeImage({ layerTypes: [oci.layer, oci.layer], config: { history } })
    const { images } = await resolve(made.manifest, made.blobs)
    expect(images[0]?.layers.map(layer => layer.createdBy)).toEqual([
      'ADD rootfs',
      'RUN apt-get install curl',
    ])
  })

  it('has no instructions where history and layers do not add up', async () => {
    const made = madeImage({
      layerTypes: [oci.layer, oci.layer],
      config: { history: [{ created_by: 'ADD rootfs' }] },
    })
    const { images } = await resolve(made.manifest, made.blobs)
    expect(images[0]?.layers.some(layer => 'createdBy' in layer)).toBe(false)
  })

  it('stays an image when it calls itself something else', async () => {
    const made = madeImage({
      manifest: {
        artifactType: 'application/vnd.example.innocent',
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    })
    const { images } = await resolve(made.manifest, made.blobs)
    expect(images).toHaveLength(1)
  })

  it('says which layers the registry does not hold', async () => {
    const foreignTypes = [
      'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    ]
    const made = madeImage({ layerTypes: [...foreignTypes, oci.layer] })
    const [first, , third] = made.layers
    const { images } = await resolve(made.manifest, [made.config, ...(first && third ? [first, third] : [])])
    expect(images[0]?.layers.map(layer => layer.foreign)).toEqual([undefined, true, undefined])
    expect(images[0]?.reasons).toEqual([
      { code: 'foreign-layer', message: expect.stringContaining('Layer 2 of 3') },
    ])
  })
})

describe('what is not an image', () => {
  const artifact = (configType: string, layerTypes: readonly string[], manifest: object = {}) =>
    madeImage({ configType, layerTypes, manifest })

  it.each([
    [
      'Helm chart',
      artifact('application/vnd.cncf.helm.config.v1+json', [
        'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      ]),
      'not-an-image',
      'a Helm chart',
    ],
    [
      'WebAssembly module',
      artifact('application/vnd.wasm.config.v0+json', ['application/wasm']),
      'not-an-image',
      'a WebAssembly module',
    ],
    [
      'WebAssembly in an image',
      artifact(oci.config, ['application/vnd.wasm.content.layer.v1+wasm']),
      'not-an-image',
      'a WebAssembly module',
    ],
    [
      'cosign signature',
      artifact(oci.config, ['application/vnd.dev.cosign.simplesigning.v1+json']),
      'not-an-image',
      'a cosign signature',
    ],
    [
      'cosign attestation',
      artifact(oci.config, ['application/vnd.dsse.envelope.v1+json']),
      'attestation',
      'attestation',
    ],
    [
      'cosign SBOM',
      artifact(oci.config, ['application/vnd.cyclonedx+json']),
      'not-an-image',
      'a software bill of materials',
    ],
    [
      'BuildKit attestation',
      artifact(oci.config, ['application/vnd.in-toto+json']),
      'attestation',
      'attestation',
    ],
    [
      'ORAS file',
      artifact('application/vnd.oci.empty.v1+json', [oci.layer], {
        artifactType: 'application/vnd.example.thing',
      }),
      'not-an-image',
      'application/vnd.example.thing',
    ],
    [
      'old ORAS file',
      artifact('application/vnd.unknown.config.v1+json', [oci.layer]),
      'not-an-image',
      'application/vnd.unknown.config.v1+json',
    ],
    [
      'Docker plugin',
      artifact('application/vnd.docker.plugin.v1+json', [docker.layer]),
      'not-an-image',
      'a Docker plugin',
    ],
    [
      'encrypted image',
      artifact(oci.config, [oci.layer, `${oci.layer}+encrypted`]),
      'encrypted-layer',
      'Layer 2 of 2',
    ],
  ])('%s is recognised', async (_, made, code, words) => {
    // Nothing but the manifest is asked for.
    const { images, notApplicable } = await resolve(made.manifest)
    expect(images).toEqual([])
    expect(notApplicable).toEqual([
      {
        digest: made.manifest.digest,
        mediaType: oci.manifest,
        platform: null,
        reason: { code, message: expect.stringContaining(words) },
      },
    ])
  })

  it('Windows image is recognised by its configuration', async () => {
    const made = madeImage({ config: { os: 'windows', 'os.version': '10.0.20348.1' } })
    const { images, notApplicable } = await resolve(made.manifest, made.blobs)
    expect(images).toEqual([])
    expect(notApplicable[0]).toMatchObject({
      platform: { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.1' },
      reason: { code: 'windows-image' },
    })
  })

  it.each([
    [
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      { schemaVersion: 1, fsLayers: [], history: [] },
    ],
    ['application/vnd.docker.distribution.manifest.v1+json', { fsLayers: [] }],
    ['application/json', { schemaVersion: 1, name: 'app', tag: 'latest' }],
  ])('schema 1 is recognised: %s', async (mediaType, content) => {
    const { notApplicable } = await resolve(blob(content, mediaType))
    expect(notApplicable[0]?.reason.code).toBe('schema1-manifest')
  })

  it('some other JSON is recognised', async () => {
    const { notApplicable } = await resolve(
      blob({ mediaType: 'application/vnd.example+json', blobs: [] }, 'application/json'),
    )
    expect(notApplicable[0]?.reason).toEqual({
      code: 'not-an-image',
      message: 'It holds application/vnd.example+json, not a container image.',
    })
  })
})

describe('an index', () => {
  const platform = (os: string, architecture: string, variant?: string) => ({
    platform: { os, architecture, variant },
  })
  const forAmd64 = madeImage()
  const forArm64 = madeImage({ config: { architecture: 'arm64' } })
  const attestation = madeImage({ layerTypes: ['application/vnd.in-toto+json'] })

  it.each([
    ['OCI', oci.index],
    ['Docker', docker.index],
  ])('of %s gives the platforms wanted and names the rest', async (_, mediaType) => {
    const index = madeIndex(
      [
        { of: forArm64.manifest, with: platform('linux', 'arm64', 'v8') },
        { of: forAmd64.manifest, with: platform('linux', 'amd64') },
        { of: blob({ a: 1 }, oci.manifest), with: platform('windows', 'amd64') },
        { of: blob({ a: 2 }, oci.manifest), with: platform('linux', 's390x') },
        {
          of: attestation.manifest,
          with: {
            ...platform('unknown', 'unknown'),
            annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
          },
        },
        { of: blob({ a: 3 }, 'application/vnd.buildkit.cacheconfig.v0') },
      ],
      mediaType,
    )
    // Neither the manifests of unwanted platforms nor what is no manifest is fetched: they are not there.
    const store = [forAmd64, forArm64].flatMap(({ manifest, blobs }) => [manifest, ...blobs])
    const found = await resolve(index, store, [amd64, arm64])
    expect(found.indexDigest).toBe(index.digest)
    expect(found.images.map(image => image.digest)).toEqual([
      forArm64.manifest.digest,
      forAmd64.manifest.digest,
    ])
    expect(found.notApplicable.map(({ reason }) => reason.code)).toEqual([
      'windows-image',
      'unsupported-platform',
      'attestation',
      'not-an-image',
    ])
    expect(found.notApplicable[1]?.reason.message).toBe(
      'It is for linux/s390x, and only images for linux/amd64 and linux/arm64 are scanned.',
    )
  })

  it('cannot hide an image behind the annotation of an attestation', async () => {
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' }
    const index = madeIndex([{ of: forAmd64.manifest, with: { ...platform('linux', 'amd64'), annotations } }])
    expect((await resolve(index, [forAmd64.manifest, ...forAmd64.blobs])).images).toHaveLength(1)
  })

  it('asks an entry without a platform for its own', async () => {
    const index = madeIndex([{ of: forAmd64.manifest }, { of: forArm64.manifest }])
    const store = [forAmd64, forArm64].flatMap(({ manifest, blobs }) => [manifest, ...blobs])
    const { images, notApplicable } = await resolve(index, store)
    expect(images.map(image => image.digest)).toEqual([forAmd64.manifest.digest])
    expect(notApplicable).toMatchObject([{ platform: arm64, reason: { code: 'unsupported-platform' } }])
  })

  it('takes every variant of a platform wanted without one, and else the one', async () => {
    const v6 = madeImage({ config: { architecture: 'arm', variant: 'v6' } })
    const v7 = madeImage({ config: { architecture: 'arm', variant: 'v7' } })
    const index = madeIndex([
      { of: v6.manifest, with: platform('linux', 'arm', 'v6') },
      { of: v7.manifest, with: platform('linux', 'arm') },
    ])
    const store = [v6, v7].flatMap(({ manifest, blobs }) => [manifest, ...blobs])
    const arm = { os: 'linux', architecture: 'arm' }
    expect((await resolve(index, store, [arm])).images).toHaveLength(2)
    const { images } = await resolve(index, store, [{ ...arm, variant: 'v7' }])
    expect(images.map(image => image.digest)).toEqual([v7.manifest.digest])
  })

  it('may nest another, names each image once, and may be empty', async () => {
    const inner = madeIndex([{ of: forAmd64.manifest, with: platform('linux', 'amd64') }])
    const index = madeIndex([{ of: inner }, { of: forAmd64.manifest, with: platform('linux', 'amd64') }])
    const found = await resolve(index, [inner, forAmd64.manifest, ...forAmd64.blobs])
    expect(found.images).toHaveLength(1)
    expect(await resolve(madeIndex([]))).toMatchObject({ images: [], notApplicable: [] })
  })

  it('is refused when it nests too deep or names too many', async () => {
    const levels = [madeIndex([])]
    for (let depth = 0; depth < 4; depth++) levels.unshift(madeIndex(levels.slice(0, 1).map(of => ({ of }))))
    const [top, ...below] = levels
    if (top === undefined) throw new Error('no index was made')
    expect((await failureOf(top, below)).message).toContain('nests')

    const many = Array.from({ length: 201 }, (_, index) => ({
      of: blob({ index }, oci.manifest),
      with: platform('linux', 's390x'),
    }))
    expect(await failureOf(madeIndex(many))).toMatchObject({ code: 'manifest-invalid' })
  })

  it('fails when an image that is wanted is not there', async () => {
    const index = madeIndex([{ of: forAmd64.manifest, with: platform('linux', 'amd64') }])
    expect(await failureOf(index)).toMatchObject({ code: 'image-not-found' })
  })
})

describe('a manifest that cannot be read', () => {
  const good = madeImage()
  const variant = (manifest: object) => madeImage({ manifest }).manifest

  it.each([
    ['not JSON', blob(Buffer.from('<html>'), oci.manifest), 'not JSON'],
    ['not UTF-8', blob(Buffer.from([0x22, 0xff, 0x22]), oci.manifest), 'not JSON'],
    ['not an object', blob([1], oci.manifest), 'not as the specification has it'],
    ['an index and an image at once', variant({ manifests: [] }), 'both as an index and as a single image'],
    [
      'without its members',
      blob({ schemaVersion: 2, mediaType: oci.manifest }, oci.manifest),
      'lacks the members',
    ],
    [
      'with a digest that leads elsewhere',
      variant({ layers: [{ mediaType: oci.layer, digest: 'sha256:../../etc/passwd', size: 1 }] }),
      'layers.0.digest',
    ],
    [
      'with a negative size',
      variant({ layers: [{ ...descriptor(good.config), size: -1 }] }),
      'layers.0.size',
    ],
    [
      'with a size that is no integer',
      variant({ layers: [{ ...descriptor(good.config), size: 1.5 }] }),
      'layers.0.size',
    ],
  ])('%s', async (_, manifest, words) => {
    const error = await failureOf(manifest, good.blobs)
    expect(error.code).toBe('manifest-invalid')
    expect(error.message).toContain(words)
  })

  it.each([
    ['not JSON', blob(Buffer.from('{'), oci.config), 'configuration is not JSON'],
    [
      'without layers',
      blob({ os: 'linux', architecture: 'amd64' }, oci.config),
      'has 1 layers, the configuration has 0',
    ],
    ['with a diffID that is none', blob({ rootfs: { diff_ids: ['x'] } }, oci.config), 'rootfs.diff_ids.0'],
  ])('or a configuration %s', async (_, config, words) => {
    const manifest = variant({ config: descriptor(config) })
    const error = await failureOf(manifest, [config])
    expect(error.code).toBe('manifest-invalid')
    expect(error.message).toContain(words)
  })

  it('or sizes that are too large to be true', async () => {
    const size = Number.MAX_SAFE_INTEGER
    const layer = { mediaType: oci.layer, digest: good.config.digest, size }
    const diffIds = [good.config.digest, good.config.digest]
    const config = blob({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: diffIds } }, oci.config)
    const manifest = variant({ config: descriptor(config), layers: [layer, layer] })
    expect(await failureOf(manifest, [config])).toMatchObject({ code: 'manifest-invalid' })
  })
})
