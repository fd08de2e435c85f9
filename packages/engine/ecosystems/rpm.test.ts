import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { berkeleyFile } from '../formats/rpmdb/testdata/berkeley-writer.ts'
import { type HeaderFields, rpmHeader } from '../formats/rpmdb/testdata/header-writer.ts'
import { ndbFile } from '../formats/rpmdb/testdata/ndb-writer.ts'
import { sqliteFile, sqliteFilesWithLog } from '../formats/rpmdb/testdata/sqlite-writer.ts'
import { shared } from '../testdata/shared.ts'
import { type PackageRecord, Unreadable } from './ecosystem.ts'
import { rpm } from './rpm.ts'

/** What was yielded, and the message that ended it. `files` is a directory's content, by file name. */
function read(files: Readonly<Record<string, Uint8Array>>, fileName: string, directory = 'var/lib/rpm') {
  const records: PackageRecord[] = []
  const content = files[fileName] ?? Buffer.alloc(0)
  try {
    for (const record of rpm.packages(content, `${directory}/${fileName}`, name => files[name] ?? null)) {
      records.push(record)
    }
    return { records, unreadable: null }
  } catch (error) {
    expect(error).toBeInstanceOf(Unreadable)
    return { records, unreadable: (error as Error).message }
  }
}

const bash: HeaderFields = { name: 'bash', version: '5.1.8', release: '9.el9', arch: 'x86_64' }
const readHeaders = (...headers: readonly HeaderFields[]) =>
  read({ 'Packages.db': ndbFile(headers.map(rpmHeader)) }, 'Packages.db')
const names = ({ records }: { records: readonly PackageRecord[] }) => records.map(({ name }) => name)

describe('the shared rpm databases', () => {
  interface Expected {
    readonly name: string
    readonly epoch: number | null
    readonly version: string
    readonly release: string
    readonly arch: string | null
    readonly sourcerpm: string
    readonly modularitylabel: string | null
    readonly vendor: string | null
  }
  const row = (...values: readonly (string | null | undefined)[]) =>
    values.map(value => value ?? '').join(' | ')

  it.each([
    ['amazonlinux2023-sqlite', 'rpmdb.sqlite', 102],
    ['epoch-bdb', 'Packages', 1],
    ['libuuid-bdb', 'Packages', 1],
    ['rpm-testsuite-sqlite', 'rpmdb.sqlite', 2],
    ['sle15-bci-bdb', 'Packages', 35],
    ['sle15-bci-ndb', 'Packages.db', 35],
  ])('pitfall 21: %s has exactly its packages', (name, fileName, count) => {
    const folder = shared(join('fixtures/rpmdb', name))
    if (folder === null) return
    const { records, unreadable } = read({ [fileName]: readFileSync(join(folder, fileName)) }, fileName)
    const { packages } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
      packages: Expected[]
    }
    const expected = packages.filter(one => one.name !== 'gpg-pubkey')
    expect(unreadable).toBeNull()
    expect(records).toHaveLength(count)
    expect(
      records.map(one => row(one.name, one.version, one.arch, one.module, one.vendor)).toSorted(),
    ).toEqual(
      expected
        .map(one => {
          const version = `${one.epoch === null ? '' : `${one.epoch}:`}${one.version}-${one.release}`
          return row(one.name, version, one.arch, one.modularitylabel, one.vendor)
        })
        .toSorted(),
    )
    // Where a package has its source's version it also has its epoch; without one the file name says it all.
    expect(
      records
        .map(one => `${one.name} ${one.sourceName}-${one.sourceVersion.replace(/^\d+:/, '')}.src.rpm`)
        .toSorted(),
    ).toEqual(expected.map(one => `${one.name} ${one.sourcerpm}`).toSorted())
  })
})

describe('the rpm database', () => {
  it('pitfall 30: leaves out keys, and keeps every kernel', () => {
    const kernel = (release: string): HeaderFields => ({
      ...bash,
      name: 'kernel-core',
      version: '5.14.0',
      release,
    })
    const { records, unreadable } = readHeaders(
      kernel('362.el9'),
      { name: 'gpg-pubkey', version: 'fd431d51', release: '4ae0493b' },
      kernel('427.el9'),
      kernel('427.el9'),
    )
    expect(unreadable).toBeNull()
    expect(records.map(({ version }) => version)).toEqual([
      '5.14.0-362.el9',
      '5.14.0-427.el9',
      '5.14.0-427.el9',
    ])
  })

  it.each([
    [{}, '5.1.8-9.el9'],
    [{ epoch: 0 }, '0:5.1.8-9.el9'],
    [{ epoch: 32 }, '32:5.1.8-9.el9'],
  ])('pitfall 22: gives versions as they are, %o', (fields, version) => {
    expect(readHeaders({ ...bash, ...fields }).records).toEqual([
      { name: 'bash', version, sourceName: 'bash', sourceVersion: version, arch: 'x86_64' },
    ])
  })

  it.each([
    ['bash-5.1.8-9.el9.src.rpm', 'bash', '5.1.8-9.el9'],
    ['openssl-3-3.1.4-150600.5.15.1.src.rpm', 'openssl-3', '3.1.4-150600.5.15.1'],
    ['driver-1-2.nosrc.rpm', 'driver', '1-2'],
    ['bash-5.1.8.src.rpm', 'bash', '5.1.8-9.el9'],
    ['bash-5.1.8-9.el9.x86_64.rpm', 'bash', '5.1.8-9.el9'],
    ['(none)', 'bash', '5.1.8-9.el9'],
    ['', 'bash', '5.1.8-9.el9'],
  ])('built from "%s" is of the source %s %s', (sourceRpm, sourceName, sourceVersion) => {
    expect(readHeaders({ ...bash, sourceRpm }).records).toMatchObject([{ sourceName, sourceVersion }])
  })

  it("knows a source's epoch from any package that has its version", () => {
    const sourceRpm = 'perl-5.32.1-481.el9.src.rpm'
    const perl: HeaderFields = { arch: 'x86_64', sourceRpm }
    const { records } = readHeaders(
      { ...perl, name: 'perl-Errno', epoch: 0, version: '1.30', release: '481.el9' },
      { ...perl, name: 'perl-libs', epoch: 4, version: '5.32.1', release: '481.el9' },
      { ...perl, name: 'perl-B', version: '1.80', release: '481.el9' },
      { ...bash, name: 'other', epoch: 7, sourceRpm: 'bash-5.1.7-1.el9.src.rpm' },
    )
    expect(records.map(({ sourceVersion }) => sourceVersion)).toEqual([
      '4:5.32.1-481.el9',
      '4:5.32.1-481.el9',
      '4:5.32.1-481.el9',
      '5.1.7-1.el9',
    ])
  })

  it.each([
    ['nodejs:12:8040020210817133458:522a0ee4', 'nodejs:12'],
    ['perl:5.30', 'perl:5.30'],
    ['nodejs', undefined],
    ['nodejs:', undefined],
    [':12:1:2', undefined],
  ])('pitfall 23: of the module label %s knows the stream', (modularityLabel, module) => {
    expect(readHeaders({ ...bash, modularityLabel }).records.map(one => one.module)).toEqual([module])
  })

  it('says which packages lack something, and keeps the others', () => {
    const { name: _, ...nameless } = bash
    const { version: __, ...versionless } = bash
    const { release: ___, ...releaseless } = bash
    const { arch: ____, ...archless } = bash
    const found = readHeaders(nameless, bash, versionless, releaseless, archless)
    expect(found.records.map(({ arch }) => arch)).toEqual(['x86_64', ''])
    expect(found.unreadable).toBe(
      'var/lib/rpm/Packages.db could not be read in full: the package of slot 0 has no name; "bash" of slot 2 has no version; "bash" of slot 3 has no version',
    )
  })

  it('keeps a package whose header is damaged where it can be read, and says so', () => {
    const header = Buffer.concat([rpmHeader(bash), Buffer.alloc(2)])
    const { records, unreadable } = read({ 'Packages.db': ndbFile([header, Buffer.alloc(8)]) }, 'Packages.db')
    expect(records).toHaveLength(1)
    expect(unreadable).toMatch(
      /: "bash" of slot 0: its header takes \d+ bytes where there are \d+; the package of slot 1: its header cannot have 0 entries/,
    )
  })

  it.each(['rpmdb.sqlite', 'Packages.db', 'Packages'])(
    'pitfall 43: emptied, %s has no packages',
    fileName => {
      expect(read({ [fileName]: Buffer.alloc(0) }, fileName)).toEqual({ records: [], unreadable: null })
    },
  )

  it.each(['rpmdb.sqlite', 'Packages.db', 'Packages'])(
    'pitfall 21: something else in place of %s is said',
    fileName => {
      const { records, unreadable } = read(
        { [fileName]: Buffer.from('no database') },
        fileName,
        'usr/share/rpm',
      )
      expect(records).toEqual([])
      expect(unreadable).toMatch(
        new RegExp(`^usr/share/rpm/${fileName} could not be read in full: it is no `),
      )
    },
  )

  it('of more packages than are looked at together has them all', () => {
    const headers = Array.from({ length: 60_000 }, (_, at) => ({ ...bash, name: `p${at}` }))
    const { records, unreadable } = read(
      { 'Packages.db': ndbFile(headers.map(rpmHeader), 240) },
      'Packages.db',
    )
    expect(unreadable).toBeNull()
    expect(new Set(names({ records })).size).toBe(60_000)
  })
})

describe('a directory with several rpm databases', () => {
  const packages = (...all: readonly string[]) => all.map(name => rpmHeader({ ...bash, name }))
  const files = {
    'rpmdb.sqlite': sqliteFile(packages('in-sqlite')),
    'Packages.db': ndbFile(packages('in-ndb')),
    Packages: berkeleyFile(packages('in-berkeley-db')),
  }
  const all = (directory: Readonly<Record<string, Uint8Array>>) =>
    Object.keys(directory).map(fileName => read(directory, fileName))

  it('counts the newest format only', () => {
    expect(all(files).flatMap(names)).toEqual(['in-sqlite'])
    const { 'rpmdb.sqlite': _, ...older } = files
    expect(all(older).flatMap(names)).toEqual(['in-ndb'])
    const why = 'rpmdb.sqlite beside it is taken in its place, and lacks packages that it has'
    expect(all(files).map(({ unreadable }) => unreadable)).toEqual([
      null,
      `var/lib/rpm/Packages.db could not be read in full: ${why}`,
      `var/lib/rpm/Packages could not be read in full: ${why}`,
    ])
  })

  it('counts an older format where the newer has no packages', () => {
    expect(all({ ...files, 'rpmdb.sqlite': sqliteFile([]) }).flatMap(names)).toEqual(['in-ndb'])
    expect(all({ ...files, 'rpmdb.sqlite': Buffer.alloc(0) }).flatMap(names)).toEqual(['in-ndb'])
  })

  it('counts an older format where the newer cannot be read, and says that', () => {
    const found = all({ ...files, 'rpmdb.sqlite': Buffer.alloc(5000) })
    expect(found.flatMap(names)).toEqual(['in-ndb'])
    expect(found.flatMap(({ unreadable }) => unreadable ?? [])).toEqual([
      'var/lib/rpm/rpmdb.sqlite could not be read in full: it is no SQLite database',
      'var/lib/rpm/Packages could not be read in full: Packages.db beside it is taken in its place, and lacks ' +
        'packages that it has',
    ])
  })

  it('says nothing of an older format whose packages the newer has', () => {
    const both = sqliteFile(packages('in-sqlite', 'in-ndb', 'in-berkeley-db'))
    const found = all({ ...files, 'rpmdb.sqlite': both })
    expect(found.flatMap(names)).toEqual(['in-sqlite', 'in-ndb', 'in-berkeley-db'])
    expect(found.flatMap(({ unreadable }) => unreadable ?? [])).toEqual([])
  })

  it('pitfall 21: has what the write-ahead log adds', () => {
    const { content, log } = sqliteFilesWithLog(packages('before'), packages('after'))
    const directory = { 'rpmdb.sqlite': content, 'rpmdb.sqlite-wal': log ?? Buffer.alloc(0) }
    expect(names(read(directory, 'rpmdb.sqlite'))).toEqual(['before', 'after'])
    expect(names(read({ 'rpmdb.sqlite': content }, 'rpmdb.sqlite'))).toEqual(['before'])
    expect(rpm.wants('var/lib/rpm/rpmdb.sqlite-wal')).toBe(true)
    expect(rpm.databases).not.toContain('var/lib/rpm/rpmdb.sqlite-wal')
  })

  it('counts packages that are in the write-ahead log only', () => {
    const { content, log } = sqliteFilesWithLog([], packages('after'))
    const directory = { ...files, 'rpmdb.sqlite': content, 'rpmdb.sqlite-wal': log ?? Buffer.alloc(0) }
    expect(['rpmdb.sqlite', 'Packages.db', 'Packages'].flatMap(name => names(read(directory, name)))).toEqual(
      ['after'],
    )
  })
})

describe('the list of an image without a package manager', () => {
  const manifest = (text: string) =>
    read({ 'container-manifest-2': Buffer.from(text) }, 'container-manifest-2', 'var/lib/rpmmanifest')
  const line = (name: string, version: string, epoch = '(none)', vendor = 'Microsoft Corporation') =>
    [
      name,
      version,
      '1653816591',
      '1653753130',
      vendor,
      epoch,
      '580',
      'noarch',
      epoch === '(none)' ? '0' : epoch,
      `${name}-${version}.src.rpm`,
    ].join('\t')

  it('has a package in each line', () => {
    expect(
      manifest(
        `${line('mariner-release', '2.0-12.cm2')}\r\n\n${line('shadow', '4.9-12.cm2', '2', '(none)')}`,
      ),
    ).toEqual({
      records: [
        {
          name: 'mariner-release',
          version: '2.0-12.cm2',
          sourceName: 'mariner-release',
          sourceVersion: '2.0-12.cm2',
          arch: 'noarch',
          vendor: 'Microsoft Corporation',
        },
        {
          name: 'shadow',
          version: '2:4.9-12.cm2',
          sourceName: 'shadow',
          sourceVersion: '2:4.9-12.cm2',
          arch: 'noarch',
        },
      ],
      unreadable: null,
    })
  })

  it('takes no line for a package that is longer than any', () => {
    const long = line('a', '1-1').padEnd(20_000)
    expect(manifest(`${long}\n${' '.repeat(20_000)}\n${line('b', '1-1')}`)).toMatchObject({
      records: [{ name: 'b' }],
      unreadable: expect.stringMatching(/: line 1 is no package; line 2 is no package$/),
    })
  })

  it('says which lines are none, and leaves out keys', () => {
    const text = [
      'rubbish',
      line('gpg-pubkey', '1-1'),
      line('a', '1-1'),
      line('b', '1-1', 'x'),
      line('', '1-1'),
      `${line('c', '1-1')}\tmore`,
    ]
    const { records, unreadable } = manifest(text.join('\n'))
    expect(names({ records })).toEqual(['a'])
    expect(unreadable).toBe(
      'var/lib/rpmmanifest/container-manifest-2 could not be read in full: line 1 is no package; line 4 is no package; line 5 is no package; and 1 more',
    )
  })
})

it('pitfall 21: the database is wanted in all its places', () => {
  for (const directory of ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm']) {
    for (const file of ['Packages', 'Packages.db', 'rpmdb.sqlite']) {
      expect(rpm.databases).toContain(`${directory}/${file}`)
    }
  }
  expect(rpm.databases).toContain('var/lib/rpmmanifest/container-manifest-2')
  for (const path of [
    'var/lib/rpm/Name',
    'var/lib/rpm/rpmdb.sqlite-shm',
    'var/lib/apt/Packages',
    'xrpm/Packages',
  ]) {
    expect(rpm.wants(path)).toBe(false)
  }
})
