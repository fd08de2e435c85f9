const blockBytes = 512

export interface TarEntry {
  readonly type: 'directory' | 'symlink' | 'file'
  /** Bytes, since a path of a file system need not be UTF-8. No leading slash. */
  readonly path: Buffer
  /** Of a symbolic link. */
  readonly target?: Buffer
  /** Of a file. */
  readonly sizeBytes?: number
  readonly mode: number
}

const typeFlags = { directory: '5', symlink: '2', file: '0' } as const

/**
 * The header of an entry, POSIX.1-2001: ustar, preceded by a pax extended header where path, target or size do not
 * fit. A file's content and its padding are the caller's to write.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const path = entry.type === 'directory' ? Buffer.concat([entry.path, Buffer.from('/')]) : entry.path
  const target = entry.target ?? Buffer.alloc(0)
  const sizeBytes = entry.sizeBytes ?? 0
  const records = [
    ...(path.length > 100 ? [paxRecord('path', path)] : []),
    ...(target.length > 100 ? [paxRecord('linkpath', target)] : []),
    ...(sizeBytes > maxOctalSize ? [paxRecord('size', Buffer.from(String(sizeBytes)))] : []),
  ]
  const header = ustar(
    typeFlags[entry.type],
    path,
    target,
    sizeBytes > maxOctalSize ? 0 : sizeBytes,
    entry.mode,
  )
  if (records.length === 0) return header
  const extended = Buffer.concat(records)
  const name = Buffer.from('PaxHeaders/entry')
  return Buffer.concat([
    ustar('x', name, Buffer.alloc(0), extended.length, 0o644),
    extended,
    padding(extended.length),
    header,
  ])
}

/** Zeros up to the next block. */
export const padding = (sizeBytes: number): Buffer =>
  Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes)

/** The two empty blocks that end an archive. */
export const tarEnd = (): Buffer => Buffer.alloc(2 * blockBytes)

/** Eleven octal digits. */
const maxOctalSize = 0o77777777777

function ustar(type: string, path: Buffer, target: Buffer, sizeBytes: number, mode: number): Buffer {
  const header = Buffer.alloc(blockBytes)
  path.copy(header, 0, 0, Math.min(path.length, 100))
  header.write(octal(mode & 0o7777, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(sizeBytes, 11), 124)
  header.write(octal(0, 11), 136)
  header.write(type, 156)
  target.copy(header, 157, 0, Math.min(target.length, 100))
  header.write('ustar\u000000', 257)
  // The checksum counts its own field as spaces.
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  return header
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')])
  let length = rest.length + 1
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length
  return Buffer.concat([Buffer.from(`${length}`), rest])
}
