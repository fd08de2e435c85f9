/** Compressions by the bytes a file begins with. Zstd may begin with a skippable frame (RFC 8878, 3.1.2). */
const magics: readonly (readonly [name: Compression, magic: RegExp])[] = [
  ['gzip', /^\x1f\x8b/],
  ['zstd', /^(?:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)/],
  ['xz', /^\xfd7zXZ/],
  ['bzip2', /^BZh/],
]

export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2'

/** What a file is compressed with, by its first six bytes; null when it is not. */
export function compressionOf(head: Uint8Array): Compression | null {
  const text = Buffer.from(head.subarray(0, 6)).toString('latin1')
  const [name] = magics.find(([, magic]) => magic.test(text)) ?? []
  return name ?? null
}
