import { describe, expect, it } from 'vitest'
import { readSqlite } from './sqlite.ts'
import { rpmHeader } from './testdata/header-writer.ts'
import { madeBlobs, readAll, sortedHex } from './testdata/made-packages.ts'
import { insert, sqliteFile, sqliteFilesWithLog } from './testdata/sqlite-writer.ts'

const read = (content: Uint8Array, log: Uint8Array | null = null) =>
  readAll(note => readSqlite(content, log, note))
const big = madeBlobs[8] ?? Buffer.alloc(0)
const small = madeBlobs[0] ?? Buffer.alloc(0)

function changed(change: (file: Buffer) => void, blobs: readonly Buffer[] = [small, big, small]) {
  const file = sqliteFile(blobs)
  change(file)
  return read(file)
}

describe('an SQLite database', () => {
  it.each([512, 1024, 2048, 4096, 8192, 65536])('with pages of %i bytes gives its packages', pageBytes => {
    const { blobs, notes } = read(sqliteFile(madeBlobs, { pageBytes }))
    expect(notes).toEqual([])
    expect(blobs.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
      madeBlobs.map(blob => blob.toString('hex')),
    )
  })

  it('of several thousand packages is read in their order', () => {
    const many = Array.from({ length: 4000 }, (_, at) => rpmHeader({ name: `p${at}`, padding: at % 1700 }))
    const { blobs, notes } = read(sqliteFile(many, { pageBytes: 1024 }))
    expect(notes).toEqual([])
    expect(blobs.map(({ place }) => place)).toEqual(many.map((_, at) => `row ${at + 1}`))
    expect(sortedHex(blobs)).toEqual(sortedHex(many))
  })

  it('knows every length at which a row leaves its page', () => {
    const lengths = Array.from({ length: 1200 }, (_, at) => Buffer.alloc(at + 1, at))
    const { blobs, notes } = read(sqliteFile(lengths, { pageBytes: 512 }))
    expect(notes).toEqual([])
    expect(sortedHex(blobs)).toEqual(sortedHex(lengths))
  })

  it('from which packages were removed and to which others were added has those that are left', () => {
    const { blobs, notes } = read(
      sqliteFile(madeBlobs, {
        change: database => {
          database.exec('DELETE FROM Packages WHERE hnum % 2 = 0')
          insert(database, [small])
        },
      }),
    )
    expect(notes).toEqual([])
    expect(blobs.map(({ place }) => place)).toEqual([
      'row 1',
      'row 3',
      'row 5',
      'row 7',
      'row 9',
      'row 11',
      'row 12',
    ])
  })

  it('without packages has none', () => {
    expect(read(sqliteFile([]))).toEqual({ blobs: [], notes: [] })
  })

  it('without the table says so', () => {
    const file = sqliteFile([small], {
      change: database => database.exec('ALTER TABLE Packages RENAME TO Others'),
    })
    expect(read(file)).toEqual({ blobs: [], notes: ['it has no table of packages'] })
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'it is no SQLite database'],
    ['something else', Buffer.alloc(5000, 1), 'it is no SQLite database'],
  ])('that is %s is none', (_, content, note) => {
    expect(read(content)).toEqual({ blobs: [], notes: [note] })
  })

  it.each([0, 2, 256, 1000, 0x7fff])('with pages of %i bytes is none', size => {
    expect(changed(file => file.writeUInt16BE(size, 16)).notes).toEqual(['it is no SQLite database'])
  })

  it('whose texts are not in UTF-8 is not read', () => {
    const { notes } = changed(file => file.writeUInt32BE(2, 56))
    expect(notes).toEqual(['its texts are not in UTF-8'])
  })

  it('whose pages are all reserved is not read', () => {
    const file = sqliteFile([small], { pageBytes: 512 })
    file.writeUInt8(33, 20)
    expect(read(file).notes).toEqual(['its pages have no room for content'])
  })

  it('that is cut off says how much is there, and keeps what is whole', () => {
    const file = sqliteFile(madeBlobs)
    const { blobs, notes } = read(file.subarray(0, file.length - 8192))
    expect(blobs.length).toBeGreaterThan(5)
    expect(blobs.length).toBeLessThan(madeBlobs.length)
    expect(notes[0]).toMatch(/^it is cut off: \d+ of \d+ pages are there$/)
    expect(notes[1]).toMatch(/^a row on page \d+ goes on on page \d+, which is not there$/)
  })

  it('whose overflow pages go in a circle ends', () => {
    const { blobs, notes } = changed(file => {
      const page = file.indexOf(big.subarray(4200, 4300)) & ~4095
      file.writeUInt32BE(page / 4096 + 1, page)
    })
    expect(blobs.map(({ place }) => place)).toEqual(['row 1', 'row 3'])
    expect(notes).toEqual([expect.stringMatching(/which has another place$/)])
  })

  it('whose overflow pages end too early says so', () => {
    const { blobs, notes } = changed(file => {
      const page = file.indexOf(big.subarray(4200, 4300)) & ~4095
      file.writeUInt32BE(0, page)
    })
    expect(blobs.map(({ place }) => place)).toEqual(['row 1', 'row 3'])
    expect(notes).toEqual([expect.stringMatching(/ends \d+ bytes too early$/)])
  })

  it('whose tree goes in a circle ends', () => {
    const many = Array.from({ length: 400 }, (_, at) => rpmHeader({ name: `p${at}`, padding: 300 }))
    const { blobs, notes } = changed(file => {
      // The root of the table, once it has more than one page, is an inner node whose last child this is.
      const root = [1, 2, 3, 4].find(page => file[page * 4096] === 5) ?? 0
      file.writeUInt32BE(root + 1, root * 4096 + 8)
    }, many)
    expect(blobs.length).toBeGreaterThan(300)
    expect(notes).toEqual([expect.stringMatching(/^page \d+ has more than one place$/)])
  })

  it('one of whose pages names a row again and again gives no more than a page holds', () => {
    const { blobs, notes } = changed(
      file => {
        const leaf =
          [1, 2, 3, 4].find(page => file[page * 4096] === 13 && file.readUInt16BE(page * 4096 + 3) === 3) ?? 0
        const at = leaf * 4096
        const cell = file.readUInt16BE(at + 8)
        file.writeUInt16BE(1000, at + 3)
        for (let index = 0; index < 1000; index += 1) file.writeUInt16BE(cell, at + 8 + 2 * index)
      },
      [Buffer.alloc(600, 1), small, small],
    )
    expect(blobs.length).toBeLessThan(8)
    expect(notes).not.toEqual([])
  })

  it('whose row claims to be longer than the file takes no room for it', () => {
    const leaf = (file: Buffer) =>
      ([1, 2, 3, 4].find(page => file[page * 4096] === 13 && file.readUInt16BE(page * 4096 + 3) > 0) ?? 0) *
      4096
    const { notes } = changed(file => {
      const at = leaf(file)
      file.fill(0xff, at + file.readUInt16BE(at + 8), at + file.readUInt16BE(at + 8) + 9)
    })
    expect(notes.join()).toMatch(/a row on page \d claims 18\d+ bytes/)
  })
})

describe('the write-ahead log of an SQLite database', () => {
  const before = madeBlobs.slice(0, 4)
  const after = madeBlobs.slice(4, 8)

  it.each([512, 4096, 65536])('adds its committed changes, pages of %i bytes', pageBytes => {
    const { content, log } = sqliteFilesWithLog(before, after, { pageBytes })
    expect(log?.length).toBeGreaterThan(0)
    expect(sortedHex(read(content).blobs)).toEqual(sortedHex(before))
    const { blobs, notes } = read(content, log)
    expect(notes).toEqual([])
    expect(sortedHex(blobs)).toEqual(sortedHex([...before, ...after]))
  })

  it('removes what it removes', () => {
    const { content, log } = sqliteFilesWithLog(before, after, {
      change: database =>
        database.exec('DELETE FROM Packages WHERE hnum <= 4; DELETE FROM Packages WHERE hnum = 8'),
    })
    const { blobs, notes } = read(content, log)
    expect(notes).toEqual([])
    expect(blobs.map(({ place }) => place)).toEqual(['row 5', 'row 6', 'row 7'])
  })

  it('holds everything where the database was only begun', () => {
    const { content, log } = sqliteFilesWithLog([], madeBlobs)
    expect(sortedHex(read(content, log).blobs)).toEqual(sortedHex(madeBlobs))
  })

  it('that is empty changes nothing', () => {
    const { content } = sqliteFilesWithLog(before, [])
    const { blobs, notes } = read(content, Buffer.alloc(0))
    expect(notes).toEqual([])
    expect(sortedHex(blobs)).toEqual(sortedHex(before))
  })

  it('whose first frames are of a log before it counts as far as it is new', () => {
    const { content, log } = sqliteFilesWithLog(before, after, {
      change: database => {
        // What the log has goes into the database, and the log begins anew over its old frames.
        database.exec('PRAGMA wal_checkpoint(restart)')
        insert(database, [small])
      },
    })
    const { blobs, notes } = read(content, log)
    expect(notes).toEqual([])
    expect(sortedHex(blobs)).toEqual(sortedHex([...before, ...after, small]))
  })

  it('does not count what was not committed, and says that there is some', () => {
    const { content, log } = sqliteFilesWithLog(before, after, {
      change: database => {
        // With room for a few pages only, SQLite writes them to the log before the change is committed.
        database.exec('PRAGMA cache_size = 5; BEGIN')
        const statement = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
        for (let index = 0; index < 50; index += 1) statement.run(Buffer.alloc(3000, index))
      },
    })
    const { blobs, notes } = read(content, log)
    expect(sortedHex(blobs)).toEqual(sortedHex([...before, ...after]))
    expect(notes).toEqual(['its write-ahead log (-wal) ends inside a change, which does not count'])
  })

  it.each([
    ['is none', (log: Buffer) => log.writeUInt32BE(1, 0), 'its write-ahead log (-wal) is none'],
    [
      'has another header than its checksum says',
      (log: Buffer) => log.writeUInt32BE(9, 12),
      'its write-ahead log (-wal) is none',
    ],
    ['has other pages', (log: Buffer) => log.writeUInt32BE(512, 8), 'its write-ahead log (-wal) is none'],
    [
      'is damaged in a page',
      (log: Buffer) => log.writeUInt8(1, 32 + 24 + 2000),
      'its write-ahead log (-wal) is damaged at byte 32, and not read from there',
    ],
    [
      'is damaged in a frame',
      (log: Buffer) => log.writeUInt8(1, 32),
      'its write-ahead log (-wal) is damaged at byte 32, and not read from there',
    ],
  ])('that %s is not read', (_, change, note) => {
    const { content, log } = sqliteFilesWithLog(before, after)
    const bytes = Buffer.from(log ?? [])
    change(bytes)
    const { blobs, notes } = read(content, bytes)
    expect(sortedHex(blobs)).toEqual(sortedHex(before))
    expect(notes).toEqual([note])
  })

  it('that is cut off counts as far as its last commit', () => {
    const { content, log } = sqliteFilesWithLog(before, [small], {
      change: database => insert(database, [big]),
    })
    const { blobs, notes } = read(content, log?.subarray(0, log.length - 1))
    expect(sortedHex(blobs)).toEqual(sortedHex([...before, small]))
    expect(notes).toContain('its write-ahead log (-wal) is cut off')
  })
})
