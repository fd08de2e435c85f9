import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBerkeley } from './berkeley.ts'
import type { Blob, Note } from './blob.ts'
import { readRpmHeader } from './header.ts'
import { readNdb } from './ndb.ts'
import { readSqlite } from './sqlite.ts'
import { berkeleyFile } from './testdata/berkeley-writer.ts'
import { rpmHeader } from './testdata/header-writer.ts'
import { madeBlobs } from './testdata/made-packages.ts'
import { ndbFile } from './testdata/ndb-writer.ts'
import { sqliteFile, sqliteFilesWithLog } from './testdata/sqlite-writer.ts'

type Read = (content: Uint8Array, note: Note) => Generator<Blob>

const blobs = madeBlobs.slice(0, 9)
const logged = sqliteFilesWithLog(blobs.slice(0, 4), blobs.slice(4))
const readSqliteAlone: Read = (content, note) => readSqlite(content, null, note)

/** One sound file of each format, and of what its structure differs in. */
const corpus: readonly (readonly [string, Buffer, Read])[] = [
  ['a Berkeley DB hash', berkeleyFile(blobs, { pageBytes: 512 }), readBerkeley],
  ['a big-endian hash', berkeleyFile(blobs, { pageBytes: 1024, littleEndian: false }), readBerkeley],
  ['a Berkeley DB tree', berkeleyFile(blobs, { type: 'btree', pageBytes: 512 }), readBerkeley],
  ['an NDB file', ndbFile(blobs), readNdb],
  ['an SQLite database', sqliteFile(blobs, { pageBytes: 512 }), readSqliteAlone],
  [
    'an SQLite database with a large tree',
    sqliteFile(
      Array.from({ length: 120 }, () => Buffer.alloc(100, 7)),
      { pageBytes: 512 },
    ),
    readSqliteAlone,
  ],
  ['a write-ahead log', logged.log ?? Buffer.alloc(0), (log, note) => readSqlite(logged.content, log, note)],
]

/**
 * Reads to the end, every header too, and holds the reader to its bound: what it gives adds up to no more than the file
 * and what lies beside it.
 */
function readBounded(content: Uint8Array, read: Read): { blobs: number; notes: number } {
  let bytes = 0
  let found = 0
  let notes = 0
  let values = 0
  for (const blob of read(content, () => {
    notes += 1
  })) {
    values = Math.max(values, readRpmHeader(blob.bytes).values.size)
    bytes += blob.bytes.length
    found += 1
  }
  const isBounded =
    bytes <= content.length + logged.content.length && notes <= content.length + 1 && values <= 8
  if (!isBounded) expect({ bytes, notes, values }).toBe('bounded by the file')
  return { blobs: found, notes }
}

describe.each(corpus)('%s', (_, file, read) => {
  it('is sound as it is', () => {
    expect(readBounded(file, read).notes).toBe(0)
  })

  it('cut off anywhere gives what is there', () => {
    const whole = readBounded(file, read).blobs
    const step = Math.max(1, Math.floor(file.length / 700))
    for (let length = 0; length < file.length; length += step) {
      const cut = readBounded(file.subarray(0, length), read)
      expect(cut.blobs).toBeLessThanOrEqual(whole)
      // A log that ends with a commit looks whole, and a database without a log is one.
      if (read === readBerkeley || read === readNdb || read === readSqliteAlone)
        expect(cut.notes).toBeGreaterThan(0)
    }
  })

  it('with any one bit the other way is read to its end', () => {
    const damaged = Buffer.from(file)
    const positions = fc.sample(fc.nat(file.length * 8 - 1), { numRuns: 800, seed: 3 })
    // The first kilobytes are where a format keeps what it believes of itself.
    for (const bit of [...positions, ...Array.from({ length: 4096 }, (__, at) => at)]) {
      const at = bit >> 3
      if (at >= file.length) continue
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (bit & 7))
      readBounded(damaged, read)
      damaged[at] = file[at] ?? 0
    }
  })

  it('with numbers that are out of all measure is read to its end', () => {
    const extreme = fc.constantFrom(
      0,
      1,
      2,
      0x7f,
      0xff,
      0xffff,
      0x10000,
      0x7fffffff,
      0x80000000,
      0xfffffffe,
      0xffffffff,
    )
    const changes = fc.array(fc.tuple(fc.nat(file.length - 4), extreme, fc.boolean()), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(changes, changed => {
        const damaged = Buffer.from(file)
        for (const [at, value, littleEndian] of changed) {
          // Most numbers of these formats stand at multiples of two.
          if (littleEndian) damaged.writeUInt32LE(value, at & ~1)
          else damaged.writeUInt32BE(value, at & ~1)
        }
        readBounded(damaged, read)
      }),
      { numRuns: 1000, seed: 5 },
    )
  })

  it('with pages in other places is read to its end', () => {
    const place = fc.nat(Math.floor(file.length / 512) - 1)
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 20 }), moves => {
        const damaged = Buffer.from(file)
        for (const [from, to] of moves) file.copy(damaged, to * 512, from * 512, from * 512 + 512)
        readBounded(damaged, read)
      }),
      { numRuns: 500, seed: 7 },
    )
  })

  it('of random bytes behind a true beginning is read to its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(600), (bytes, kept) => {
        const damaged = Buffer.from(bytes)
        file.copy(damaged, 0, 0, Math.min(kept, damaged.length))
        readBounded(damaged, read)
      }),
      { numRuns: 1000, seed: 9 },
    )
  })
})

/** Files made to take as long, or as much room, as possible: each some megabytes, each to be read in a moment. */
describe('a file made to be dear', () => {
  const megabyte = 1024 * 1024

  function timed(content: Uint8Array, read: Read): { blobs: number; notes: number } {
    const before = process.cpuUsage()
    const found = readBounded(content, read)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(3000)
    return found
  }

  it('of slots that all name one large package gives it once', () => {
    const large = ndbFile([Buffer.alloc(4 * megabyte, 1)], 256)
    for (let slot = 1; slot < 65_000; slot += 1) large.copy(large, 32 + slot * 16, 32, 48)
    expect(timed(large, readNdb)).toEqual({ blobs: 1, notes: 64_999 })
  })

  it('of slots that name packages each inside the next looks at each block once', () => {
    const slots = 60_000
    const file = ndbFile([Buffer.alloc(4 * megabyte, 1)], 256)
    const first = file.readUInt32LE(40)
    const last = first + slots
    for (let slot = 0; slot < slots; slot += 1) {
      const block = last - slot
      const blocks = 2 + slot
      file.writeUInt32LE(slot + 1, 32 + slot * 16 + 4)
      file.writeUInt32LE(block, 32 + slot * 16 + 8)
      file.writeUInt32LE(blocks, 32 + slot * 16 + 12)
      file.write('BlbS', block * 16, 'latin1')
      file.writeUInt32LE(slot + 1, block * 16 + 4)
      file.writeUInt32LE(blocks * 16 - 28, block * 16 + 12)
    }
    expect(timed(file, readNdb).notes).toBeGreaterThan(slots - 10)
  })

  it('of pages whose items all lead to one chain follows it once', () => {
    const pages = 2000
    const file = berkeleyFile([Buffer.alloc(4 * megabyte, 1)], { pageBytes: 512 })
    const data = Buffer.alloc(pages * 512)
    const lastPage = file.readUInt32LE(32)
    const [, chain = 0] = [1, 2]
      .map(page => page * 512)
      .flatMap(at =>
        Array.from(
          { length: file.readUInt16LE(at + 20) },
          (_, item) => at + file.readUInt16LE(at + 26 + 2 * item),
        ).filter(at_ => file[at_] === 3),
      )
      .concat(0)
      .toSorted((a, b) => a - b)
    for (let page = 0; page < pages; page += 1) {
      const at = page * 512
      data.writeUInt32LE(lastPage + 1 + page, at + 8)
      data.writeUInt16LE(20, at + 20)
      data.writeUInt8(13, at + 25)
      for (let item = 0; item < 20; item += 1) {
        const itemAt = 512 - 14 * (item + 1)
        data.writeUInt16LE(itemAt, at + 26 + 2 * item)
        file.copy(data, at + itemAt, chain, chain + 12)
      }
    }
    file.writeUInt32LE(lastPage + pages, 32)
    const { blobs: found, notes } = timed(Buffer.concat([file, data]), readBerkeley)
    expect(found).toBeLessThanOrEqual(1)
    expect(notes).toBeGreaterThan(pages)
  })

  it('of rows that all lead to one chain follows it once', () => {
    const file = sqliteFile(
      [...Array.from({ length: 2000 }, () => Buffer.alloc(600, 3)), Buffer.alloc(4 * megabyte, 1)],
      { pageBytes: 512 },
    )
    // The row with the long chain has a header of five bytes more; every leaf is made a copy of the one it is on.
    const leaves: number[] = []
    for (let page = 1; page < file.length / 512; page += 1) if (file[page * 512] === 13) leaves.push(page)
    const last = leaves.at(-1) ?? 0
    for (const leaf of leaves.slice(2)) file.copy(file, leaf * 512, last * 512, last * 512 + 512)
    const { notes } = timed(file, readSqliteAlone)
    expect(notes).toBeGreaterThan(400)
  })

  it('of a header that names one long text for every tag takes the text once for each', () => {
    const header = rpmHeader({ name: 'a', vendor: 'b', padding: 2 * megabyte })
    // Each entry now points at the padding.
    const entries = header.readUInt32BE(0)
    const paddingAt = header.readUInt32BE(8 + (entries - 1) * 16 + 8)
    for (let entry = 0; entry < entries; entry += 1) header.writeUInt32BE(paddingAt, 8 + entry * 16 + 8)
    header.fill(0x61, 8 + entries * 16 + paddingAt)
    expect(timed(ndbFile([header]), readNdb)).toEqual({ blobs: 1, notes: 0 })
    expect(readRpmHeader(header).values.size).toBe(0)
  })
})
