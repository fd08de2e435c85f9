import { crc32 } from 'node:zlib'

/** The most one stored block of DEFLATE holds: its length has 16 bits (RFC 1951, 3.2.4). */
const storedBytes = 0xffff

/**
 * A gzip member (RFC 1952) of stored blocks. A compressor's output changes with its version, a stored block's does
 * not: the digests of the samples are the same with every zlib. Time and operating system are left unset.
 */
export function storedGzip(content: Uint8Array): Buffer {
  const parts: Uint8Array[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])]
  let offset = 0
  do {
    const block = content.subarray(offset, offset + storedBytes)
    offset += block.length
    const head = Buffer.alloc(5)
    head.writeUInt8(offset === content.length ? 1 : 0)
    head.writeUInt16LE(block.length, 1)
    head.writeUInt16LE(~block.length & 0xffff, 3)
    parts.push(head, block)
  } while (offset < content.length)
  const tail = Buffer.alloc(8)
  tail.writeUInt32LE(crc32(content))
  tail.writeUInt32LE(content.length % 2 ** 32, 4)
  return Buffer.concat([...parts, tail])
}
