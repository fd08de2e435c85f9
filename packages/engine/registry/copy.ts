import { type Digest, digestSchema, type Platform } from '@plimsoll/types'
import { chosenImage } from './chosen-image.ts'
import type { RegistryClient } from './client.ts'
import { type Descriptor, parseManifest, type StoredManifest } from './manifest.ts'
import { isForeignLayer } from './media-types.ts'
import { cancelled } from './retry.ts'
import { SourceError } from './source-error.ts'

export interface CopyOptions {
  readonly source: {
    readonly client: RegistryClient
    readonly repository: string
    readonly reference: string
  }
  readonly target: {
    readonly client: RegistryClient
    readonly repository: string
    readonly tag: string | null
  }
  /** That image of an index alone; null: all that the reference names. */
  readonly platform: Platform | null
  /** Another repository of the target's registry that has this blob; null when none is known. */
  readonly mountFrom?: (digest: string) => string | null
}

/** Bytes of blobs. `bytesSpared` were there already or mounted; they count as done. */
export interface CopyProgress {
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly bytesSpared: number
}

/** Blobs at a time. */
const concurrency = 3
const maxManifests = 1000
const maxDepth = 3

/**
 * Copies an image, an index with all that it names, or one platform's image of it, from one registry to another (or
 * within one) by digest: manifests keep their bytes, blobs are verified as they pass, and what the target has is not
 * sent. Blobs go first, then manifests from the bottom up, the tag last: until then nothing names what is incomplete.
 * @returns the digest that the target names now, and whether it is an index.
 * @throws SourceError
 */
export async function copyImage(
  { source, target, platform, mountFrom = () => null }: CopyOptions,
  onProgress: (progress: CopyProgress) => void,
  signal: AbortSignal,
): Promise<{ digest: Digest; isIndex: boolean }> {
  const root = await chosenImage(source, platform, signal)
  const manifests = await withChildren(root, source, signal)
  const blobs = await blobsOf(manifests, source, signal)
  const progress = { bytesDone: 0, bytesTotal: 0, bytesSpared: 0 }
  progress.bytesTotal = blobs.reduce((sum, { size }) => sum + size, 0)
  onProgress({ ...progress })

  const copyOne = async ({ digest, size }: Descriptor, signal: AbortSignal): Promise<void> => {
    if (await target.client.hasBlob(target.repository, digest, signal)) {
      progress.bytesDone += size
      progress.bytesSpared += size
      onProgress({ ...progress })
      return
    }
    const isSame = source.client.url === target.client.url && source.repository !== target.repository
    let counted = 0
    const written = await target.client.writes.blob(
      target.repository,
      {
        blob: { digest, sizeBytes: size },
        read: () =>
          source.client.blob(source.repository, { digest, sizeBytes: size }, `The blob ${digest}`, signal),
        mountFrom: isSame ? source.repository : mountFrom(digest),
        onBytes(bytes) {
          counted += bytes
          progress.bytesDone += bytes
          onProgress({ ...progress })
        },
      },
      signal,
    )
    progress.bytesDone += size - counted
    if (written === 'mounted') progress.bytesSpared += size
    onProgress({ ...progress })
  }
  await inParallel(blobs, signal, copyOne)
  for (const manifest of manifests) {
    const tag = manifest.digest === root.digest ? target.tag : null
    await target.client.writes.manifest(target.repository, manifest, tag, signal)
  }
  return { digest: digestSchema.parse(root.digest), isIndex: parseManifest(root).kind === 'index' }
}

type Place = CopyOptions['source']

/** The manifest after all that it names, each once. */
async function withChildren(
  root: StoredManifest,
  { client, repository }: Place,
  signal: AbortSignal,
): Promise<StoredManifest[]> {
  const ordered = new Map<string, StoredManifest>()
  const visit = async (stored: StoredManifest, depth: number): Promise<void> => {
    const manifest = parseManifest(stored)
    if (manifest.kind !== 'index' && manifest.kind !== 'image') {
      throw new SourceError('manifest-invalid', `${stored.digest} is of a kind that cannot be copied.`, {
        hint: 'Images of the old schema 1 have to be pushed again with a current tool.',
      })
    }
    if (manifest.kind === 'index') {
      if (depth === maxDepth || ordered.size + manifest.entries.length > maxManifests) {
        throw new SourceError('manifest-invalid', 'The index names too much to be copied.')
      }
      for (const { digest } of manifest.entries) {
        if (!ordered.has(digest)) await visit(await client.manifest(repository, digest, signal), depth + 1)
      }
    }
    ordered.set(stored.digest, { ...stored, contentType: manifest.mediaType })
  }
  await visit(root, 0)
  return [...ordered.values()]
}

/** Every blob that the manifests name, once. What nobody holds there (foreign layers) nobody misses. */
async function blobsOf(
  manifests: readonly StoredManifest[],
  { client, repository }: Place,
  signal: AbortSignal,
): Promise<Descriptor[]> {
  const blobs = new Map<string, Descriptor>()
  for (const stored of manifests) {
    const manifest = parseManifest(stored)
    if (manifest.kind !== 'image') continue
    for (const blob of [manifest.config, ...manifest.layers]) {
      if (blobs.has(blob.digest)) continue
      const missing =
        isForeignLayer(blob.mediaType) && !(await client.hasBlob(repository, blob.digest, signal))
      if (!missing) blobs.set(blob.digest, blob)
    }
  }
  return [...blobs.values()]
}

async function inParallel<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const halt = new AbortController()
  const halted = AbortSignal.any([signal, halt.signal])
  const waiting = items.values()
  const errors: unknown[] = []
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (halted.aborted) return
      try {
        await work(item, halted)
      } catch (error) {
        errors.push(error)
        halt.abort()
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  // The first is why; the others broke off because of it.
  if (errors.length > 0) throw errors[0]
  if (signal.aborted) throw cancelled(signal)
}
