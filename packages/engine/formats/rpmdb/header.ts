import { viewOf } from './blob.ts'

/** Numbers of rpm's tags (rpmtag.h). */
export const rpmTags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  arch: 1022,
  sourceRpm: 1044,
  modularityLabel: 5096,
} as const

export interface RpmHeader {
  /** Texts (of a list the first) and numbers, by tag. */
  readonly values: ReadonlyMap<number, string | number>
  /** What was wrong with it, in one phrase; null when it could be read whole. */
  readonly problem: string | null
}

const wanted: ReadonlySet<number> = new Set(Object.values(rpmTags))

/** As rpm itself has it (header.c): more entries, or more data, are no header. */
const maxEntries = 0xffff
const maxDataBytes = 0x0fffffff
/** The longest text of a wanted tag; real ones have a few dozen bytes. */
const maxTextBytes = 4096

const prefixBytes = 8
const entryBytes = 16

/**
 * Reads a header as it stands in a database (rpm's format.md, "Header", without magic): the number of entries and of
 * data bytes, the entries (tag, type, offset, count; all big-endian), and the data they point into. A tag that stands
 * there twice counts as it stands last: what rpm adds to a built package's header follows it and replaces it.
 */
export function readRpmHeader(bytes: Uint8Array): RpmHeader {
  const values = new Map<number, string | number>()
  const view = viewOf(bytes)
  if (bytes.length < prefixBytes) return { values, problem: 'its header is cut off' }
  const entries = view.getUint32(0)
  const dataBytes = view.getUint32(4)
  if (entries === 0 || entries > maxEntries || dataBytes > maxDataBytes) {
    return { values, problem: `its header cannot have ${entries} entries and ${dataBytes} bytes of data` }
  }
  const dataAt = prefixBytes + entries * entryBytes
  const end = dataAt + dataBytes
  let problem: string | null = null
  if (end !== bytes.length) {
    problem = `its header takes ${end} bytes where there are ${bytes.length}`
  }
  const data = bytes.subarray(dataAt, Math.max(dataAt, end))
  for (let at = prefixBytes; at + entryBytes <= Math.min(dataAt, bytes.length); at += entryBytes) {
    const tag = view.getUint32(at)
    if (!wanted.has(tag)) continue
    const value = readValue(data, view.getUint32(at + 4), view.getUint32(at + 8), view.getUint32(at + 12))
    if (value === null) problem ??= `the tag ${tag} of its header makes no sense`
    else values.set(tag, value)
  }
  return { values, problem }
}

const typeInt32 = 4
/** STRING, STRING_ARRAY, I18NSTRING: all begin with a text that ends in a zero byte. */
const textTypes: ReadonlySet<number> = new Set([6, 8, 9])
const utf8 = new TextDecoder()

function readValue(data: Uint8Array, type: number, offset: number, count: number): string | number | null {
  if (count === 0 || offset >= data.length) return null
  if (type === typeInt32) return offset + 4 <= data.length ? viewOf(data).getUint32(offset) : null
  if (!textTypes.has(type)) return null
  const end = data.subarray(offset, offset + maxTextBytes + 1).indexOf(0)
  return end === -1 ? null : utf8.decode(data.subarray(offset, offset + end))
}
