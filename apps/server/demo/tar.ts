/** One member of a layer. `path` has neither a leading nor a trailing slash and at most 100 bytes. */
export type TarEntry =
  | { readonly path: string; readonly type: 'file'; readonly content: Uint8Array; readonly mode: number }
  | { readonly path: string; readonly type: 'directory' }
  | { readonly path: string; readonly type: 'link'; readonly target: string }

const blockBytes = 512
const typeFlag = { file: '0', link: '2', directory: '5' } as const

/**
 * A POSIX ustar archive (pax(1), "ustar Interchange Format") of `entries` in their order. Owner, group and time are
 * always 0, so the same entries give the same bytes.
 */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks: Uint8Array[] = []
  for (const entry of entries) {
    const content = entry.type === 'file' ? entry.content : Buffer.alloc(0)
    blocks.push(header(entry, content.length), content, Buffer.alloc(-content.length & (blockBytes - 1)))
  }
  blocks.push(Buffer.alloc(2 * blockBytes))
  return Buffer.concat(blocks)
}

function header(entry: TarEntry, sizeBytes: number): Buffer {
  const name = entry.type === 'directory' ? `${entry.path}/` : entry.path
  if (Buffer.byteLength(name) > 100) throw new Error(`"${name}" is too long for a ustar name of 100 bytes`)
  const block = Buffer.alloc(blockBytes)
  const octal = (value: number, offset: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, '0'), offset, 'ascii')
  block.write(name, 0)
  octal(modeOf(entry), 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(sizeBytes, 124, 11)
  octal(0, 136, 11)
  block.write(typeFlag[entry.type], 156)
  if (entry.type === 'link') block.write(entry.target, 157, 100)
  block.write('ustar\0' + '00', 257, 'latin1')
  // The sum is taken with its own field filled with spaces.
  block.fill(' ', 148, 156)
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  block.write('\0 ', 154, 'latin1')
  return block
}

function modeOf(entry: TarEntry): number {
  if (entry.type === 'file') return entry.mode
  return entry.type === 'directory' ? 0o755 : 0o777
}
