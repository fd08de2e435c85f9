import { describe, expect, it } from 'vitest'
import { readNdb } from './ndb.ts'
import { rpmHeader } from './testdata/header-writer.ts'
import { madeBlobs, readAll, sortedHex } from './testdata/made-packages.ts'
import { ndbFile } from './testdata/ndb-writer.ts'

const read = (content: Uint8Array) => readAll(note => readNdb(content, note))
const three = madeBlobs.slice(0, 3)
const slotAt = (slot: number): number => 32 + slot * 16

function changed(change: (file: Buffer) => void, blobs: readonly Buffer[] = three) {
  const file = ndbFile(blobs)
  change(file)
  return read(file)
}

describe('an NDB file', () => {
  it('gives its packages in the order of its slots', () => {
    const { blobs, notes } = read(ndbFile(madeBlobs))
    expect(notes).toEqual([])
    expect(blobs.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
      madeBlobs.map(blob => blob.toString('hex')),
    )
  })

  it('with several pages of slots is read in full', () => {
    const many = Array.from({ length: 1000 }, (_, at) => rpmHeader({ name: `p${at}`, padding: at % 50 }))
    const { blobs, notes } = read(ndbFile(many, 4))
    expect(notes).toEqual([])
    expect(sortedHex(blobs)).toEqual(sortedHex(many))
  })

  it('passes over free slots', () => {
    const { blobs, notes } = changed(file => file.fill(0, slotAt(1) + 4, slotAt(2)))
    expect(notes).toEqual([])
    expect(blobs.map(({ place }) => place)).toEqual(['slot 0', 'slot 2'])
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'it is no NDB file'],
    ['something else', Buffer.alloc(5000), 'it is no NDB file'],
    [
      'of a later version',
      Buffer.concat([Buffer.from('RpmP\x01\0\0\0', 'latin1'), Buffer.alloc(5000)]),
      'it is an NDB file of version 1, which is not known',
    ],
  ])('that is %s is none', (_, content, note) => {
    expect(read(content)).toEqual({ blobs: [], notes: [note] })
  })

  it.each([
    ['a slot that is none', (file: Buffer) => file.fill(0xff, slotAt(1), slotAt(1) + 4), 'slot 1 is none'],
    [
      'a package behind the end',
      (file: Buffer) => file.writeUInt32LE(0xffffffff, slotAt(1) + 8),
      'the package of slot 1 lies behind the end of the file',
    ],
    [
      'a package without length',
      (file: Buffer) => file.writeUInt32LE(0, slotAt(1) + 12),
      'the package of slot 1 has no room for its header',
    ],
    [
      'a package of one block',
      (file: Buffer) => file.writeUInt32LE(1, slotAt(1) + 12),
      'the package of slot 1 has no room for its header',
    ],
    [
      'a package longer than its slot says',
      (file: Buffer) => file.writeUInt32LE(4, slotAt(1) + 12),
      'the package of slot 1 is not where its slot says',
    ],
    [
      'a package in the middle of another',
      (file: Buffer) => file.writeUInt32LE(258, slotAt(1) + 8),
      'the package of slot 1 is not where its slot says',
    ],
    [
      'a package of another number',
      (file: Buffer) => file.writeUInt32LE(99, slotAt(1) + 4),
      'the package of slot 1 is not where its slot says',
    ],
  ])('with %s keeps the others', (_, change, note) => {
    const { blobs, notes } = changed(change)
    expect(blobs.map(({ place }) => place)).toEqual(['slot 0', 'slot 2'])
    expect(notes).toEqual([note])
  })

  it('two of whose slots have one package gives it once', () => {
    const { blobs, notes } = changed(file => file.copy(file, slotAt(1), slotAt(0), slotAt(1)))
    expect(blobs.map(({ place }) => place)).toEqual(['slot 0', 'slot 2'])
    expect(notes).toEqual(['the package of slot 1 lies over another one'])
  })

  it.each([
    ['in its content', 4096 + 20],
    ['in its head', 4096 + 8],
  ])('with a package that was changed %s says so, and gives it', (_, at) => {
    const { blobs, notes } = changed(file => file.writeUInt8((file[at] ?? 0) ^ 0x10, at))
    expect(blobs).toHaveLength(3)
    expect(notes).toEqual(['the package of slot 0 is damaged: its checksum does not match'])
  })

  it('that is cut off keeps what is whole', () => {
    const file = ndbFile(three)
    const { blobs, notes } = read(file.subarray(0, file.length - 1))
    expect(blobs).toHaveLength(2)
    expect(notes).toEqual(['the package of slot 2 lies behind the end of the file'])
    expect(read(file.subarray(0, 100)).notes[0]).toBe('it is cut off: its slots take 4096 bytes of 100')
  })

  it.each([
    ['no pages of slots', 0, 'it has no pages of slots'],
    ['fewer pages of slots than it has', 1, 'it has more pages of slots than it says'],
  ])('that says it has %s is not believed', (_, pages, note) => {
    const file = ndbFile(three, 2)
    file.writeUInt32LE(pages, 12)
    expect(read(file).notes).toContain(note)
  })

  it('that says it has pages of slots without end reads what there is', () => {
    const { blobs, notes } = changed(file => file.writeUInt32LE(0xffffffff, 12))
    expect(blobs).toHaveLength(3)
    expect(notes[0]).toMatch(/^it is cut off/)
  })
})
