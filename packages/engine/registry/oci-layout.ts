import { createHash } from 'node:crypto'
import { type Digest, digestSchema } from '@plimsoll/types'
import { z } from 'zod'
import { archiveFiles } from './archive-files.ts'
import { sha256, verifyDigest } from './blob.ts'
import { maxManifestBytes } from './client.ts'
import { folderFiles } from './folder-files.ts'
import {
  type Descriptor,
  type IndexEntry,
  indexEntrySchema,
  notAManifest,
  parseJson,
  type StoredManifest,
} from './manifest.ts'
import { formatReference } from './reference.ts'
import { noSuchLayer, tooLarge } from './registry-source.ts'
import { type ContentStore, resolveEntries, resolveManifest } from './resolve.ts'
import type { Source } from './source.ts'
import { SourceError } from './source-error.ts'
import { chunksOf, has, readSmall, type StoredFile, type StoredFiles, shortList } from './stored-file.ts'

interface Choice {
  /** `org.opencontainers.image.ref.name` of the entry in index.json. */
  readonly tag?: string | null
  /** A manifest or index by its digest, whether index.json lists it or not. Wins over the tag. */
  readonly digest?: Digest | null
}

export interface OciLayoutOptions extends Choice {
  readonly directory: string
}

export interface OciArchiveOptions extends Choice {
  readonly file: string
}

const refName = 'org.opencontainers.image.ref.name'
const layoutIndexSchema = z.object({ manifests: z.array(indexEntrySchema) })

/**
 * Images in an OCI layout folder (OCI image-spec 1.1, image-layout.md). Without a tag or digest the folder's only
 * image is meant, or, where none of several has a tag, all of them as one index.
 */
export function ociLayoutSource({ directory, tag = null, digest = null }: OciLayoutOptions): Source {
  const named = { tag: digest === null ? tag : null, digest }
  const reference = formatReference({ kind: 'oci-layout', directory, ...named })
  return layoutSource(folderFiles(directory), reference, `oci:${directory}`, named)
}

/** Images in a tar archive of an OCI layout, chosen as those of a folder are. */
export function ociArchiveSource({ file, tag = null, digest = null }: OciArchiveOptions): Source {
  const named = { tag: digest === null ? tag : null, digest }
  const reference = formatReference({ kind: 'oci-archive', file, ...named })
  return layoutSource(archiveFiles(file), reference, `oci-archive:${file}`, named)
}

/** @param bare the reference without tag and digest */
function layoutSource(
  files: StoredFiles,
  reference: string,
  bare: string,
  { tag, digest }: { readonly tag: string | null; readonly digest: Digest | null },
): Source {
  return {
    reference,
    async resolve(platforms, signal) {
      const store = contentOf(files, signal)
      if (digest !== null)
        return await resolveManifest(await readManifest(files, digest, null, signal), platforms, store)
      const entries = select(await readIndex(files, signal), files.place, bare, tag)
      const [only] = entries
      if (entries.length === 1 && only !== undefined) {
        return await resolveManifest(await store.manifest(only), platforms, store)
      }
      return { indexDigest: null, ...(await resolveEntries(entries, platforms, store)) }
    },
    openLayer(image, index, signal) {
      const layer = image.layers[index]
      if (layer === undefined || layer.foreign) throw noSuchLayer(index, image.layers.length)
      const what = `Layer ${index + 1} of ${image.layers.length} in ${files.place}`
      return readBlob(files, { digest: layer.digest, size: layer.sizeBytes }, what, signal)
    },
  }
}

/** The tags of a layout folder, each with what it names, in the order of index.json. */
export async function listLayoutTags(
  directory: string,
  signal: AbortSignal,
): Promise<readonly { readonly tag: string; readonly digest: Digest }[]> {
  const entries = await readIndex(folderFiles(directory), signal)
  return entries.flatMap(entry => {
    const tag = entry.annotations?.[refName]
    return tag === undefined ? [] : [{ tag, digest: entry.digest }]
  })
}

function select(
  entries: readonly IndexEntry[],
  place: string,
  bare: string,
  tag: string | null,
): readonly IndexEntry[] {
  const tags = [...new Set(entries.flatMap(entry => entry.annotations?.[refName] ?? []))]
  const listed = tags.length === 0 ? 'Its index.json names no tag.' : `It has ${shortList(tags)}.`
  if (tag !== null) {
    const named = entries.filter(entry => entry.annotations?.[refName] === tag)
    if (named.length > 0) return named
    throw new SourceError('image-not-found', `The OCI layout ${place} has no image tagged "${tag}".`, {
      hint: listed,
    })
  }
  if (entries.length === 0)
    throw new SourceError('image-not-found', `The OCI layout ${place} holds no image.`)
  if (entries.length > 1 && tags.length > 0) {
    throw new SourceError('image-not-found', `The OCI layout ${place} holds ${entries.length} images.`, {
      hint: `${listed} Name one: ${bare}:${tags[0]}`,
    })
  }
  return entries
}

async function readIndex(files: StoredFiles, signal: AbortSignal): Promise<readonly IndexEntry[]> {
  const { place } = files
  const file = await files.open('index.json', signal)
  if (file === null) {
    throw new SourceError('source-unreadable', `${place} is not an OCI layout: it has no index.json.`, {
      hint: await insteadOf(files, signal),
    })
  }
  const bytes = await readSmall(file, maxManifestBytes, `${place}/index.json`, signal)
  const parsed = layoutIndexSchema.safeParse(parseJson(bytes, 'index.json'))
  if (!parsed.success) throw notAManifest(parsed.error, 'index.json')
  return parsed.data.manifests
}

/** What to write in place of a reference that does not fit. */
async function insteadOf(files: StoredFiles, signal: AbortSignal): Promise<string> {
  const { place } = files
  if (await has(files, 'manifest.json', signal))
    return `It is what docker save writes: docker-archive:${place}`
  return 'Name the folder or archive that holds index.json and blobs, e.g. one that skopeo or umoci wrote.'
}

function contentOf(files: StoredFiles, signal: AbortSignal): ContentStore {
  return {
    manifest: entry => readManifest(files, entry.digest, entry, signal),
    async config({ digest, size }) {
      if (size > maxManifestBytes) throw tooLarge(size)
      const chunks: Uint8Array[] = []
      for await (const chunk of readBlob(files, { digest, size }, "The image's configuration", signal))
        chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    hasBlob: ({ digest }) => has(files, blobPath(digest), signal),
  }
}

async function readManifest(
  files: StoredFiles,
  digest: Digest,
  entry: Descriptor | null,
  signal: AbortSignal,
): Promise<StoredManifest> {
  const what = `The manifest ${digest}`
  const bytes = await readSmall(await openBlob(files, digest, what, signal), maxManifestBytes, what, signal)
  if (entry !== null && entry.size !== bytes.length) {
    throw new SourceError(
      'size-mismatch',
      `The manifest ${digest} has ${bytes.length} bytes, its index says ${entry.size}.`,
    )
  }
  verifyDigest(sha256(bytes), digest, what, damaged)
  return { digest, contentType: entry?.mediaType ?? null, bytes }
}

async function* readBlob(
  files: StoredFiles,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const file = await openBlob(files, digest, what, signal)
  try {
    if (file.sizeBytes !== size) {
      throw new SourceError(
        'size-mismatch',
        `${what} has ${file.sizeBytes} bytes, the manifest says ${size}.`,
      )
    }
    const hash = createHash('sha256')
    for await (const chunk of chunksOf(file, what, signal)) {
      hash.update(chunk)
      yield chunk
    }
    verifyDigest(hash.digest('hex'), digest, what, damaged)
  } finally {
    await file.handle.close()
  }
}

async function openBlob(
  files: StoredFiles,
  digest: Digest,
  what: string,
  signal: AbortSignal,
): Promise<StoredFile> {
  const file = await files.open(blobPath(digest), signal)
  if (file !== null) return file
  throw new SourceError('image-not-found', `${what} is not in ${files.place}.`, {
    hint: 'The OCI layout is incomplete. Copy the image into it again.',
  })
}

/** A digest is hexadecimal digits only, so it leads nowhere else by its spelling. */
const blobPath = (digest: Digest): string =>
  `blobs/sha256/${digestSchema.parse(digest).slice('sha256:'.length)}`

const damaged = 'The OCI layout is damaged. Copy the image into it again.'
