import { crc32, deflateRawSync } from 'node:zlib'

export interface EntryToWrite {
  readonly name: string
  readonly content: Uint8Array | string
  readonly stored?: boolean
  /** What the archive claims of the content, instead of the truth. */
  readonly claimedBytes?: number
  readonly claimedCrc32?: number
}

/** A zip archive (APPNOTE 4.3) of a few files, sound or lying. */
export function zipArchive(entries: readonly EntryToWrite[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const content = Buffer.from(entry.content as Uint8Array)
    const bytes = entry.stored ? content : deflateRawSync(content)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x0800, 2)
    fields.writeUInt16LE(entry.stored ? 0 : 8, 4)
    fields.writeUInt32LE(entry.claimedCrc32 ?? crc32(content), 10)
    fields.writeUInt32LE(bytes.length, 14)
    fields.writeUInt32LE(entry.claimedBytes ?? content.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const local = [Buffer.from('PK\x03\x04'), fields, name, bytes]
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), fields, place, name)
    parts.push(...local)
    offset += local.reduce((sum, part) => sum + part.length, 0)
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}
