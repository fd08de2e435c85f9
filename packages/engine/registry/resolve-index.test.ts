import type { Platform } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { resolveManifest } from './resolve.ts'
import { SourceError } from './source-error.ts'
import { storedBlob, storeOf } from './testdata/blob-store.ts'
import { type Blob, blob, docker, madeImage, madeIndex, oci } from './testdata/made-image.ts'

const amd64: Platform = { os: 'linux', architecture: 'amd64' }
const arm64: Platform = { os: 'linux', architecture: 'arm64' }

const resolve = (root: Blob, blobs: readonly Blob[] = [], platforms: readonly Platform[] = []) =>
  resolveManifest(storedBlob(root), platforms, storeOf(...blobs))

async function failureOf(root: Blob, blobs: readonly Blob[] = []): Promise<SourceError> {
  const failure = await resolve(root, blobs).then(
    () => null,
    (error: unknown) => error,
  )
  if (failure instanceof SourceError) return failure
  throw new Error('It should have failed.', { cause: failure })
}

const platform = (os: string, architecture: string, variant?: string) => ({
  platform: { os, architecture, variant },
})
const attested = { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }
const forAmd64 = madeImage()
const forArm64 = madeImage({ config: { architecture: 'arm64' } })
const attestation = madeImage({ layerTypes: ['application/vnd.in-toto+json'] })
const both = [forAmd64, forArm64].flatMap(({ manifest, blobs }) => [manifest, ...blobs])
const digestsOf = (found: readonly { digest: string | null }[]) => found.map(({ digest }) => digest)

/** As BuildKit makes one: images for several platforms, an attestation about each, and here some more. */
const severalEntries = [
  { of: forArm64.manifest, with: platform('linux', 'arm64', 'v8') },
  { of: forAmd64.manifest, with: platform('linux', 'amd64') },
  { of: blob({ a: 1 }, oci.manifest), with: platform('windows', 'amd64') },
  { of: blob({ a: 2 }, oci.manifest), with: platform('freebsd', 'amd64') },
  { of: attestation.manifest, with: { ...platform('unknown', 'unknown'), ...attested } },
  { of: blob({ a: 3 }, 'application/vnd.buildkit.cacheconfig.v0') },
]

describe('an index', () => {
  it.each([
    ['OCI', oci.index],
    ['Docker', docker.index],
  ])('pitfall 47: of %s gives every image that runs on Linux, and names the rest', async (_, mediaType) => {
    const index = madeIndex(severalEntries, mediaType)
    // Neither the manifests for other systems nor what is no manifest is fetched: they are not there.
    const found = await resolve(index, both)
    expect(found).toMatchObject({ indexDigest: index.digest, unwanted: [], unresolved: [] })
    expect(found.images.map(image => image.platform)).toEqual([{ ...arm64, variant: 'v8' }, amd64])
    expect(found.notApplicable.map(({ reason }) => reason.code)).toEqual([
      'windows-image',
      'unsupported-platform',
      'attestation',
      'not-an-image',
    ])
    expect(found.notApplicable[1]?.reason.message).toBe(
      'It is for freebsd/amd64, and Plimsoll reads Linux images only.',
    )
  })

  it('pitfall 47: gives those asked for, and says what else there is', async () => {
    const index = madeIndex(severalEntries)
    // Nothing else is fetched.
    const found = await resolve(index, [forAmd64.manifest, ...forAmd64.blobs], [amd64])
    expect(digestsOf(found.images)).toEqual([forAmd64.manifest.digest])
    expect(found.unwanted).toMatchObject([
      { digest: forArm64.manifest.digest, platform: { ...arm64, variant: 'v8' } },
      { platform: { os: 'windows' } },
      { platform: { os: 'freebsd' } },
    ])
    expect(found.notApplicable.map(({ reason }) => reason.code)).toEqual(['attestation', 'not-an-image'])
    const nothing = await resolve(index, [], [{ os: 'linux', architecture: 's390x' }])
    expect(nothing.images).toEqual([])
    expect(nothing.unwanted).toHaveLength(4)
    const windows = await resolve(index, [], [{ os: 'windows', architecture: 'amd64' }])
    expect(windows.notApplicable[0]?.reason.code).toBe('windows-image')
  })

  it('pitfall 47: takes platforms for the same that container runtimes take for the same', async () => {
    const index = madeIndex([
      { of: forAmd64.manifest, with: platform('Linux', 'x86_64') },
      { of: forArm64.manifest, with: platform('linux', 'aarch64') },
    ])
    expect((await resolve(index, both)).images).toHaveLength(2)
    const found = await resolve(index, both, [{ ...arm64, variant: 'v8' }])
    expect(digestsOf(found.images)).toEqual([forArm64.manifest.digest])
  })

  it('pitfall 47: leaves nothing out because an entry does not say its platform', async () => {
    const entries = [{ of: forAmd64.manifest }, { of: forArm64.manifest, with: platform('', '') }]
    const index = madeIndex(entries)
    expect((await resolve(index, both)).images).toHaveLength(2)
    const { images, unwanted } = await resolve(index, both, [amd64])
    expect(digestsOf(images)).toEqual([forAmd64.manifest.digest])
    expect(unwanted).toEqual([{ digest: forArm64.manifest.digest, platform: arm64 }])
    const plan9 = madeImage({ config: { os: 'plan9' } })
    const found = await resolve(madeIndex([{ of: plan9.manifest }]), [plan9.manifest, ...plan9.blobs])
    expect(found).toMatchObject({ images: [], notApplicable: [{ reason: { code: 'unsupported-platform' } }] })
  })

  it('pitfall 47: gives the others when one is missing or damaged, and says which is not there', async () => {
    const entries = [
      { of: forArm64.manifest, with: platform('linux', 'arm64') },
      { of: blob([], oci.manifest), with: platform('linux', 's390x') },
      { of: forAmd64.manifest, with: platform('linux', 'amd64') },
    ]
    const index = madeIndex(entries)
    const found = await resolve(index, [blob([], oci.manifest), forAmd64.manifest, ...forAmd64.blobs])
    expect(digestsOf(found.images)).toEqual([forAmd64.manifest.digest])
    expect(found.unresolved).toMatchObject([
      { digest: forArm64.manifest.digest, platform: arm64, error: { code: 'image-not-found' } },
      { platform: { architecture: 's390x' }, error: { code: 'manifest-invalid' } },
    ])
    const away = { ...storeOf(), manifest: () => Promise.reject(new SourceError('registry-timeout', 'late')) }
    await expect(resolveManifest(storedBlob(index), [], away)).rejects.toMatchObject({
      code: 'registry-timeout',
    })
  })

  it('pitfall 48: cannot hide an image behind the annotation of an attestation', async () => {
    const index = madeIndex([{ of: forAmd64.manifest, with: { ...platform('linux', 'amd64'), ...attested } }])
    expect((await resolve(index, both)).images).toHaveLength(1)
  })

  it('pitfall 48: knows an attestation by what it holds, too', async () => {
    const index = madeIndex([{ of: attestation.manifest, with: { ...platform('linux', 'amd64') } }])
    expect(await resolve(index, [attestation.manifest, ...attestation.blobs])).toMatchObject({
      images: [],
      notApplicable: [{ platform: amd64, reason: { code: 'attestation' } }],
    })
  })

  it('pitfall 47: takes every variant of a platform wanted without one, and else the one', async () => {
    const v6 = madeImage({ config: { architecture: 'arm' } })
    const v7 = madeImage({ config: { architecture: 'arm', variant: 'v7' } })
    const index = madeIndex([
      // Many a configuration leaves the variant to the index.
      { of: v6.manifest, with: platform('linux', 'arm', 'v6') },
      { of: v7.manifest, with: platform('linux', 'arm') },
    ])
    const store = [v6, v7].flatMap(({ manifest, blobs }) => [manifest, ...blobs])
    const arm = { os: 'linux', architecture: 'arm' }
    const every = await resolve(index, store, [arm])
    expect(every.images.map(image => image.platform?.variant)).toEqual(['v6', 'v7'])
    for (const [variant, { manifest }] of Object.entries({ v6, v7 })) {
      const { images } = await resolve(index, store, [{ ...arm, variant }])
      expect(digestsOf(images)).toEqual([manifest.digest])
    }
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
})
