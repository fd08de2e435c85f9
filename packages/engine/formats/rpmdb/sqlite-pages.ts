import { type Note, viewOf } from './blob.ts'

/** The pages of an SQLite database as its last committed transaction left them. */
export interface Pages {
  /** Bytes of a page that hold content: its size without what an extension reserved at its end. */
  readonly usableBytes: number
  /** All bytes there are, an upper bound for whatever a length claims. */
  readonly totalBytes: number
  /** A page by its number, from 1; null when there is none. */
  page(number: number): Uint8Array | null
}

const fileMagic = new TextEncoder().encode('SQLite format 3\0')
const headerBytes = 100
/** UTF-8; rpm never sets another text encoding. */
const utf8 = 1

/**
 * Reads where the pages are (sqlite.org/fileformat2.html, 1.3 and 4).
 *
 * @param log the write-ahead log beside the database, whose committed pages are newer than the database's
 * @returns null when there are none; why was noted
 */
export function openPages(content: Uint8Array, log: Uint8Array | null, note: Note): Pages | null {
  const pageBytes = content.length >= headerBytes ? pageSizeOf(content) : 0
  if (pageBytes === 0) {
    note('it is no SQLite database')
    return null
  }
  const newer = log === null ? null : readLog(log, pageBytes, note)
  const logged = (number: number): Uint8Array | null => {
    const at = newer?.frames.get(number)
    return at === undefined || log === null ? null : log.subarray(at, at + pageBytes)
  }
  const header = viewOf(logged(1) ?? content)
  const usableBytes = pageBytes - header.getUint8(20)
  if (usableBytes < 480) {
    note('its pages have no room for content')
    return null
  }
  if (header.getUint32(56) !== utf8) {
    note('its texts are not in UTF-8')
    return null
  }
  const there = Math.floor(content.length / pageBytes)
  const stated = statedPages(header, newer?.pages ?? null) ?? there
  if (newer === null && there < stated) note(`it is cut off: ${there} of ${stated} pages are there`)
  return {
    usableBytes,
    totalBytes: content.length + (log?.length ?? 0),
    page: number => {
      if (number < 1 || number > stated) return null
      if (number > there) return logged(number)
      return logged(number) ?? content.subarray((number - 1) * pageBytes, number * pageBytes)
    },
  }
}

/** 0: this is no such file. The size 65536 does not fit its two bytes and is written as 1. */
function pageSizeOf(content: Uint8Array): number {
  if (!fileMagic.every((byte, at) => content[at] === byte)) return 0
  const size = viewOf(content).getUint16(16)
  if (size === 1) return 65536
  return size >= 512 && (size & (size - 1)) === 0 ? size : 0
}

/**
 * How many pages the database has. The header's number counts only when the version that wrote it also wrote the
 * change counter; else the file's size says it.
 */
function statedPages(header: DataView, logged: number | null): number | null {
  if (logged !== null) return logged
  const pages = header.getUint32(28)
  return pages > 0 && header.getUint32(24) === header.getUint32(92) ? pages : null
}

interface Log {
  /** Where in the log the newest committed copy of each page begins. */
  readonly frames: ReadonlyMap<number, number>
  /** Size of the database after the last commit, in pages. */
  readonly pages: number
}

const logMagic = 0x377f0682
const logVersion = 3007000
const logHeaderBytes = 32
const frameHeaderBytes = 24

/**
 * The committed frames of a write-ahead log. A frame counts when its salt is the log's and the checksum, which runs
 * from the log's start on, is right; one that names the size of the database commits those before it. Frames of
 * another salt are left from before the log was begun anew. What follows the last commit SQLite passes over as well;
 * it is noted, for a change that was cut short may have left its files behind.
 *
 * @returns null when nothing in it counts
 */
function readLog(log: Uint8Array, pageBytes: number, note: Note): Log | null {
  if (log.length === 0) return null
  const view = viewOf(log)
  const isLog =
    log.length >= logHeaderBytes &&
    (view.getUint32(0) & ~1) === logMagic &&
    view.getUint32(4) === logVersion &&
    view.getUint32(8) === pageBytes
  // The magic's last bit says in which byte order the checksums were reckoned.
  const littleEndian = isLog && (view.getUint32(0) & 1) === 0
  let sum: Sum = isLog ? checksum([0, 0], view, 0, 24, littleEndian) : [0, 0]
  if (!isLog || sum[0] !== view.getUint32(24) || sum[1] !== view.getUint32(28)) {
    note('its write-ahead log (-wal) is none')
    return null
  }
  const frames = new Map<number, number>()
  let pending: (readonly [page: number, contentAt: number])[] = []
  let pages = 0
  for (let at = logHeaderBytes; at + frameHeaderBytes <= log.length; ) {
    const isOfThisLog =
      view.getUint32(at + 8) === view.getUint32(16) && view.getUint32(at + 12) === view.getUint32(20)
    if (!isOfThisLog) break
    const contentAt = at + frameHeaderBytes
    if (contentAt + pageBytes > log.length) {
      note('its write-ahead log (-wal) is cut off')
      break
    }
    sum = checksum(sum, view, at, at + 8, littleEndian)
    sum = checksum(sum, view, contentAt, contentAt + pageBytes, littleEndian)
    if (sum[0] !== view.getUint32(at + 16) || sum[1] !== view.getUint32(at + 20)) {
      note(`its write-ahead log (-wal) is damaged at byte ${at}, and not read from there`)
      break
    }
    pending.push([view.getUint32(at), contentAt])
    const committed = view.getUint32(at + 4)
    if (committed !== 0) {
      for (const [page, frameAt] of pending) frames.set(page, frameAt)
      pending = []
      pages = committed
    }
    at = contentAt + pageBytes
  }
  if (pending.length > 0) note('its write-ahead log (-wal) ends inside a change, which does not count')
  return pages === 0 ? null : { frames, pages }
}

type Sum = readonly [number, number]

/** The running checksum of a log, over pairs of 32-bit words. */
function checksum(sum: Sum, view: DataView, start: number, end: number, littleEndian: boolean): Sum {
  let [a, b] = sum
  for (let at = start; at < end; at += 8) {
    a = (a + view.getUint32(at, littleEndian) + b) >>> 0
    b = (b + view.getUint32(at + 4, littleEndian) + a) >>> 0
  }
  return [a, b]
}
