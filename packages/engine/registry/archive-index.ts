import type { FileHandle } from 'node:fs/promises'
import { posix } from 'node:path'
import { CorruptTar } from '../formats/tar-header.ts'
import { tarReader } from '../formats/tar-reader.ts'
import { compressionOf } from './compression.ts'
import { cancelled } from './retry.ts'
import { SourceError } from './source-error.ts'

/** Where the content of a member stands in the archive. */
export interface ArchiveMember {
  /** Null where it is not in one piece (a sparse file). */
  readonly at: number | null
  readonly sizeBytes: number
}

/** The members of an archive by their path: latin1 as tar has it, no leading slash, no `.` or `..` in it. */
export type ArchiveIndex = ReadonlyMap<string, ArchiveMember | { readonly linkTo: string | null }>

/** More members, and longer names, than any archive of images has: the index is held in memory. */
const maxMembers = 100_000
const maxNameBytes = 1024
/** As many links as Linux follows (path_resolution(7)). */
const maxLinks = 40
/** Headers are small and far apart, so little is read at a time. */
const chunkBytes = 64 * 1024

/**
 * Finds out where everything is in a tar archive. Content is stepped over, not read. Of several members of one name
 * the last counts, as it does for whoever unpacks; names that lead out of the archive are no part of it.
 *
 * @throws SourceError `source-unreadable` when it is no tar archive, or a broken one, `cancelled`
 */
export async function indexArchive(
  handle: FileHandle,
  sizeBytes: number,
  place: string,
  signal: AbortSignal,
): Promise<ArchiveIndex> {
  const index = new Map<string, ArchiveMember | { linkTo: string | null }>()
  let members = 0
  const reader = tarReader(({ path, linkPath, kind, sizeBytes, contentAt }) => {
    members += 1
    if (members > maxMembers) throw new CorruptTar(`it has more than ${maxMembers} members`)
    const name = path.length > maxNameBytes ? null : inside(path)
    if (name === null) return null
    if (kind === 'file') index.set(name, { at: contentAt, sizeBytes })
    else if (kind === 'symlink') index.set(name, { linkTo: target(posix.dirname(name), linkPath) })
    else if (kind === 'hardlink') {
      // Another name for what stands under the first one now.
      const same = linkPath.length > maxNameBytes ? undefined : index.get(inside(linkPath) ?? '')
      index.set(name, same ?? { linkTo: null })
    } else index.delete(name)
    return null
  })
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes)
    for (let at = 0; at < sizeBytes; ) {
      if (signal.aborted) throw cancelled(signal)
      const { bytesRead } = await handle.read(buffer, 0, Math.min(chunkBytes, sizeBytes - at), at)
      if (bytesRead === 0) throw new CorruptTar('it became shorter while it was read')
      if (at === 0) refuseCompressed(buffer.subarray(0, bytesRead), place)
      reader.write(buffer.subarray(0, bytesRead))
      at += bytesRead
      at += reader.skip(sizeBytes - at)
    }
    reader.end()
  } catch (cause) {
    if (!(cause instanceof CorruptTar)) throw cause
    throw new SourceError(
      'source-unreadable',
      `${place} cannot be read as a tar archive: ${cause.message}.`,
      {
        hint: 'It is damaged or no such archive: write it again.',
        cause,
      },
    )
  }
  return index
}

/**
 * A member by the path that a document in the archive gives, through links as far as they lead.
 * @returns null when there is none
 */
export function findMember(index: ArchiveIndex, path: string): ArchiveMember | null {
  const stored = Buffer.from(path, 'utf8').toString('latin1')
  // No member has a longer one; to walk up and down a path of megabytes takes minutes.
  let name = stored.length > maxNameBytes ? null : inside(stored)
  for (let links = 0; links <= maxLinks && name !== null; links += 1) {
    const found = index.get(name)
    if (found === undefined) return null
    if (!('linkTo' in found)) return found
    name = found.linkTo
  }
  return null
}

/** The path of a member as the index has it; null when it climbs out of the archive. */
function inside(path: string): string | null {
  const name = posix.normalize(path).replace(/^\/+|\/+$/g, '')
  return name === '..' || name.startsWith('../') ? null : name
}

/** Where a symbolic link leads: relative to its folder, or to the archive's root as in a chroot. */
const target = (folder: string, linkPath: string): string | null =>
  linkPath.length > maxNameBytes
    ? null
    : inside(linkPath.startsWith('/') ? linkPath : posix.join(folder, linkPath))

const unpacking = { gzip: 'gunzip', zstd: 'unzstd', xz: 'unxz', bzip2: 'bunzip2' }

/** Layers are read from wherever they stand in the archive, which only works where it is not compressed as a whole. */
function refuseCompressed(head: Uint8Array, place: string): void {
  const compression = compressionOf(head)
  if (compression === null) return
  throw new SourceError('source-unreadable', `${place} is compressed as a whole, with ${compression}.`, {
    hint: `Unpack it first: ${unpacking[compression]} --keep ${place}`,
  })
}
