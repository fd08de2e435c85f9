import type { CoverageReason, Digest, Layer, Platform } from '@plimsoll/types'
import { platformName } from '@plimsoll/types'
import { notAnImage, schema1, whyNotAnImage, whyNotFetched, windows } from './classify.ts'
import { parseImageConfig, platform as platformFrom } from './image-config.ts'
import {
  type Descriptor,
  type ImageManifest,
  type IndexEntry,
  parseManifest,
  type StoredManifest,
} from './manifest.ts'
import { essence, isForeignLayer, isImageManifest, isIndex, isSchema1, kindOf } from './media-types.ts'
import { isWanted } from './platform.ts'
import type { NotApplicable, Resolution, ResolvedImage } from './source.ts'
import { SourceError } from './source-error.ts'

/** Where manifests and configurations are read from, verified against digest and size. */
export interface ContentStore {
  manifest(entry: Descriptor): Promise<StoredManifest>
  config(descriptor: Descriptor): Promise<Uint8Array>
  hasBlob(descriptor: Descriptor): Promise<boolean>
}

/** An index may name indexes; nobody nests them deeper, and a hostile one could do so for ever. */
const maxDepth = 3
/** More children than any real index has; each costs two requests. */
const maxChildren = 200

/**
 * Works out what a manifest stands for: itself, or an index's children for the platforms wanted, and everything
 * recognised beside them with the reason why it is not assessed. A single manifest is taken whatever its platform.
 *
 * @throws SourceError
 */
export async function resolveManifest(
  root: StoredManifest,
  platforms: readonly Platform[],
  store: ContentStore,
): Promise<Resolution> {
  const manifest = parseManifest(root)
  if (manifest.kind === 'index') {
    const found = await resolveEntries(manifest.entries, platforms, store)
    return { indexDigest: root.digest, ...found }
  }
  const outcome = await resolveSingle(root, store)
  return {
    indexDigest: null,
    images: outcome.image === null ? [] : [outcome.image],
    notApplicable: outcome.image === null ? [outcome.notApplicable] : [],
  }
}

type Outcome =
  | { readonly image: ResolvedImage }
  | { readonly image: null; readonly notApplicable: NotApplicable }

/** The children of an index, each digest once, in the index's order. */
export async function resolveEntries(
  entries: readonly IndexEntry[],
  platforms: readonly Platform[],
  store: ContentStore,
): Promise<{ images: ResolvedImage[]; notApplicable: NotApplicable[] }> {
  const images: ResolvedImage[] = []
  const notApplicable: NotApplicable[] = []
  const seen = new Set<Digest>()

  const visit = async (entry: IndexEntry, depth: number): Promise<void> => {
    if (seen.has(entry.digest)) return
    if (seen.size === maxChildren) throw invalid(`The index names more than ${maxChildren} manifests.`)
    seen.add(entry.digest)
    const reason = whyNotFetched(entry) ?? whyUnwanted(entry, platforms) ?? whyUnreadable(entry)
    if (reason !== null) {
      notApplicable.push({
        digest: entry.digest,
        mediaType: entry.mediaType,
        platform: platformOf(entry),
        reason,
      })
      return
    }
    const stored = await store.manifest(entry)
    const manifest = parseManifest(stored)
    if (manifest.kind === 'index') {
      if (depth === maxDepth) throw invalid(`The index nests other indexes more than ${maxDepth} deep.`)
      for (const child of manifest.entries) await visit(child, depth + 1)
      return
    }
    const outcome = await resolveSingle(stored, store)
    if (outcome.image === null) {
      notApplicable.push({
        ...outcome.notApplicable,
        platform: outcome.notApplicable.platform ?? platformOf(entry),
      })
      return
    }
    // An entry that names no platform shows its own only now.
    const { image } = outcome
    const unwanted = entry.platform == null && image.platform !== null && !isWanted(image.platform, platforms)
    if (unwanted && image.platform !== null) {
      const { digest, mediaType, platform } = image
      notApplicable.push({ digest, mediaType, platform, reason: unsupported(platform, platforms) })
    } else images.push(image)
  }

  for (const entry of entries) await visit(entry, 1)
  return { images, notApplicable }
}

async function resolveSingle(stored: StoredManifest, store: ContentStore): Promise<Outcome> {
  const manifest = parseManifest(stored)
  const because = (reason: CoverageReason, platform: Platform | null = null): Outcome => ({
    image: null,
    notApplicable: { digest: stored.digest, mediaType: manifest.mediaType, platform, reason },
  })
  if (manifest.kind === 'schema1') return because(schema1)
  if (manifest.kind !== 'image') return because(otherKind(manifest.mediaType))
  const reason = whyNotAnImage(manifest)
  if (reason !== null) return because(reason)

  const config = parseImageConfig(await store.config(manifest.config), manifest)
  if (config.platform?.os === 'windows') return because(windows, config.platform)
  const layers = await markForeign(config.layers, manifest, store)
  return {
    image: {
      digest: stored.digest,
      mediaType: manifest.mediaType,
      platform: config.platform,
      layers,
      sizeBytes: sumOfSizes(layers),
      createdAt: config.createdAt,
      reasons: layers.flatMap((layer, index) => (layer.foreign ? [foreign(index, layers.length)] : [])),
    },
  }
}

/**
 * Marks layers the registry does not hold. Their `urls` are a stranger's choice of address and are never followed;
 * many registries hold such layers all the same, and then they are read like any other.
 */
async function markForeign(
  layers: readonly Layer[],
  manifest: ImageManifest,
  store: ContentStore,
): Promise<readonly Layer[]> {
  const marked: Layer[] = []
  for (const [index, layer] of layers.entries()) {
    const descriptor = manifest.layers[index]
    const missing =
      descriptor !== undefined && isForeignLayer(layer.mediaType) && !(await store.hasBlob(descriptor))
    marked.push(missing ? { ...layer, foreign: true } : layer)
  }
  return marked
}

function foreign(index: number, layers: number): CoverageReason {
  return {
    code: 'foreign-layer',
    message: `Layer ${index + 1} of ${layers} is kept outside the registry (a foreign layer), so it was not read.`,
  }
}

function sumOfSizes(layers: readonly Layer[]): number {
  const sum = layers.reduce((total, layer) => total + layer.sizeBytes, 0)
  if (Number.isSafeInteger(sum)) return sum
  throw invalid('The sizes of the layers are too large to be true.')
}

function platformOf(entry: IndexEntry): Platform | null {
  if (entry.platform == null || entry.platform.os === 'unknown') return null
  const { os, architecture, variant, 'os.version': osVersion } = entry.platform
  return platformFrom(os, architecture, variant, osVersion)
}

function whyUnwanted(entry: IndexEntry, wanted: readonly Platform[]): CoverageReason | null {
  const platform = platformOf(entry)
  return platform === null || isWanted(platform, wanted) ? null : unsupported(platform, wanted)
}

function unsupported(platform: Platform, wanted: readonly Platform[]): CoverageReason {
  return {
    code: 'unsupported-platform',
    message: `It is for ${platformName(platform)}, and only images for ${wanted.map(platformName).join(' and ')} are scanned.`,
  }
}

/** An index may list blobs that are no manifests at all, as build caches do. */
function whyUnreadable(entry: IndexEntry): CoverageReason | null {
  const { mediaType } = entry
  if (isIndex(mediaType) || isImageManifest(mediaType)) return null
  return isSchema1(mediaType) ? schema1 : otherKind(mediaType)
}

function otherKind(mediaType: string | null): CoverageReason {
  if (mediaType === null) return notAnImage('It is not a manifest of a container image.')
  const kind = kindOf([mediaType])
  return notAnImage(
    kind === null
      ? `It holds ${essence(mediaType)}, not a container image.`
      : `It is ${kind} (${essence(mediaType)}), not a container image.`,
  )
}

const invalid = (message: string): SourceError => new SourceError('manifest-invalid', message)
