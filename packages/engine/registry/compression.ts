export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2'

/** What a file is compressed with, by its first six bytes; null when it is not. */
export function compressionOf(head: Uint8Array): Compression | null {
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, at) => head[at] === byte)
  const [first = 0] = head
  if (begins(0x1f, 0x8b)) return 'gzip'
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd'
  // It may begin with a skippable frame (RFC 8878, 3.1.2).
  if (first >> 4 === 5 && begins(first, 0x2a, 0x4d, 0x18)) return 'zstd'
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'xz'
  if (begins(0x42, 0x5a, 0x68)) return 'bzip2'
  return null
}
