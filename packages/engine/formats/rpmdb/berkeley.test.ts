import { describe, expect, it } from 'vitest'
import { readBerkeley } from './berkeley.ts'
import { berkeleyFile } from './testdata/berkeley-writer.ts'
import { rpmHeader } from './testdata/header-writer.ts'
import { madeBlobs, readAll, sortedHex } from './testdata/made-packages.ts'

const read = (content: Uint8Array) => readAll(note => readBerkeley(content, note))
const big = madeBlobs[8] ?? Buffer.alloc(0)

/** A hash of one package on the overflow pages 3, 4 and 5, with something changed. */
function changed(change: (file: Buffer, page: (number: number) => number) => void, blobs = [big]) {
  const file = berkeleyFile(blobs)
  change(file, number => number * 4096)
  return read(file)
}

/** The first overflow page that the file has. */
const overflowPage = (file: Buffer): number => {
  for (let page = 1; page < file.length / 4096; page += 1) if (file[page * 4096 + 25] === 7) return page
  throw new Error('there is none')
}

describe('a Berkeley DB file', () => {
  it.each([
    {},
    { littleEndian: false },
    { pageBytes: 512 },
    { pageBytes: 512, littleEndian: false, checksums: true },
    { pageBytes: 1024, type: 'btree' as const },
    { pageBytes: 8192 },
    { pageBytes: 65536 },
    { pageBytes: 65536, littleEndian: false },
    { checksums: true },
    { type: 'btree' as const },
    { type: 'btree' as const, littleEndian: false, checksums: true },
  ])('that db_load wrote with %o gives its packages', options => {
    const { blobs, notes } = read(berkeleyFile(madeBlobs, options))
    expect(notes).toEqual([])
    expect(sortedHex(blobs)).toEqual(sortedHex(madeBlobs))
  })

  it('of several thousand packages is read in full', () => {
    const many = Array.from({ length: 3000 }, (_, at) => rpmHeader({ name: `p${at}`, padding: at % 1700 }))
    for (const type of ['hash', 'btree'] as const) {
      const { blobs, notes } = read(berkeleyFile(many, { type }))
      expect(notes).toEqual([])
      expect(sortedHex(blobs)).toEqual(sortedHex(many))
    }
  })

  it('without packages has none', () => {
    expect(read(berkeleyFile([]))).toEqual({ blobs: [], notes: [] })
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'it is no Berkeley DB file'],
    ['something else', Buffer.from('SQLite format 3\0'.padEnd(200)), 'it is no Berkeley DB file'],
  ])('that is %s is none', (_, content, note) => {
    expect(read(content)).toEqual({ blobs: [], notes: [note] })
  })

  it.each([0, 1, 256, 1000, 131072, 0xffffffff])('with pages of %i bytes is none', size => {
    const { blobs, notes } = changed(file => file.writeUInt32LE(size, 20))
    expect(blobs).toEqual([])
    expect(notes).toEqual([`it is a Berkeley DB file with pages of ${size} bytes, which there are not`])
  })

  it('that is encrypted is not read', () => {
    expect(changed(file => file.writeUInt8(1, 24)).notes).toEqual(['it is encrypted'])
  })

  it('that is cut off says how much is there, and keeps what is whole', () => {
    const file = berkeleyFile([...madeBlobs.slice(0, 3), big])
    const { blobs, notes } = read(file.subarray(0, file.length - 10))
    expect(blobs).toHaveLength(3)
    const pages = file.length / 4096
    expect(notes[0]).toBe(`it is cut off: ${pages - 1} of ${pages} pages are there`)
    expect(notes[1]).toMatch(/^a package of page \d goes on on page \d, which is not there$/)
  })

  it('with more pages than it says does not read them, and says so', () => {
    const { blobs, notes } = changed(file => file.writeUInt32LE(1, 32))
    expect(blobs).toEqual([])
    expect(notes[0]).toMatch(/^it has \d+ pages where it says 2$/)
  })

  it('whose overflow pages go in a circle ends', () => {
    const { blobs, notes } = changed((file, page) => {
      const first = overflowPage(file)
      file.writeUInt32LE(first, page(first + 1) + 16)
    })
    expect(blobs).toEqual([])
    expect(notes).toEqual([expect.stringMatching(/where another one or it itself has been$/)])
  })

  it('two of whose packages have the same overflow pages gives them to one', () => {
    const { blobs, notes } = changed(
      (file, page) => {
        const items = [1, 2].flatMap(number => {
          const at = page(number)
          return Array.from(
            { length: file.readUInt16LE(at + 20) },
            (_, item) => at + file.readUInt16LE(at + 26 + 2 * item),
          )
        })
        const [first = 0, second = 0] = items.filter(at => file[at] === 3)
        file.copy(file, second, first, first + 12)
      },
      [big, Buffer.alloc(big.length, 1)],
    )
    expect(blobs).toHaveLength(1)
    expect(notes).toEqual([expect.stringMatching(/where another one or it itself has been$/)])
  })

  it.each([
    ['that is none', (file: Buffer, at: number) => file.writeUInt8(13, at + 25), /which is another's\b/],
    ['that is free', (file: Buffer, at: number) => file.writeUInt8(0, at + 25), /which is another's\b/],
    [
      'longer than a page',
      (file: Buffer, at: number) => file.writeUInt16LE(5000, at + 22),
      /takes more of page \d/,
    ],
    [
      'shorter than it says',
      (file: Buffer, at: number) => file.writeUInt16LE(5, at + 22),
      /has \d+ bytes on its pages/,
    ],
    [
      'with a next one far away',
      (file: Buffer, at: number) => file.writeUInt32LE(0xffffffff, at + 16),
      /is not there$/,
    ],
  ])('with an overflow page %s says so', (_, change, note) => {
    const { blobs, notes } = changed((file, page) => change(file, page(overflowPage(file))))
    expect(blobs).toEqual([])
    expect(notes.join()).toMatch(note)
  })

  it('with a package that claims more bytes than there are says so, and takes no room for them', () => {
    const { blobs, notes } = changed((file, page) => {
      for (const number of [1, 2]) {
        const at = page(number)
        for (let item = 0; item < file.readUInt16LE(at + 20); item += 1) {
          const itemAt = at + file.readUInt16LE(at + 26 + 2 * item)
          if (file[itemAt] === 3) file.writeUInt32LE(0xfffffff0, itemAt + 8)
        }
      }
    })
    expect(blobs).toEqual([])
    expect(notes).toEqual([expect.stringMatching(/on its pages where it says 4294967280$/)])
  })

  it.each([
    [
      'says it has more items than it has room',
      (file: Buffer, at: number) => file.writeUInt16LE(0xffff, at + 20),
    ],
    ['has items outside of it', (file: Buffer, at: number) => file.writeUInt16LE(5000, at + 26)],
    ['has items before its body', (file: Buffer, at: number) => file.writeUInt16LE(3, at + 28)],
    ['has items out of order', (file: Buffer, at: number) => file.writeUInt16LE(4095, at + 28)],
    ['has a key without data', (file: Buffer, at: number) => file.writeUInt16LE(1, at + 20)],
    ['calls itself another', (file: Buffer, at: number) => file.writeUInt32LE(9, at + 8)],
    ['is of no type', (file: Buffer, at: number) => file.writeUInt8(77, at + 25)],
    ['calls itself free', (file: Buffer, at: number) => file.writeUInt8(0, at + 25)],
    ['calls itself an overflow page', (file: Buffer, at: number) => file.writeUInt8(7, at + 25)],
  ])('a page of which %s is damaged', (_, change) => {
    const file = berkeleyFile(madeBlobs.slice(0, 6))
    for (const page of [1, 2]) if (file.readUInt16LE(page * 4096 + 20) > 0) change(file, page * 4096)
    const { notes } = read(file)
    expect(notes).not.toEqual([])
  })

  it('a tree whose pages name one item again and again gives no more than a page holds', () => {
    const file = berkeleyFile([Buffer.alloc(900, 1)], { type: 'btree' })
    const leaf = [1, 2, 3].find(page => file[page * 4096 + 25] === 5) ?? 0
    const at = leaf * 4096
    const data = file.readUInt16LE(at + 26 + 2 * 3)
    file.writeUInt16LE(400, at + 20)
    for (let item = 4; item < 400; item += 1) file.writeUInt16LE(data, at + 26 + 2 * item)
    const { blobs, notes } = read(file)
    expect(blobs.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(8192)
    expect(notes).not.toEqual([])
  })
})
