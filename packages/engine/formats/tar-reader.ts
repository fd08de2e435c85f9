import {
  fillHoles,
  maxSparsePieces,
  type PaxRecords,
  piecesOf,
  readContentMap,
  readOldGnuMap,
  readPaxRecords,
  type SparsePiece,
} from './tar-extended.ts'
import { blockBytes, CorruptTar, type RawHeader, readHeader, readNumber } from './tar-header.ts'

export type TarMemberKind = 'file' | 'hardlink' | 'symlink' | 'directory' | 'special' | 'unknown'

/** One member of an archive. Paths are latin1 strings: one character for each byte, whatever the encoding. */
export interface TarMember {
  /** As it stands in the archive: not normalised, not trusted. */
  readonly path: string
  readonly linkPath: string
  readonly kind: TarMemberKind
  /** What keeping the content takes: its size, or what is stored of a sparse file where that is more. */
  readonly sizeBytes: number
  /** Where in the archive the content begins; null where it does not stand there in one piece (sparse files). */
  readonly contentAt: number | null
}

/** Called for every member, in order; the function it gives back gets the whole content, null skips it. */
export type VisitMember = (member: TarMember) => ((content: Uint8Array) => void) | null

export interface TarReader {
  /** Takes the next bytes of the archive. They are not held on to. @throws CorruptTar */
  write(chunk: Uint8Array): void
  /**
   * Takes bytes as read that would only be stepped over, for whoever can seek: content that nobody asked for.
   * @returns how many, `maxBytes` at most; the next `write` goes on behind them.
   */
  skip(maxBytes: number): number
  /** To be called after the last byte. @throws CorruptTar when the archive stops inside a member */
  end(): void
}

/** Extended headers are held in memory, so their size is bounded; Go's reader, which unpacks images, stops at 1 MiB. */
const maxExtendedBytes = 4 * 1024 * 1024

const kinds: Readonly<Record<string, TarMemberKind>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'special',
  '4': 'special',
  '5': 'directory',
  '6': 'special',
  '7': 'file',
  S: 'file',
}

/** Types that have no content, whatever their size field says. */
const withoutContent = new Set(['1', '2', '3', '4', '5', '6'])

/** What headers in front of a member said about it. */
interface Preface {
  pax: PaxRecords
  longPath: string
  longLinkPath: string
}

type Content = (content: Uint8Array) => void

/**
 * Reads tar archives (V7, ustar, pax, GNU, STAR) as they stream by. Content that nobody asks for is stepped over
 * without being copied or looked at.
 *
 * Where readers of tar differ it does as Go's archive/tar does, since that is what unpacks images: pax global
 * headers change nothing, links and directories have no content whatever their size says, and what comes after two
 * zero blocks is not part of the archive.
 */
export function tarReader(visit: VisitMember): TarReader {
  /** Bytes still to be stepped over; the last `paddingBytes` of them may be missing at the end of the archive. */
  let skipBytes = 0
  let paddingBytes = 0
  /** A stretch of bytes being gathered: a header that straddles chunks, an extended header, a wanted content. */
  let gathering: { into: Buffer; filled: number; done: (bytes: Buffer) => void } | null = null
  let preface = emptyPreface()
  let zeroBlocks = 0
  let ended = false
  /** Where in the archive the chunk at hand begins, and where the block that was read last ends. */
  let chunkAt = 0
  let blockEnd = 0

  function stepOver(sizeBytes: number): void {
    paddingBytes = paddingOf(sizeBytes)
    skipBytes = sizeBytes + paddingBytes
  }

  function gather(sizeBytes: number, done: (bytes: Buffer) => void): void {
    if (sizeBytes === 0) done(Buffer.alloc(0))
    else gathering = { into: Buffer.allocUnsafeSlow(sizeBytes), filled: 0, done }
  }

  function gatherContent(sizeBytes: number, done: (bytes: Buffer) => void): void {
    gather(sizeBytes, bytes => {
      paddingBytes = paddingOf(sizeBytes)
      skipBytes = paddingBytes
      done(bytes)
    })
  }

  function onBlock(bytes: Buffer, at: number): void {
    const header = readHeader(bytes, at)
    if (header === null) {
      zeroBlocks += 1
      ended = zeroBlocks === 2
      return
    }
    if (zeroBlocks > 0) throw new CorruptTar('there are members after a block of zeros')
    switch (header.typeFlag) {
      case 'x':
        return gatherContent(extendedSize(header), content => {
          preface.pax = readPaxRecords(content)
        })
      case 'L':
        return gatherContent(extendedSize(header), content => {
          preface.longPath = untilZero(content)
        })
      case 'K':
        return gatherContent(extendedSize(header), content => {
          preface.longLinkPath = untilZero(content)
        })
      case 'g':
        return stepOver(header.sizeBytes)
      default:
        return onMember(header, bytes, at)
    }
  }

  function onMember(header: RawHeader, bytes: Buffer, at: number): void {
    const { pax, longPath, longLinkPath } = preface
    preface = emptyPreface()
    const path = longPath || pax.sparse?.path || pax.path || header.path
    const kind = kindOf(header.typeFlag, path)
    const storedBytes = withoutContent.has(header.typeFlag) ? 0 : (pax.sizeBytes ?? header.sizeBytes)
    const oldSparse = header.typeFlag === 'S'
    if (oldSparse && !header.gnu) throw new CorruptTar('a sparse file is not in the GNU format')
    const fileBytes = oldSparse ? readNumber(bytes, at + 483, 12) : (pax.sparse?.sizeBytes ?? storedBytes)

    const visited = visit({
      path,
      linkPath: longLinkPath || pax.linkPath || header.linkPath,
      kind,
      sizeBytes: kind === 'file' ? Math.max(storedBytes, fileBytes) : 0,
      contentAt: oldSparse || pax.sparse !== undefined ? null : blockEnd,
    })
    const keep = kind === 'file' ? visited : null

    if (oldSparse) {
      const done = (map: readonly number[]) =>
        onSparse(storedBytes, fileBytes, () => piecesOf(map, fileBytes), keep)
      onOldGnuMap(readOldGnuMap(bytes, at + 386, 4), bytes[at + 482] !== 0, done)
    } else if (pax.sparse !== undefined) {
      const { pieces } = pax.sparse
      onSparse(storedBytes, fileBytes, pieces === null ? null : () => pieces, keep)
    } else if (keep === null) stepOver(storedBytes)
    else gatherContent(storedBytes, keep)
  }

  /** Blocks that continue the map of an old GNU sparse file stand between its header and its content. */
  function onOldGnuMap(map: number[], continues: boolean, done: (map: readonly number[]) => void): void {
    if (!continues) return done(map)
    gather(blockBytes, block => {
      map.push(...readOldGnuMap(block, 0, 21))
      if (map.length > 2 * maxSparsePieces) throw new CorruptTar('a sparse map is too long')
      onOldGnuMap(map, block[504] !== 0, done)
    })
  }

  /** @param pieces null when the map stands in front of the content */
  function onSparse(
    storedBytes: number,
    fileBytes: number,
    pieces: (() => readonly SparsePiece[]) | null,
    keep: Content | null,
  ): void {
    if (keep === null) return stepOver(storedBytes)
    gatherContent(storedBytes, stored => {
      if (pieces !== null) return keep(fillHoles(stored, pieces(), fileBytes))
      const map = readContentMap(stored, fileBytes)
      keep(fillHoles(stored.subarray(map.dataAt), map.pieces, fileBytes))
    })
  }

  function write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let at = 0
    while (at < bytes.length && !ended) {
      if (skipBytes > 0) {
        const step = Math.min(skipBytes, bytes.length - at)
        skipBytes -= step
        at += step
      } else if (gathering !== null) {
        const { into, done } = gathering
        const copied = bytes.copy(into, gathering.filled, at)
        gathering.filled += copied
        at += copied
        if (gathering.filled < into.length) continue
        gathering = null
        blockEnd = chunkAt + at
        done(into)
      } else if (bytes.length - at >= blockBytes) {
        blockEnd = chunkAt + at + blockBytes
        onBlock(bytes, at)
        at += blockBytes
      } else gather(blockBytes, block => onBlock(block, 0))
    }
    chunkAt += bytes.length
  }

  function skip(maxBytes: number): number {
    const step = Math.min(skipBytes, maxBytes)
    skipBytes -= step
    chunkAt += step
    return step
  }

  function end(): void {
    if (!ended && (skipBytes > paddingBytes || gathering !== null)) {
      throw new CorruptTar('it ends in the middle of a member')
    }
  }

  return { write, skip, end }
}

const emptyPreface = (): Preface => ({ pax: {}, longPath: '', longLinkPath: '' })

const paddingOf = (sizeBytes: number): number => (blockBytes - (sizeBytes % blockBytes)) % blockBytes

function extendedSize(header: RawHeader): number {
  if (header.sizeBytes > maxExtendedBytes) throw new CorruptTar('an extended header is too large')
  return header.sizeBytes
}

/** Directories of the V7 format are files whose path ends in a slash. */
function kindOf(typeFlag: string, path: string): TarMemberKind {
  if (typeFlag === '\0' && path.endsWith('/')) return 'directory'
  return kinds[typeFlag] ?? 'unknown'
}

function untilZero(content: Buffer): string {
  const end = content.indexOf(0)
  return content.toString('latin1', 0, end === -1 ? content.length : end)
}
