import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { berkeleyFile } from '../formats/rpmdb/testdata/berkeley-writer.ts'
import { ndbFile } from '../formats/rpmdb/testdata/ndb-writer.ts'
import { insert } from '../formats/rpmdb/testdata/sqlite-writer.ts'
import type { PackageRecord } from './ecosystem.ts'
import { rpm } from './rpm.ts'
import { askRpm, buildWithRpm, eraseWithRpm, installWithRpm } from './testdata/rpm/built-by-rpm.ts'

/** The packages of a folder's database as our reader has them, in the lines of `askRpm`. */
function readHere(folder: string, fileName: string): string[] {
  const beside = (name: string): Uint8Array | null => {
    try {
      return readFileSync(join(folder, name))
    } catch {
      return null
    }
  }
  const content = beside(fileName) ?? Buffer.alloc(0)
  return [...rpm.packages(content, `var/lib/rpm/${fileName}`, beside)].map(lineOf).toSorted()
}

/** A record has the stream only, and its source's epoch. */
function lineOf(record: PackageRecord): string {
  const { name, version, arch, sourceName, sourceVersion, module = '(none)', vendor = '(none)' } = record
  const sourceRpm = `${sourceName}-${sourceVersion.replace(/^\d+:/, '')}.src.rpm`
  return [name, version, arch, sourceRpm, module, vendor].join('\t')
}

const withoutContext = (line: string): string => line.replace(/\t([^\t:]+:[^\t:]+):[^\t]*\t/, '\t$1\t')

/** The headers as SQLite itself gives them. */
function headersIn(folder: string): Buffer[] {
  const database = new DatabaseSync(join(folder, 'rpmdb.sqlite'), { readOnly: true })
  const rows = database.prepare('SELECT blob FROM Packages ORDER BY hnum').all()
  database.close()
  return rows.map(({ blob }) => Buffer.from(blob as Uint8Array))
}

describe('a database that rpm wrote', () => {
  const work = mkdtempSync(join(tmpdir(), 'plimsoll-rpm-'))
  const database = join(work, 'database')
  let files: string[] = []

  beforeAll(() => {
    files = buildWithRpm(join(work, 'build'))
    installWithRpm(database, files)
  })
  afterAll(() => rmSync(work, { recursive: true }))

  it('pitfall 21: in SQLite is read as rpm reads it', () => {
    const byRpm = askRpm(database)
    expect(byRpm).toHaveLength(8)
    expect(readHere(database, 'rpmdb.sqlite')).toEqual(byRpm.map(withoutContext))
    expect(byRpm.filter(line => line.startsWith('kernel-core\t'))).toHaveLength(2)
    expect(byRpm).toContain(
      'npm\t2:6.14.14~rc1^git1-1.12.22.5.1\tx86_64\tnodejs-12.22.5-1.module+el8.4.0+12242+af52a4c7.src.rpm\tnodejs:12:8040020210817133458:522a0ee4\t(none)',
    )
    expect(byRpm).toContain(
      'perl-Errno\t0:1.30-481.el9\tx86_64\tperl-5.32.1-481.el9.src.rpm\t(none)\tRed Hat, Inc.',
    )
  })

  it('from which some were removed is read as rpm reads it', () => {
    const folder = join(work, 'removed')
    cpSync(database, folder, { recursive: true })
    eraseWithRpm(folder, 'kernel-core-5.14.0-362.8.1.el9_3', 'perl-libs')
    const byRpm = askRpm(folder)
    expect(byRpm).toHaveLength(6)
    expect(readHere(folder, 'rpmdb.sqlite')).toEqual(byRpm.map(withoutContext))
  })

  it('pitfall 21: with a write-ahead log that nobody has moved into it is read as rpm reads it', () => {
    const left = join(work, 'left')
    const folder = join(work, 'in-use')
    mkdirSync(left)
    cpSync(database, folder, { recursive: true })
    const open = new DatabaseSync(join(folder, 'rpmdb.sqlite'), { enableForeignKeyConstraints: false })
    open.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0')
    open.exec('DELETE FROM Packages WHERE hnum = 1')
    insert(open, headersIn(database).slice(-1))
    for (const name of ['rpmdb.sqlite', 'rpmdb.sqlite-wal'])
      copyFileSync(join(folder, name), join(left, name))
    open.close()
    const here = readHere(left, 'rpmdb.sqlite')
    // A last one was added again, the first one is gone; rpm, which looks for nothing more, sees the same.
    expect(here).toHaveLength(8)
    expect(here).not.toEqual(readHere(database, 'rpmdb.sqlite'))
    expect(here).toEqual(askRpm(left).map(withoutContext))
  })

  it.each([{}, { littleEndian: false }, { pageBytes: 512 }, { pageBytes: 65536 }])(
    'moved into Berkeley DB (%o) is read as rpm reads it',
    options => {
      const folder = mkdtempSync(join(work, 'berkeley-'))
      writeFileSync(join(folder, 'Packages'), berkeleyFile(headersIn(database), options))
      expect(readHere(folder, 'Packages')).toEqual(askRpm(database).map(withoutContext))
      // rpm's own reader of this format knows the byte order of this machine only.
      if (options.littleEndian !== false) expect(askRpm(folder, 'bdb_ro')).toEqual(askRpm(database))
    },
  )

  it('moved into NDB has the same packages', () => {
    const folder = mkdtempSync(join(work, 'ndb-'))
    writeFileSync(join(folder, 'Packages.db'), ndbFile(headersIn(database)))
    expect(readHere(folder, 'Packages.db')).toEqual(askRpm(database).map(withoutContext))
  })
})
