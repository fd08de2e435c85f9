import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type Digest, digestSchema, type Platform } from '@plimsoll/types'
import { z } from 'zod'
import { sha256, verifyDigest } from './blob.ts'
import { maxManifestBytes } from './client.ts'
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
import { cancelled } from './retry.ts'
import type { ResolvedImage, Source } from './source.ts'
import { SourceError } from './source-error.ts'

export interface OciLayoutOptions {
  readonly directory: string
  /** `org.opencontainers.image.ref.name` of the entry in index.json. */
  readonly tag?: string | null
  /** A manifest or index by its digest, whether index.json lists it or not. Wins over the tag. */
  readonly digest?: Digest | null
}

const refName = 'org.opencontainers.image.ref.name'
const layoutIndexSchema = z.object({ manifests: z.array(indexEntrySchema) })
const chunkBytes = 256 * 1024

/**
 * Images in an OCI layout folder (OCI image-spec 1.1, image-layout.md). Without a tag or digest the folder's only
 * image is meant, or, where none of several has a tag, all of them as one index.
 */
export function ociLayoutSource({ directory, tag = null, digest = null }: OciLayoutOptions): Source {
  const reference = formatReference({
    kind: 'oci-layout',
    directory,
    tag: digest === null ? tag : null,
    digest,
  })
  return {
    reference,
    async resolve(platforms: readonly Platform[], signal: AbortSignal) {
      const store = contentOf(directory, signal)
      if (digest !== null)
        return await resolveManifest(await readManifest(directory, digest, null, signal), platforms, store)
      const entries = select(await readIndex(directory, signal), directory, tag)
      const [only] = entries
      if (entries.length === 1 && only !== undefined) {
        return await resolveManifest(await store.manifest(only), platforms, store)
      }
      return { indexDigest: null, ...(await resolveEntries(entries, platforms, store)) }
    },
    openLayer(image: ResolvedImage, index: number, signal: AbortSignal) {
      const layer = image.layers[index]
      if (layer === undefined || layer.foreign) throw noSuchLayer(index, image.layers.length)
      const what = `Layer ${index + 1} of ${image.layers.length} in ${directory}`
      return readBlob(directory, { digest: layer.digest, size: layer.sizeBytes }, what, signal)
    },
  }
}

/** The tags of a layout folder, each with what it names, in the order of index.json. */
export async function listLayoutTags(
  directory: string,
  signal: AbortSignal,
): Promise<readonly { readonly tag: string; readonly digest: Digest }[]> {
  const entries = await readIndex(directory, signal)
  return entries.flatMap(entry => {
    const tag = entry.annotations?.[refName]
    return tag === undefined ? [] : [{ tag, digest: entry.digest }]
  })
}

function select(
  entries: readonly IndexEntry[],
  directory: string,
  tag: string | null,
): readonly IndexEntry[] {
  const tags = [...new Set(entries.flatMap(entry => entry.annotations?.[refName] ?? []))]
  const listed = tags.length === 0 ? 'Its index.json names no tag.' : `It has ${shortList(tags)}.`
  if (tag !== null) {
    const named = entries.filter(entry => entry.annotations?.[refName] === tag)
    if (named.length > 0) return named
    throw new SourceError('image-not-found', `The OCI layout ${directory} has no image tagged "${tag}".`, {
      hint: listed,
    })
  }
  if (entries.length === 0)
    throw new SourceError('image-not-found', `The OCI layout ${directory} holds no image.`)
  if (entries.length > 1 && tags.length > 0) {
    throw new SourceError('image-not-found', `The OCI layout ${directory} holds ${entries.length} images.`, {
      hint: `${listed} Name one: oci:${directory}:${tags[0]}`,
    })
  }
  return entries
}

function shortList(tags: readonly string[]): string {
  const shown = tags.slice(0, 10).join(', ')
  return tags.length > 10 ? `${shown} and ${tags.length - 10} more` : shown
}

async function readIndex(directory: string, signal: AbortSignal): Promise<readonly IndexEntry[]> {
  const file = await openInside(directory, 'index.json', signal)
  if (file === null) {
    throw new SourceError('source-unreadable', `${directory} is not an OCI layout: it has no index.json.`, {
      hint: 'Name the folder that holds index.json and blobs, e.g. one that skopeo or umoci wrote.',
    })
  }
  const parsed = layoutIndexSchema.safeParse(
    parseJson(await readSmall(file, `${directory}/index.json`), 'index.json'),
  )
  if (!parsed.success) throw notAManifest(parsed.error, 'index.json')
  return parsed.data.manifests
}

function contentOf(directory: string, signal: AbortSignal): ContentStore {
  return {
    manifest: entry => readManifest(directory, entry.digest, entry, signal),
    async config({ digest, size }) {
      if (size > maxManifestBytes) throw tooLarge(size)
      const chunks: Uint8Array[] = []
      for await (const chunk of readBlob(directory, { digest, size }, "The image's configuration", signal))
        chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    async hasBlob({ digest }) {
      const file = await openBlob(directory, digest, signal)
      await file?.close()
      return file !== null
    },
  }
}

async function readManifest(
  directory: string,
  digest: Digest,
  entry: Descriptor | null,
  signal: AbortSignal,
): Promise<StoredManifest> {
  const file = await openBlob(directory, digest, signal)
  if (file === null) throw missing(directory, `The manifest ${digest}`)
  const bytes = await readSmall(file, `The manifest ${digest}`)
  if (entry !== null && entry.size !== bytes.length) {
    throw new SourceError(
      'size-mismatch',
      `The manifest ${digest} has ${bytes.length} bytes, its index says ${entry.size}.`,
    )
  }
  verifyDigest(sha256(bytes), digest, `The manifest ${digest}`)
  return { digest, contentType: entry?.mediaType ?? null, bytes }
}

async function* readBlob(
  directory: string,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const file = await openBlob(directory, digest, signal)
  if (file === null) throw missing(directory, what)
  try {
    const stored = (await file.stat()).size
    if (stored !== size) {
      throw new SourceError('size-mismatch', `${what} has ${stored} bytes, the manifest says ${size}.`)
    }
    const hash = createHash('sha256')
    for (;;) {
      if (signal.aborted) throw cancelled(signal)
      // A buffer of its own for each chunk: whoever reads may keep it.
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes)
      if (bytesRead === 0) break
      const chunk = buffer.subarray(0, bytesRead)
      hash.update(chunk)
      yield chunk
    }
    verifyDigest(hash.digest('hex'), digest, what)
  } catch (error) {
    throw unreadable(error, what)
  } finally {
    await file.close()
  }
}

async function readSmall(file: FileHandle, what: string): Promise<Uint8Array> {
  try {
    const { size } = await file.stat()
    if (size > maxManifestBytes) throw new SourceError('manifest-invalid', `${what} is larger than 4 MiB.`)
    return await file.readFile()
  } catch (error) {
    throw unreadable(error, what)
  } finally {
    await file.close()
  }
}

/** A digest is hexadecimal digits only, so it cannot lead out of the folder by its spelling. */
const openBlob = (directory: string, digest: Digest, signal: AbortSignal): Promise<FileHandle | null> =>
  openInside(directory, join('blobs', 'sha256', digestSchema.parse(digest).slice('sha256:'.length)), signal)

/**
 * Opens a regular file inside the folder, or null when there is none. Symbolic links are followed only as far as
 * they stay inside: a layout made by someone else must not be able to show us our own files.
 */
async function openInside(directory: string, path: string, signal: AbortSignal): Promise<FileHandle | null> {
  if (signal.aborted) throw cancelled(signal)
  try {
    const root = await realpath(directory)
    const real = await realpath(join(root, path))
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw new SourceError(
        'source-unreadable',
        `${join(directory, path)} is a link that leads out of the folder.`,
      )
    }
    // Without O_NONBLOCK opening a named pipe would wait for somebody to write to it.
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    if ((await file.stat()).isFile()) return file
    await file.close()
    throw new SourceError('source-unreadable', `${join(directory, path)} is not a regular file.`)
  } catch (error) {
    if (isMissing(error)) return null
    throw unreadable(error, join(directory, path))
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

function unreadable(error: unknown, what: string): SourceError {
  if (error instanceof SourceError) return error
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return new SourceError('source-unreadable', `${what} cannot be read${code}.`, { cause: error })
}

const missing = (directory: string, what: string): SourceError =>
  new SourceError('image-not-found', `${what} is not in ${directory}.`, {
    hint: 'The OCI layout is incomplete. Copy the image into it again.',
  })
