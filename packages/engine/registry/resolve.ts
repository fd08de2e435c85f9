import type { CoverageReason, Digest, Layer, Platform } from '@plimsoll/types'
import { platformName } from '@plimsoll/types'
import { notAnImage, schema1, whyNotAnImage, whyNotFetched, windows } from './classify.ts'
import { joinLayers, parseImageConfig, platform as platformFrom } from './image-config.ts'
import {
  type Descriptor,
  type ImageManifest,
  type IndexEntry,
  parseManifest,
  type StoredManifest,
} from './manifest.ts'
import { essence, isForeignLayer, isImageManifest, isIndex, isSchema1, kindOf } from './media-types.ts'
import { isFor, isWanted } from './platform.ts'
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

/** What is found of images, one after the other. */
type Found = { -readonly [member in keyof Omit<Resolution, 'indexDigest'>]: [...Resolution[member]] }

/**
 * Works out what a manifest stands for: itself, or an index's children for the platforms wanted, and everything
 * recognised beside them with the reason why it is not assessed.
 *
 * @throws SourceError
 */
export async function resolveManifest(
  root: StoredManifest,
  wanted: readonly Platform[],
  store: ContentStore,
): Promise<Resolution> {
  const manifest = parseManifest(root)
  if (manifest.kind === 'index') {
    const found = await resolveEntries(manifest.entries, wanted, store)
    return { indexDigest: root.digest, ...found }
  }
  return { indexDigest: null, ...resolutionOf(await resolveSingle(root, store), wanted) }
}

/** What there is when a reference names this one thing. A single image is taken whatever its platform, if any will do. */
export function resolutionOf(outcome: Outcome, wanted: readonly Platform[]): Omit<Resolution, 'indexDigest'> {
  const found = nothingFound()
  put(found, outcome, wanted)
  return found
}

export type Outcome =
  | { readonly image: ResolvedImage }
  | { readonly image: null; readonly notApplicable: NotApplicable }

const nothingFound = (): Found => ({ images: [], notApplicable: [], unresolved: [], unwanted: [] })

/**
 * The children of an index, each digest once, in the index's order. One that is missing or damaged does not keep
 * the others from being scanned.
 */
export async function resolveEntries(
  entries: readonly IndexEntry[],
  wanted: readonly Platform[],
  store: ContentStore,
): Promise<Omit<Resolution, 'indexDigest'>> {
  const found = nothingFound()
  const seen = new Set<Digest>()

  const visit = async (entry: IndexEntry, depth: number): Promise<void> => {
    if (seen.has(entry.digest)) return
    if (seen.size === maxChildren) throw invalid(`The index names more than ${maxChildren} manifests.`)
    seen.add(entry.digest)
    const platform = platformOf(entry)
    const { digest, mediaType } = entry
    if (platform !== null && !isWanted(platform, wanted)) {
      found.unwanted.push({ digest, platform })
      return
    }
    const reason = whyNotFetched(entry) ?? whyNotRun(platform, wanted) ?? whyUnreadable(entry)
    if (reason !== null) {
      found.notApplicable.push({ digest, mediaType, platform, reason })
      return
    }
    let child: Outcome | { readonly entries: readonly IndexEntry[] }
    try {
      child = await resolveChild(entry, store)
    } catch (error) {
      if (!isOfOneImage(error)) throw error
      found.unresolved.push({ digest, platform, error })
      return
    }
    if ('image' in child) return put(found, ofIndex(child, platform, wanted), platform === null ? wanted : [])
    if (depth === maxDepth) throw invalid(`The index nests other indexes more than ${maxDepth} deep.`)
    for (const inner of child.entries) await visit(inner, depth + 1)
  }

  for (const entry of entries) await visit(entry, 1)
  return found
}

async function resolveChild(
  entry: IndexEntry,
  store: ContentStore,
): Promise<Outcome | { readonly entries: readonly IndexEntry[] }> {
  const stored = await store.manifest(entry)
  const manifest = parseManifest(stored)
  return manifest.kind === 'index' ? { entries: manifest.entries } : await resolveSingle(stored, store)
}

/** Whether an error is about the image it was met at, so that another image may well be had. */
const isOfOneImage = (error: unknown): error is SourceError =>
  error instanceof SourceError &&
  ['image-not-found', 'manifest-invalid', 'digest-mismatch', 'size-mismatch'].includes(error.code)

/** A child with what its entry says of it; an entry that names no platform shows its own only now. */
function ofIndex(outcome: Outcome, platform: Platform | null, wanted: readonly Platform[]): Outcome {
  if (outcome.image === null) {
    const { notApplicable } = outcome
    return { image: null, notApplicable: { ...notApplicable, platform: notApplicable.platform ?? platform } }
  }
  const { image } = outcome
  const reason = platform === null ? whyNotRun(image.platform, wanted) : null
  if (reason !== null) {
    const { digest, mediaType } = image
    return { image: null, notApplicable: { digest, mediaType, platform: image.platform, reason } }
  }
  // Many a configuration leaves out the variant that the index tells.
  const isLess = image.platform?.variant === undefined && platform !== null
  const isSame = image.platform === null || (platform !== null && isWanted(platform, [image.platform]))
  return isLess && isSame ? { image: { ...image, platform } } : outcome
}

function put(found: Found, outcome: Outcome, wanted: readonly Platform[]): void {
  const { digest, platform } = outcome.image ?? outcome.notApplicable
  // What is no image at all is for no platform; it is named whatever was wanted.
  const isAsked =
    platform === null ? wanted.length === 0 || outcome.image === null : isWanted(platform, wanted)
  if (!isAsked) found.unwanted.push({ digest, platform })
  else if (outcome.image === null) found.notApplicable.push(outcome.notApplicable)
  else found.images.push(outcome.image)
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

  const config = parseImageConfig(await store.config(manifest.config), manifest.layers.length)
  const { platform } = config
  if (platform !== null && isFor('windows', platform)) return because(windows, platform)
  const layers = await markForeign(joinLayers(config, manifest.layers), manifest, store)
  return {
    image: {
      digest: stored.digest,
      mediaType: manifest.mediaType,
      platform,
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

export function sumOfSizes(layers: readonly Layer[]): number {
  const sum = layers.reduce((total, layer) => total + layer.sizeBytes, 0)
  if (Number.isSafeInteger(sum)) return sum
  throw invalid('The sizes of the layers are too large to be true.')
}

/** Null when the entry leaves it open, or is for no machine. */
function platformOf({ platform }: IndexEntry): Platform | null {
  if (platform == null || platform.os === '' || platform.architecture === '') return null
  if (platform.os === 'unknown' || platform.architecture === 'unknown') return null
  const { os, architecture, variant, 'os.version': osVersion } = platform
  return platformFrom(os, architecture, variant, osVersion)
}

/** Why an image is not taken where all that run are: it is for another system than Linux. */
function whyNotRun(platform: Platform | null, wanted: readonly Platform[]): CoverageReason | null {
  if (wanted.length > 0 || platform === null || isFor('linux', platform)) return null
  const message = `It is for ${platformName(platform)}, and Plimsoll reads Linux images only.`
  return { code: 'unsupported-platform', message }
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
