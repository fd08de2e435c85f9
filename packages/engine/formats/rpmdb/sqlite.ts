import { type Blob, type Note, viewOf } from './blob.ts'
import { openPages, type Pages } from './sqlite-pages.ts'

/**
 * Gives the blobs of the table `Packages(hnum INTEGER PRIMARY KEY, blob BLOB)` that rpm keeps in an SQLite database,
 * in the order of its rows, and notes what cannot be read.
 *
 * @param log the write-ahead log beside the database (`rpmdb.sqlite-wal`), or null
 */
export function* readSqlite(content: Uint8Array, log: Uint8Array | null, note: Note): Generator<Blob> {
  const pages = openPages(content, log, note)
  if (pages === null) return
  const seen = new Set<number>()
  const root = findTable(pages, 'packages', seen, note)
  if (root === null) return note('it has no table of packages')
  for (const row of rowsOf(pages, root, seen, note)) {
    const place = `row ${row.id}`
    const bytes = columnOf(row.record, 1)
    if (bytes === null) note(`${place} is no package`)
    else yield { bytes, place }
  }
}

/** The root page of a table, by the lower-case name, as the schema on page 1 has it. */
function findTable(pages: Pages, name: string, seen: Set<number>, note: Note): number | null {
  let found: number | null = null
  const text = new TextDecoder()
  for (const { record } of rowsOf(pages, 1, seen, note)) {
    const [type, tableName, root] = [0, 1, 3].map(column => columnOf(record, column))
    if (!type || !tableName || !root) continue
    if (text.decode(type) !== 'table' || text.decode(tableName).toLowerCase() !== name) continue
    found ??= root.reduce((number, byte) => number * 256 + byte, 0)
  }
  return found
}

interface Row {
  readonly id: number
  readonly record: Uint8Array
}

const innerNode = 5
const leaf = 13
/** SQLite's own limit (BTCURSOR_MAX_DEPTH): enough for any database there can be. */
const maxDepth = 20

/**
 * The rows of a table's B-tree (fileformat2.html, 1.6) from left to right.
 *
 * @param seen pages that were visited. Each has one place in a sound database, so none is visited twice.
 */
function* rowsOf(pages: Pages, root: number, seen: Set<number>, note: Note): Generator<Row> {
  // What is still to visit, the next last: page and depth.
  const ahead: { readonly page: number; readonly depth: number }[] = [{ page: root, depth: 1 }]
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { page: number, depth } = next
    const page = seen.has(number) ? null : pages.page(number)
    if (page === null) {
      note(seen.has(number) ? `page ${number} has more than one place` : `page ${number} is not there`)
      continue
    }
    seen.add(number)
    // Page 1 begins with the header of the file.
    const headerAt = number === 1 ? 100 : 0
    const type = page[headerAt]
    if (type === leaf) yield* rowsOfLeaf(pages, page, number, headerAt, seen, note)
    else if (type === innerNode && depth < maxDepth) {
      const children = childrenOf(page, headerAt)
      if (children === null) note(`page ${number} is damaged`)
      // Pushed from the right, so that the leftmost comes off first.
      for (const child of children?.toReversed() ?? []) ahead.push({ page: child, depth: depth + 1 })
    } else note(`page ${number} is none of a table`)
  }
}

/** Where the cells of a page begin, by its index; null when the index has no room. */
function cellsOf(page: Uint8Array, headerAt: number, headerBytes: number): number[] | null {
  const view = viewOf(page)
  const count = view.getUint16(headerAt + 3)
  const indexAt = headerAt + headerBytes
  if (indexAt + 2 * count > page.length) return null
  return Array.from({ length: count }, (_, index) => view.getUint16(indexAt + 2 * index))
}

/** Page numbers of an inner node's children from left to right; each cell has one, the header the last. */
function childrenOf(page: Uint8Array, headerAt: number): number[] | null {
  const view = viewOf(page)
  const cells = cellsOf(page, headerAt, 12)
  if (cells === null || cells.some(at => at + 4 > page.length)) return null
  return [...cells.map(at => view.getUint32(at)), view.getUint32(headerAt + 8)]
}

function* rowsOfLeaf(
  pages: Pages,
  page: Uint8Array,
  number: number,
  headerAt: number,
  seen: Set<number>,
  note: Note,
): Generator<Row> {
  const cells = cellsOf(page, headerAt, 8)
  if (cells === null) return note(`page ${number} is damaged`)
  // An index may name one cell again and again; what they take together is no more than the page.
  let room = pages.usableBytes
  for (const at of cells) {
    const cell = room > 0 ? readCell(pages, page, at, seen) : 'is none'
    if (typeof cell === 'string') {
      note(`a row on page ${number} ${cell}`)
      continue
    }
    room -= cell.localBytes
    yield cell
  }
}

/** A row of a leaf, its overflow pages followed; or what is wrong with it. */
function readCell(
  pages: Pages,
  page: Uint8Array,
  at: number,
  seen: Set<number>,
): (Row & { readonly localBytes: number }) | string {
  const length = readVarint(page, at)
  const id = length === null ? null : readVarint(page, length.next)
  if (length === null || id === null) return 'is none'
  if (length.value > pages.totalBytes) return `claims ${length.value} bytes`
  const localBytes = localBytesOf(length.value, pages.usableBytes)
  const local = page.subarray(id.next, id.next + localBytes)
  if (id.next + localBytes > pages.usableBytes) return 'goes on behind its page'
  if (localBytes === length.value) return { id: id.value, record: local, localBytes }
  if (id.next + localBytes + 4 > pages.usableBytes) return 'goes on behind its page'
  const record = readOverflow(pages, local, viewOf(page).getUint32(id.next + localBytes), length.value, seen)
  return typeof record === 'string' ? record : { id: id.value, record, localBytes }
}

/** How many bytes of a row stand on its leaf (fileformat2.html, 1.6: U, P, X, M, K). */
function localBytesOf(payload: number, usable: number): number {
  if (payload <= usable - 35) return payload
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const filled = least + ((payload - least) % (usable - 4))
  return filled <= usable - 35 ? filled : least
}

/** A row with its overflow pages; each begins with the number of the next. */
function readOverflow(
  pages: Pages,
  local: Uint8Array,
  first: number,
  length: number,
  seen: Set<number>,
): Uint8Array | string {
  const parts = [local]
  let missing = length - local.length
  for (let next = first; missing > 0; ) {
    if (next === 0) return `ends ${missing} bytes too early`
    if (seen.has(next)) return `goes on on page ${next}, which has another place`
    const page = pages.page(next)
    if (page === null) return `goes on on page ${next}, which is not there`
    seen.add(next)
    const part = page.subarray(4, Math.min(pages.usableBytes, 4 + missing))
    parts.push(part)
    missing -= part.length
    next = viewOf(page).getUint32(0)
  }
  const record = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    record.set(part, at)
    at += part.length
  }
  return record
}

/** A variable-length integer: seven bits a byte, all eight of a ninth. Large ones lose precision, none is negative. */
function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } | null {
  let value = 0
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index]
    if (byte === undefined) return null
    if (index === 8) return { value: value * 256 + byte, next: at + 9 }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, next: at + index + 1 }
  }
  return null
}

/** Bytes of a column's value by its serial type (fileformat2.html, 2.1); null: it has no value, or not these bytes. */
const numberBytes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]

/**
 * The bytes of a column of a record. A record is a header, its own length and the columns' types, and the values
 * one after the other. Of a number they are big-endian.
 */
function columnOf(record: Uint8Array, column: number): Uint8Array | null {
  const header = readVarint(record, 0)
  if (header === null) return null
  let valueAt = header.value
  let typeAt = header.next
  for (let index = 0; typeAt < header.value; index += 1) {
    const type = readVarint(record, typeAt)
    if (type === null) return null
    const bytes = type.value >= 12 ? Math.floor((type.value - 12) / 2) : (numberBytes[type.value] ?? 0)
    if (index === column) {
      return bytes > 0 && valueAt + bytes <= record.length ? record.subarray(valueAt, valueAt + bytes) : null
    }
    valueAt += bytes
    typeAt = type.next
  }
  return null
}
