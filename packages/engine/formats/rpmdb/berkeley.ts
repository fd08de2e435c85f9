import { type Blob, type Note, viewOf } from './blob.ts'

/**
 * Berkeley DB files (db_page.h of its source): pages of one size, the first of which describes the file. rpm uses the
 * hash access method; rpm 5 used B-trees. Either way the packages are pairs of items on leaf pages, and a data item
 * that is too large for a page is a chain of overflow pages. Numbers are in the byte order of the machine that made
 * the file, which the magic number tells.
 */
interface Method {
  readonly magic: number
  readonly leafTypes: ReadonlySet<number>
  /** Types of page that hold no packages: free ones, overflow, inner nodes, and the first page. */
  readonly otherTypes: ReadonlySet<number>
  readonly items: (file: BerkeleyFile, page: number) => Item[]
}

const free = 0
const overflow = 7
const methods: readonly Method[] = [
  {
    magic: 0x061561,
    leafTypes: new Set([2, 13]),
    otherTypes: new Set([free, overflow, 8]),
    items: hashItems,
  },
  { magic: 0x053162, leafTypes: new Set([5]), otherTypes: new Set([free, overflow, 3, 9]), items: treeItems },
]

interface BerkeleyFile {
  readonly content: Uint8Array
  readonly view: DataView
  readonly method: Method
  readonly littleEndian: boolean
  readonly pageBytes: number
  /** Whole pages that are there and belong to the file. */
  readonly pages: number
  /** Where on a page what it holds begins: behind its header, and its checksum where pages have one. */
  readonly bodyAt: number
  /** Pairs of key and data that a hash says it has. */
  readonly statedPairs: number
  /** Overflow pages of the chains followed so far. */
  readonly used: Uint8Array
}

/** Keys and data by turns. Null: this item cannot be made out. */
type Item = { readonly bytes: Uint8Array } | { readonly firstPage: number; readonly length: number } | null

const metaBytes = 92
const pageHeaderBytes = 26
/** PG_CHKSUM: two bytes to align it, and the checksum. */
const checksumBytes = 6

/** Gives the blobs of a Berkeley DB file in the order of its pages, and notes what cannot be read. */
export function* readBerkeley(content: Uint8Array, note: Note): Generator<Blob> {
  let isDamaged = false
  const damage: Note = problem => {
    isDamaged = true
    note(problem)
  }
  const file = open(content, damage)
  if (file === null) return
  let pairs = 0
  for (let page = 1; page < file.pages; page += 1) {
    const type = content[page * file.pageBytes + 25] ?? free
    if (file.method.otherTypes.has(type)) continue
    if (!file.method.leafTypes.has(type) || uint32(file, page, 8) !== page) {
      damage(`page ${page} is none that such a file has`)
      continue
    }
    const items = file.method.items(file, page)
    if (items.length % 2 === 1) damage(`page ${page} has a key without data`)
    for (let at = 0; at + 1 < items.length; at += 2) {
      pairs += 1
      const key = items[at] ?? null
      if (isCounter(key)) continue
      // What belongs to a key that cannot be made out may still be whole.
      if (key === null) damage(`a key of page ${page} is of no kind that such a file has`)
      const blob = readItem(file, items[at + 1] ?? null)
      if (typeof blob === 'string') damage(`a package of page ${page} ${blob}`)
      else yield { bytes: blob, place: `page ${page}` }
    }
  }
  // A page whose type was changed looks like one that is free: the file's own count tells that something is missing.
  if (pairs < file.statedPairs && !isDamaged)
    damage(`it says it has ${file.statedPairs} entries, ${pairs} were found`)
}

function open(content: Uint8Array, note: Note): BerkeleyFile | null {
  const view = viewOf(content)
  const found =
    content.length < metaBytes
      ? undefined
      : [true, false]
          .flatMap(littleEndian => methods.map(method => ({ littleEndian, method })))
          .find(({ littleEndian, method }) => view.getUint32(12, littleEndian) === method.magic)
  if (found === undefined) {
    note('it is no Berkeley DB file')
    return null
  }
  const { littleEndian, method } = found
  const pageBytes = view.getUint32(20, littleEndian)
  // Sizes that Berkeley DB allows (DB_MIN_PGSIZE, DB_MAX_PGSIZE).
  if (pageBytes < 512 || pageBytes > 65536 || (pageBytes & (pageBytes - 1)) !== 0) {
    note(`it is a Berkeley DB file with pages of ${pageBytes} bytes, which there are not`)
    return null
  }
  if (content[24] !== 0) {
    note('it is encrypted')
    return null
  }
  const stated = view.getUint32(32, littleEndian) + 1
  const there = Math.floor(content.length / pageBytes)
  if (there < stated) note(`it is cut off: ${there} of ${stated} pages are there`)
  if (there > stated) note(`it has ${there} pages where it says ${stated}`)
  const hasChecksums = ((content[26] ?? 0) & 1) === 1
  const nelem = view.getUint32(88, littleEndian)
  return {
    content,
    view,
    method,
    littleEndian,
    pageBytes,
    pages: Math.min(stated, there),
    bodyAt: pageHeaderBytes + (hasChecksums ? checksumBytes : 0),
    // Only a hash counts them there. Old versions let the count run below zero.
    statedPairs: method.items === hashItems && nelem < 0x80000000 ? nelem : 0,
    used: new Uint8Array(there),
  }
}

const uint32 = ({ view, littleEndian, pageBytes }: BerkeleyFile, page: number, at: number): number =>
  view.getUint32(page * pageBytes + at, littleEndian)

const uint16 = ({ view, littleEndian, pageBytes }: BerkeleyFile, page: number, at: number): number =>
  view.getUint16(page * pageBytes + at, littleEndian)

/** Under the key 0 rpm keeps the number it gave last, not a package. */
const isCounter = (key: Item): boolean =>
  key !== null && 'bytes' in key && key.bytes.length === 4 && key.bytes.every(byte => byte === 0)

/** How many items a page's index has, as far as it has room for them. */
function countOf(file: BerkeleyFile, page: number): number {
  return Math.min(uint16(file, page, 20), Math.floor((file.pageBytes - file.bodyAt) / 2))
}

/** Items of a hash page: each begins with its type and ends where the one before it begins, or the page ends. */
function hashItems(file: BerkeleyFile, page: number): Item[] {
  const count = countOf(file, page)
  const pageAt = page * file.pageBytes
  const items: Item[] = []
  let end = file.pageBytes
  for (let index = 0; index < count; index += 1) {
    const at = uint16(file, page, file.bodyAt + 2 * index)
    const isInside = at >= file.bodyAt + 2 * count && at < end
    items.push(isInside ? hashItem(file, pageAt + at, pageAt + end) : null)
    if (isInside) end = at
  }
  return items
}

function hashItem({ content, view, littleEndian }: BerkeleyFile, at: number, end: number): Item {
  const type = content[at]
  if (type === 1) return { bytes: content.subarray(at + 1, end) }
  if (type !== 3 || end - at < 12) return null
  return { firstPage: view.getUint32(at + 4, littleEndian), length: view.getUint32(at + 8, littleEndian) }
}

/** Items of a leaf of a B-tree: each has its length and type in front. */
function treeItems(file: BerkeleyFile, page: number): Item[] {
  const count = countOf(file, page)
  const items: Item[] = []
  let room = file.pageBytes - file.bodyAt
  for (let index = 0; index < count; index += 1) {
    const item = room > 0 ? treeItem(file, page, uint16(file, page, file.bodyAt + 2 * index)) : null
    // Items of a page cannot take more than the page: an index may name one of them again and again.
    room -= item !== null && 'bytes' in item ? item.bytes.length : 0
    items.push(item)
  }
  return items
}

function treeItem(file: BerkeleyFile, page: number, at: number): Item {
  const rest = file.pageBytes - at
  if (rest < 3) return null
  const start = page * file.pageBytes + at
  const length = uint16(file, page, at)
  const type = file.content[start + 2]
  if (type === 1 && 3 + length <= rest) return { bytes: file.content.subarray(start + 3, start + 3 + length) }
  if (type !== 3 || rest < 12) return null
  return { firstPage: uint32(file, page, at + 4), length: uint32(file, page, at + 8) }
}

/** The bytes of a data item, or what is wrong with it. */
function readItem(file: BerkeleyFile, item: Item): Uint8Array | string {
  if (item === null) return 'is of no kind that such a file has'
  return 'bytes' in item ? item.bytes : readChain(file, item.firstPage, item.length)
}

/** The overflow pages of one item. A page belongs to one chain, once, so that all chains together take the file. */
function readChain(file: BerkeleyFile, firstPage: number, length: number): Uint8Array | string {
  const parts: Uint8Array[] = []
  let bytes = 0
  for (let page = firstPage; page !== 0; page = uint32(file, page, 16)) {
    if (page >= file.pages) return `goes on on page ${page}, which is not there`
    if (file.content[page * file.pageBytes + 25] !== overflow)
      return `goes on on page ${page}, which is another's`
    if (file.used[page] === 1) return `goes on on page ${page}, where another one or it itself has been`
    file.used[page] = 1
    const at = page * file.pageBytes + file.bodyAt
    // The number of bytes on an overflow page stands where other pages say where their free room is.
    const onPage = uint16(file, page, 22)
    if (onPage > file.pageBytes - file.bodyAt) return `takes more of page ${page} than there is`
    parts.push(file.content.subarray(at, at + onPage))
    bytes += onPage
  }
  if (bytes !== length) return `has ${bytes} bytes on its pages where it says ${length}`
  return parts.length === 1 ? (parts[0] ?? new Uint8Array()) : joined(parts, bytes)
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
