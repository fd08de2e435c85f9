/** The fixed fields of a tar header block, as ustar, pax, GNU, STAR and the tar of Unix V7 lay them out. */

/** An archive that breaks the format, or ends in the middle of an entry. */
export class CorruptTar extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CorruptTar'
  }
}

export const blockBytes = 512

/** One header block. Paths are latin1 strings: one character for each byte, whatever the encoding. */
export interface RawHeader {
  readonly path: string
  readonly linkPath: string
  readonly typeFlag: string
  /** Bytes of content that follow in the archive. */
  readonly sizeBytes: number
  readonly gnu: boolean
}

/**
 * Reads the 512 bytes at `at`.
 *
 * @returns null for a block of zeros, two of which end an archive
 * @throws CorruptTar when the checksum or a number is wrong
 */
export function readHeader(bytes: Buffer, at: number): RawHeader | null {
  if (!checksumHolds(bytes, at)) {
    if (isZero(bytes, at)) return null
    throw new CorruptTar('a header has a wrong checksum')
  }
  const magic = bytes.toString('latin1', at + 257, at + 265)
  const path = text(bytes, at, 100)
  // Only POSIX has the prefix field; GNU keeps times there. STAR, known by its trailer, has a shorter one.
  const star = bytes.toString('latin1', at + 508, at + 512) === 'tar\0'
  const prefix = magic.startsWith('ustar\0') ? text(bytes, at + 345, star ? 131 : 155) : ''
  return {
    path: prefix === '' ? path : `${prefix}/${path}`,
    linkPath: bytes[at + 157] === 0 ? '' : text(bytes, at + 157, 100),
    typeFlag: String.fromCharCode(bytes[at + 156] ?? 0),
    sizeBytes: readNumber(bytes, at + 124, 12),
    gnu: magic === 'ustar  \0',
  }
}

/** The sum over the block with the checksum field as spaces; some old writers summed signed bytes. */
function checksumHolds(bytes: Buffer, at: number): boolean {
  let unsigned = 0
  let above127 = 0
  for (let index = at; index < at + blockBytes; index += 1) {
    const byte = bytes[index] as number
    unsigned += byte
    above127 += byte >> 7
  }
  for (let index = at + 148; index < at + 156; index += 1) {
    const byte = bytes[index] as number
    unsigned += 0x20 - byte
    above127 -= byte >> 7
  }
  const stated = octal(bytes, at + 148, 8)
  return stated === unsigned || stated === unsigned - 256 * above127
}

/** Text up to the first zero byte, or all of the field. */
function text(bytes: Buffer, at: number, width: number): string {
  let end = at
  while (end < at + width && bytes[end] !== 0) end += 1
  return bytes.toString('latin1', at, end)
}

/**
 * A number of a header: octal digits, or base-256 (big-endian two's complement, first bit set) as GNU writes what
 * octal cannot hold.
 *
 * @throws CorruptTar when it is neither, negative, or beyond 2^53 - 1
 */
export function readNumber(bytes: Buffer, at: number, width: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) {
    const value = octal(bytes, at, width)
    if (value === null) throw new CorruptTar('a number in a header is not octal')
    return value
  }
  let value = first & 0x7f
  for (let index = at + 1; index < at + width; index += 1) value = value * 256 + (bytes[index] as number)
  if (first & 0x40 || !Number.isSafeInteger(value)) throw new CorruptTar('a size in a header is out of range')
  return value
}

/** Octal digits with spaces and zero bytes around them; nothing at all is 0; null when there is anything else. */
function octal(bytes: Buffer, at: number, width: number): number | null {
  let index = at
  let end = at + width
  while (index < end && isPadding(bytes[index])) index += 1
  while (end > index && isPadding(bytes[end - 1])) end -= 1
  let value = 0
  for (; index < end; index += 1) {
    const digit = (bytes[index] as number) - 0x30
    if (digit < 0 || digit > 7) return null
    value = value * 8 + digit
  }
  return value
}

const isPadding = (byte: number | undefined): boolean => byte === 0x20 || byte === 0

function isZero(bytes: Buffer, at: number): boolean {
  for (let index = at; index < at + blockBytes; index += 1) if (bytes[index] !== 0) return false
  return true
}
