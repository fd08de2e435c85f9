import { rpmTags } from '../header.ts'

/** What a made package says of itself. Tags that are left out are not there. */
export interface HeaderFields {
  readonly name?: string
  readonly version?: string
  readonly release?: string
  readonly epoch?: number
  readonly vendor?: string
  readonly arch?: string
  readonly sourceRpm?: string
  readonly modularityLabel?: string
  /** Bytes of a tag that nobody asks for, to make the header as long as it should be. */
  readonly padding?: number
}

const types = { int32: 4, string: 6, binary: 7 }
/** RPMTAG_FILEDIGESTS and the like take most of a real header; this one is nobody's. */
const paddingTag = 0x7ffffff0

interface Entry {
  readonly tag: number
  readonly type: number
  readonly count: number
  readonly data: Buffer
}

/** A header as rpm writes it into its database: entries by their tags, then the data, numbers at multiples of four. */
export function rpmHeader({ padding = 0, ...fields }: HeaderFields): Buffer {
  const own = Object.entries(fields).map(([field, value]): Entry => {
    const tag = rpmTags[field as keyof typeof rpmTags]
    if (typeof value === 'number') return { tag, type: types.int32, count: 1, data: uint32(value) }
    return { tag, type: types.string, count: 1, data: Buffer.from(`${value}\0`) }
  })
  const made: Entry[] =
    padding === 0
      ? []
      : [{ tag: paddingTag, type: types.binary, count: padding, data: paddingOf(padding) }]
  return headerOf([...own, ...made].toSorted((a, b) => a.tag - b.tag))
}

/** No two places of it look alike. */
const paddingOf = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, at) => (at * at) >> 5))

/** A header of these entries, as they are. */
export function headerOf(entries: readonly Entry[]): Buffer {
  const index: Buffer[] = []
  const data: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const gap = entry.type === types.int32 ? (4 - (offset % 4)) % 4 : 0
    data.push(Buffer.alloc(gap), entry.data)
    offset += gap
    index.push(Buffer.concat([entry.tag, entry.type, offset, entry.count].map(uint32)))
    offset += entry.data.length
  }
  return Buffer.concat([uint32(entries.length), uint32(offset), ...index, ...data])
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}
