import { constants } from 'node:fs'
import { access, type FileHandle, open, readlink } from 'node:fs/promises'
import type { CoverageReason } from '@plimsoll/types'
import { tarEnd, tarHeader, tarPadding } from '../formats/tar-writer.ts'
import { noSuchLayer } from './registry-source.ts'
import { cancelled } from './retry.ts'
import { absolute, codeOf, type Found, realDirectory, slash, walkFolder } from './rootfs-walk.ts'
import type { OpenLayerOptions, ResolvedImage, Source } from './source.ts'
import { SourceError } from './source-error.ts'

export interface RootfsOptions {
  readonly directory: string
  /** Whether a file of this path (as in `alsoWanted`, which adds to it) is to be in the stream. */
  readonly wants: (path: string) => boolean
  /** How many entries are looked at; that there are more is then a reason in the ledger. */
  readonly maxEntries?: number
}

const defaultMaxEntries = 2_000_000
const chunkBytes = 256 * 1024

/**
 * A folder that holds a root file system, handed over as one uncompressed tar stream, so that what reads an image's
 * layers reads it too: every directory and symbolic link, and those regular files that are wanted. Links are shown,
 * never followed. The folder is taken as it is when read: it should not be in use.
 */
export function rootfsSource(options: RootfsOptions): Source {
  const { directory, maxEntries = defaultMaxEntries } = options
  return {
    reference: `rootfs:${directory}`,
    async resolve(platforms, signal) {
      const root = await realDirectory(directory)
      const nothing = { indexDigest: null, images: [], notApplicable: [], unresolved: [], unwanted: [] }
      // It does not say what it is for.
      if (platforms.length > 0) return { ...nothing, unwanted: [{ digest: null, platform: null }] }
      const image: ResolvedImage = {
        digest: null,
        mediaType: null,
        isRootfs: true,
        platform: null,
        layers: [],
        sizeBytes: 0,
        createdAt: null,
        reasons: await whatIsLeftOut(root, options.wants, maxEntries, signal),
      }
      return { ...nothing, images: [image] }
    },
    openLayer(_image, index, signal, openOptions) {
      if (index !== 0) throw noSuchLayer(index, 1)
      return inChunks(tarOf(directory, options.wants, maxEntries, signal, openOptions))
    },
  }
}

/** What the stream will not hold although it should, for the coverage ledger. */
async function whatIsLeftOut(
  root: string,
  wants: (path: string) => boolean,
  maxEntries: number,
  signal: AbortSignal,
): Promise<CoverageReason[]> {
  const unreadable: string[] = []
  const reasons: CoverageReason[] = []
  for await (const found of walkFolder(root, maxEntries, signal)) {
    if (found.type === 'limit') {
      const message = `The root file system has more than ${maxEntries} entries; the rest was not looked at.`
      reasons.push({ code: 'limit-entries', message })
    } else if (found.type === 'unreadable') {
      unreadable.push(`${shown(found.path)} (${found.code})`)
    } else if (found.type === 'file' && wants(found.path.toString('latin1'))) {
      const code = await access(absolute(root, found.path), constants.R_OK).then(() => null, codeOf)
      if (code !== null) unreadable.push(`${shown(found.path)} (${code})`)
    }
  }
  if (unreadable.length > 0) {
    const named = unreadable.slice(0, 5).join(', ')
    const more = unreadable.length > 5 ? ` and ${unreadable.length - 5} more` : ''
    reasons.push({
      code: 'database-unreadable',
      message: `Of the root file system could not be read: ${named}${more}.`,
    })
  }
  return reasons
}

/** A path in a sentence: the end of a long one. */
function shown(path: Buffer): string {
  const text = path.toString()
  if (text === '') return 'the folder itself'
  return text.length > 100 ? `...${text.slice(-100)}` : text
}

async function* tarOf(
  directory: string,
  wants: (path: string) => boolean,
  maxEntries: number,
  signal: AbortSignal,
  options: OpenLayerOptions = {},
): AsyncGenerator<Uint8Array> {
  const root = await realDirectory(directory)
  const alsoWanted = new Set(options.alsoWanted)
  for await (const found of walkFolder(root, maxEntries, signal)) {
    if (found.type === 'file') {
      const path = found.path.toString('latin1')
      if (wants(path) || alsoWanted.has(path)) yield* file(root, found.path, signal)
    } else yield* linkOrDirectory(root, found)
  }
  yield tarEnd()
}

async function* linkOrDirectory(root: string, found: Found): AsyncGenerator<Uint8Array> {
  if (found.type === 'directory')
    yield tarHeader({ kind: 'directory', path: Buffer.concat([found.path, slash]) }, 0)
  if (found.type !== 'symlink') return
  const linkPath = await readlink(absolute(root, found.path), { encoding: 'buffer' }).catch(
    (error: unknown) => {
      throw unreadable(root, found.path, error)
    },
  )
  yield tarHeader({ kind: 'symlink', path: found.path, linkPath }, 0)
}

async function* file(root: string, path: Buffer, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let handle: FileHandle
  try {
    // Neither through a link that took the file's place, nor waiting on a pipe that did.
    handle = await open(
      absolute(root, path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    )
  } catch (error) {
    // Already among the image's reasons.
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM') return
    throw unreadable(root, path, error)
  }
  try {
    const { size } = await handle.stat()
    yield tarHeader({ path }, size)
    for (let read = 0; read < size; ) {
      if (signal.aborted) throw cancelled(signal)
      const wanted = Math.min(chunkBytes, size - read)
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted)
      if (bytesRead === 0) throw unreadable(root, path, new Error('It became shorter while it was read.'))
      read += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    yield tarPadding(size)
  } catch (error) {
    throw error instanceof SourceError ? error : unreadable(root, path, error)
  } finally {
    await handle.close()
  }
}

/** Joins headers to chunks of a decent size: a file system has more entries than a reader wants to be woken. */
async function* inChunks(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let bytes = 0
  for await (const part of parts) {
    waiting.push(part)
    bytes += part.length
    if (bytes < chunkBytes) continue
    yield Buffer.concat(waiting, bytes)
    waiting = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(waiting, bytes)
}

function unreadable(root: string, path: Buffer, cause: unknown): SourceError {
  const where = absolute(root, path).toString()
  return new SourceError('source-unreadable', `${where} cannot be read (${codeOf(cause)}).`, {
    cause,
    hint: 'The folder must not change while it is scanned.',
  })
}
