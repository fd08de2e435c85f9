import { blockBytes, CorruptTar, readNumber } from './tar-header.ts'

/** What stands beside the fixed fields of a tar header: pax records, and the maps of GNU's sparse files. */

/** A run of bytes of a sparse file that is stored; between the runs there are zeros. */
export interface SparsePiece {
  readonly at: number
  readonly bytes: number
}

/** More pieces than this are refused: a map is held in memory. */
export const maxSparsePieces = 262_144

export interface PaxRecords {
  readonly path?: string
  readonly linkPath?: string
  readonly sizeBytes?: number
  readonly sparse?: PaxSparse
}

export interface PaxSparse {
  /** The name proper; the header's own is made up by the writer. */
  readonly path?: string
  readonly sizeBytes: number
  /** Null when the map stands at the beginning of the content (version 1.0). */
  readonly pieces: readonly SparsePiece[] | null
}

/**
 * Records of a pax extended header, `LENGTH KEY=VALUE\n` each. Texts are latin1 strings: bytes as they are.
 * An empty value leaves the header's own field standing, as Go's reader has it, which unpacks images for the
 * common runtimes: where readers differ, what runs is what must be scanned.
 *
 * @throws CorruptTar
 */
export function readPaxRecords(content: Buffer): PaxRecords {
  const text = content.toString('latin1')
  const values = new Map<string, string>()
  const sparse: number[] = []
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(' ', at)
    const digits = space === -1 ? '' : text.slice(at, space)
    const end = at + Number(digits)
    // The length is bounded by the header's, so a few digits are all that can be right.
    if (!/^\d{1,10}$/.test(digits) || end > text.length || end < space + 3 || text[end - 1] !== '\n') {
      throw new CorruptTar('a pax record has a wrong length')
    }
    const equals = text.indexOf('=', space)
    if (equals === -1 || equals >= end) throw new CorruptTar('a pax record has no "="')
    const key = text.slice(space + 1, equals)
    const value = text.slice(equals + 1, end - 1)
    at = end
    // Version 0.0 of sparse files repeats two keys, in pairs.
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      if ((key === 'GNU.sparse.offset') !== (sparse.length % 2 === 0)) {
        throw new CorruptTar('a sparse map is out of order')
      }
      if (sparse.length >= 2 * maxSparsePieces) throw new CorruptTar('a sparse map is too long')
      sparse.push(decimal(value))
    } else values.set(key, value)
  }
  const path = values.get('path')
  const linkPath = values.get('linkpath')
  if (path?.includes('\0') || linkPath?.includes('\0')) throw new CorruptTar('a path has a zero byte in it')
  const size = values.get('size')
  const sparseRecords = readSparseRecords(values, sparse)
  return {
    ...(path ? { path } : {}),
    ...(linkPath ? { linkPath } : {}),
    ...(size ? { sizeBytes: decimal(size) } : {}),
    ...(sparseRecords ? { sparse: sparseRecords } : {}),
  }
}

/** Versions 0.0, 0.1 and 1.0 as GNU tar writes them ("Storing Sparse Files" in its manual); null for none. */
function readSparseRecords(
  values: ReadonlyMap<string, string>,
  repeated: readonly number[],
): PaxSparse | null {
  const version = `${values.get('GNU.sparse.major') ?? ''}.${values.get('GNU.sparse.minor') ?? ''}`
  const map = values.get('GNU.sparse.map')
  const mapInContent = version === '1.0'
  if (
    !mapInContent &&
    !(['.', '0.0', '0.1'].includes(version) && (map !== undefined || repeated.length > 0))
  ) {
    return null
  }
  const path = values.get('GNU.sparse.name')
  const size = values.get('GNU.sparse.size') || values.get('GNU.sparse.realsize')
  if (size === undefined) throw new CorruptTar('a sparse file does not say its size')
  const sizeBytes = decimal(size)
  if (path?.includes('\0')) throw new CorruptTar('a path has a zero byte in it')
  return {
    ...(path ? { path } : {}),
    sizeBytes,
    pieces: mapInContent ? null : piecesOf(map === undefined ? repeated : decimals(map, ','), sizeBytes),
  }
}

/**
 * The map that stands in front of a version 1.0 content: a count, then offsets and lengths, one number a line,
 * padded to a block.
 *
 * @returns the pieces, and where in `stored` the first of them begins
 */
export function readContentMap(stored: Buffer, sizeBytes: number): { pieces: SparsePiece[]; dataAt: number } {
  const numbers: number[] = []
  let at = 0
  const next = (): number => {
    const end = stored.indexOf(0x0a, at)
    if (end === -1) throw new CorruptTar('a sparse map has no end')
    const value = decimal(stored.toString('latin1', at, end))
    at = end + 1
    return value
  }
  const count = next()
  if (count > maxSparsePieces) throw new CorruptTar('a sparse map is too long')
  for (let index = 0; index < 2 * count; index += 1) numbers.push(next())
  return { pieces: piecesOf(numbers, sizeBytes), dataAt: Math.ceil(at / blockBytes) * blockBytes }
}

/** `count` pairs of 12-byte numbers of an old GNU sparse header or of a block that continues it. */
export function readOldGnuMap(bytes: Buffer, at: number, count: number): number[] {
  const numbers: number[] = []
  for (let index = 0; index < count; index += 1) {
    const pair = at + index * 24
    // An entry without a single digit ends the map.
    if (bytes[pair] === 0) break
    numbers.push(readNumber(bytes, pair, 12), readNumber(bytes, pair + 12, 12))
  }
  return numbers
}

/** Offsets and lengths in turn, as pieces. @throws CorruptTar unless they are in order and inside the file */
export function piecesOf(numbers: readonly number[], sizeBytes: number): SparsePiece[] {
  if (numbers.length % 2 !== 0) throw new CorruptTar('a sparse map is cut short')
  const pieces: SparsePiece[] = []
  let end = 0
  for (let index = 0; index < numbers.length; index += 2) {
    const piece = { at: numbers[index] as number, bytes: numbers[index + 1] as number }
    if (piece.at < end || piece.at + piece.bytes > sizeBytes) {
      throw new CorruptTar('a sparse map does not fit its file')
    }
    end = piece.at + piece.bytes
    pieces.push(piece)
  }
  return pieces
}

/** The file as it is read by a program: stored runs in their places, zeros between. @throws CorruptTar */
export function fillHoles(stored: Buffer, pieces: readonly SparsePiece[], sizeBytes: number): Buffer {
  const content = Buffer.alloc(sizeBytes)
  let at = 0
  for (const piece of pieces) {
    if (at + piece.bytes > stored.length) throw new CorruptTar('a sparse file is shorter than its map')
    stored.copy(content, piece.at, at, at + piece.bytes)
    at += piece.bytes
  }
  return content
}

function decimals(text: string, separator: string): number[] {
  const parts = text === '' ? [] : text.split(separator, 2 * maxSparsePieces + 1)
  if (parts.length > 2 * maxSparsePieces) throw new CorruptTar('a sparse map is too long')
  return parts.map(decimal)
}

function decimal(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw new CorruptTar('a number in an extended header is not one')
  return value
}
