import type { Platform } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { resolveManifest } from './resolve.ts'
import { SourceError } from './source-error.ts'
import { storedBlob, storeOf } from './testdata/blob-store.ts'
import { type Blob, blob, descriptor, docker, madeImage, oci } from './testdata/made-image.ts'

const resolve = (root: Blob, blobs: readonly Blob[] = [], platforms: readonly Platform[] = []) =>
  resolveManifest(storedBlob(root), platforms, storeOf(...blobs))

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

  it('pitfall 47: is taken whatever its platform, unless others are asked for', async () => {
    const platform = { os: 'linux', architecture: 's390x' }
    const made = madeImage({ config: platform })
    for (const wanted of [[], [platform], [{ os: 'linux', architecture: 'amd64' }, platform]]) {
      expect(await resolve(made.manifest, made.blobs, wanted)).toMatchObject({
        images: [{ platform }],
        unwanted: [],
      })
    }
    expect(await resolve(made.manifest, made.blobs, [{ os: 'linux', architecture: 'amd64' }])).toMatchObject({
      images: [],
      notApplicable: [],
      unwanted: [{ digest: made.manifest.digest, platform }],
    })
  })

  it('that does not say its platform is wanted only when every one is', async () => {
    const made = madeImage({ config: { os: '', architecture: undefined } })
    expect((await resolve(made.manifest, made.blobs)).images).toHaveLength(1)
    const asked = await resolve(made.manifest, made.blobs, [{ os: 'linux', architecture: 'amd64' }])
    expect(asked).toMatchObject({ images: [], unwanted: [{ platform: null }] })
  })

  it('is known by its members when neither it nor the registry says what it is', async () => {
    const made = madeImage({ manifest: { mediaType: undefined } })
    const { images } = await resolveManifest(storedBlob(made.manifest, null), [], storeOf(...made.blobs))
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

  it('pitfall 48: stays an image when it calls itself something else', async () => {
    const made = madeImage({
      manifest: {
        artifactType: 'application/vnd.example.innocent',
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    })
    const { images } = await resolve(made.manifest, made.blobs)
    expect(images).toHaveLength(1)
  })

  it('pitfall 49: says which layers the registry does not hold', async () => {
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
  ])('pitfall 48: %s is recognised', async (_, made, code, words) => {
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

  it('pitfall 49: Windows image is recognised by its configuration', async () => {
    const made = madeImage({ config: { os: 'Windows', 'os.version': '10.0.20348.1' } })
    const { images, notApplicable } = await resolve(made.manifest, made.blobs)
    expect(images).toEqual([])
    expect(notApplicable[0]).toMatchObject({
      platform: { os: 'Windows', architecture: 'amd64', osVersion: '10.0.20348.1' },
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
  ])('pitfall 51: schema 1 is recognised: %s', async (mediaType, content) => {
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
