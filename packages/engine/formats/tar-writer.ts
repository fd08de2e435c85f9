/**
 * Writes tar archives (POSIX.1-2001 pax): for root file systems that are handed on as one stream, for images that
 * are generated, and for tests. The same entries always give the same bytes.
 */

export type TarEntryKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo'

export interface TarEntry {
  /** As it is to stand in the archive; bytes where it is not UTF-8. A directory usually ends in a slash. */
  readonly path: string | Uint8Array
  /** `file` when left out. */
  readonly kind?: TarEntryKind
  /** Content of a file. */
  readonly content?: string | Uint8Array
  /** Target of a symbolic link, or path of the earlier entry that a hard link names. */
  readonly linkPath?: string | Uint8Array
  /** 0o644, or 0o755 for a directory, when left out. */
  readonly mode?: number
  /** Modification time in seconds since 1970; 0 when left out. */
  readonly modifiedAtSeconds?: number
}

/** The fields of one 512-byte header block as they stand there; numbers are written in octal. */
export interface TarBlock {
  readonly path: Uint8Array
  readonly typeFlag: string
  readonly sizeBytes: number
  readonly linkPath?: Uint8Array
  readonly mode?: number
  readonly modifiedAtSeconds?: number
}

const blockBytes = 512
const typeFlags: Readonly<Record<TarEntryKind, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  directory: '5',
  fifo: '6',
}
const encoder = new TextEncoder()
const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? encoder.encode(text) : text

/** The two zero blocks that end an archive. */
export const tarEnd = (): Uint8Array => new Uint8Array(2 * blockBytes)

/** A whole archive. */
export const tarArchive = (entries: Iterable<TarEntry>): Uint8Array =>
  Buffer.concat([...Array.from(entries, tarEntry), tarEnd()])

/** One entry: header, content, and padding up to the next block. */
export function tarEntry(entry: TarEntry): Uint8Array {
  const content = bytesOf(entry.content ?? '')
  return Buffer.concat([tarHeader(entry, content.length), content, tarPadding(content.length)])
}

/** Zeros from the end of a content of this size up to the next block. */
export const tarPadding = (sizeBytes: number): Uint8Array =>
  new Uint8Array((blockBytes - (sizeBytes % blockBytes)) % blockBytes)

/**
 * The header of an entry whose content the caller writes itself, followed by `tarPadding`. What does not fit into
 * the ustar fields goes into a pax extended header in front of it.
 */
export function tarHeader(entry: TarEntry, sizeBytes: number): Uint8Array {
  const kind = entry.kind ?? 'file'
  const path = bytesOf(entry.path)
  const linkPath = bytesOf(entry.linkPath ?? '')
  const records: [string, Uint8Array][] = []
  if (path.length > 100) records.push(['path', path])
  if (linkPath.length > 100) records.push(['linkpath', linkPath])
  if (sizeBytes > 0o77777777777) records.push(['size', encoder.encode(String(sizeBytes))])
  const header = tarBlock({
    path: path.subarray(0, 100),
    typeFlag: typeFlags[kind],
    // Readers take the size from the extended header where it does not fit here.
    sizeBytes: sizeBytes > 0o77777777777 ? 0 : sizeBytes,
    linkPath: linkPath.subarray(0, 100),
    mode: entry.mode ?? (kind === 'directory' ? 0o755 : 0o644),
    modifiedAtSeconds: entry.modifiedAtSeconds ?? 0,
  })
  return records.length === 0 ? header : Buffer.concat([paxHeader(records), header])
}

/** A pax extended header: its own block, the records, padding. */
export function paxHeader(
  records: Iterable<readonly [string, string | Uint8Array]>,
  typeFlag = 'x',
): Uint8Array {
  const body = Buffer.concat(Array.from(records, ([key, value]) => paxRecord(key, bytesOf(value))))
  const block = tarBlock({ path: encoder.encode('PaxHeaders/entry'), typeFlag, sizeBytes: body.length })
  return Buffer.concat([block, body, tarPadding(body.length)])
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const rest = Buffer.concat([encoder.encode(` ${key}=`), value, encoder.encode('\n')])
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([encoder.encode(String(length)), rest])
}

/** One ustar header block with a right checksum. Fields that are too long are cut. */
export function tarBlock(fields: TarBlock): Uint8Array {
  const block = Buffer.alloc(blockBytes)
  block.set(fields.path.subarray(0, 100), 0)
  writeOctal(block, 100, 8, fields.mode ?? 0o644)
  writeOctal(block, 108, 8, 0)
  writeOctal(block, 116, 8, 0)
  writeOctal(block, 124, 12, fields.sizeBytes)
  writeOctal(block, 136, 12, fields.modifiedAtSeconds ?? 0)
  block.write(fields.typeFlag, 156, 1, 'latin1')
  block.set((fields.linkPath ?? new Uint8Array()).subarray(0, 100), 157)
  block.write('ustar\x0000', 257, 'latin1')
  return withChecksum(block)
}

/** Sets the checksum field of a header block (in place) to what the other 504 bytes make it. */
export function withChecksum(block: Uint8Array): Uint8Array {
  block.fill(0x20, 148, 156)
  const sum = block.subarray(0, blockBytes).reduce((total, byte) => total + byte, 0)
  block.set(encoder.encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
  return block
}

const writeOctal = (block: Buffer, at: number, width: number, value: number): void => {
  block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
}
