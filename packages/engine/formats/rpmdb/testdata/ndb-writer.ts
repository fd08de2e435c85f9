/** An NDB file as rpm writes it (rpmpkg.c): pages of slots, then the blobs one behind the other. */
export function ndbFile(blobs: readonly Uint8Array[], slotPages = 1): Buffer {
  const head = Buffer.alloc(slotPages * 4096)
  head.write('RpmP', 'latin1')
  head.writeUInt32LE(7, 8)
  head.writeUInt32LE(slotPages, 12)
  head.writeUInt32LE(blobs.length + 1, 16)
  for (let at = 32; at < head.length; at += 16) head.write('Slot', at, 'latin1')
  const parts: Buffer[] = [head]
  let block = head.length / 16
  for (const [index, blob] of blobs.entries()) {
    const part = ndbBlob(blob, index + 1)
    const slotAt = 32 + index * 16
    head.writeUInt32LE(index + 1, slotAt + 4)
    head.writeUInt32LE(block, slotAt + 8)
    head.writeUInt32LE(part.length / 16, slotAt + 12)
    parts.push(part)
    block += part.length / 16
  }
  return Buffer.concat(parts)
}

function ndbBlob(blob: Uint8Array, packageNumber: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil((16 + blob.length + 12) / 16) * 16)
  bytes.write('BlbS', 'latin1')
  bytes.writeUInt32LE(packageNumber, 4)
  bytes.writeUInt32LE(7, 8)
  bytes.writeUInt32LE(blob.length, 12)
  bytes.set(blob, 16)
  const tailAt = bytes.length - 12
  bytes.writeUInt32LE(adler32(bytes.subarray(0, tailAt)), tailAt)
  bytes.writeUInt32LE(blob.length, tailAt + 4)
  bytes.write('BlbE', tailAt + 8, 'latin1')
  return bytes
}

/** RFC 1950, by the book. */
function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return b * 65536 + a
}
