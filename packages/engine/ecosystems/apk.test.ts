import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import { apk } from './apk.ts'
import { type PackageRecord, Unreadable } from './ecosystem.ts'

const path = 'lib/apk/db/installed'

/** What was yielded, and the message that ended it. */
function read(content: string | Uint8Array) {
  const records: PackageRecord[] = []
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    for (const record of apk.packages(bytes, path)) records.push(record)
    return { records, unreadable: null }
  } catch (error) {
    expect(error).toBeInstanceOf(Unreadable)
    return { records, unreadable: (error as Error).message }
  }
}

describe('the apk database', () => {
  it('takes the origin for the source, and the name where there is none', () => {
    expect(read('P:libssl3\nV:3.1.4-r5\nA:x86_64\no:openssl\n\nP:own\nV:1\no:\n').records).toEqual([
      {
        name: 'libssl3',
        version: '3.1.4-r5',
        sourceName: 'openssl',
        sourceVersion: '3.1.4-r5',
        arch: 'x86_64',
      },
      { name: 'own', version: '1', sourceName: 'own', sourceVersion: '1', arch: '' },
    ])
  })

  it('reads the last block whether or not the file ends in line feeds', () => {
    for (const ending of ['', '\n', '\n\n', '\n\n\n\n', '\r\n']) {
      expect(read(`P:a\nV:1-r0${ending}`).records).toHaveLength(1)
    }
  })

  it('reports a damaged block and keeps the others', () => {
    const { records, unreadable } = read(
      'this is no block\n\nP:a\nV:1\n\nP:b\nA:x\n\nV:3\n\nP:c\nV:4\nrubbish\n\nP:d\nV:5',
    )
    expect(records.map(({ name }) => name)).toEqual(['a', 'c', 'd'])
    expect(unreadable).toBe(
      'lib/apk/db/installed could not be read in full: the block at line 1 has no name; "b" at line 6 has no version; ' +
        'the block at line 9 has no name; and 1 more',
    )
  })

  it('is not misled by letters that mean something else among the files', () => {
    expect(read('P:a\nV:1\nF:etc\nP:other\nV:9\nR:o:x\n').records).toEqual([
      { name: 'a', version: '1', sourceName: 'a', sourceVersion: '1', arch: '' },
    ])
  })

  it('refuses a file that is no text at all', () => {
    expect(read(new Uint8Array([0x50, 0x3a, 0, 1])).unreadable).toMatch(/is not an apk database/)
  })

  it.each(['lib/apk/db/installed', 'usr/lib/apk/db/installed', 'var/lib/apk/db/installed'])(
    'is wanted at %s',
    place => {
      expect(apk.databases).toContain(place)
      expect(apk.wants(place)).toBe(true)
    },
  )

  it.each([
    ['3.10.2', 'Alpine:v3.10'],
    ['3.21.0', 'Alpine:v3.21'],
    ['3.9', 'Alpine:v3.9'],
    ['3.21_alpha20240807', 'Alpine:edge'],
    ['edge', 'Alpine:edge'],
    ['', null],
    ['unknown', null],
  ])('of Alpine %s is matched against %s', (versionId, expected) => {
    expect(apk.feeds({ id: 'alpine', versionId, idLike: [], prettyName: 'Alpine Linux' })).toEqual(
      expected === null ? [] : [expected],
    )
  })

  it('of another distribution has no feed: its versions are not those of Alpine', () => {
    expect(
      apk.feeds({ id: 'wolfi', versionId: '20230201', idLike: ['alpine'], prettyName: 'Wolfi' }),
    ).toEqual([])
  })
})

describe('the shared apk fixtures', () => {
  it.each([
    'grype__image-alpine-match-coverage__lib__apk__db__installed',
    'image-alpine-3.10/lib/apk/db/installed',
    'osv-scalibr__cache',
    'osv-scalibr__different-arch',
    'osv-scalibr__installed',
    'syft__corrupt__lib__apk__db__installed',
    'syft__extra-file-attributes',
    'syft__image-pkg-coverage__pkgs__lib__apk__db__installed',
    'syft__multiple-2__lib__apk__db__installed',
    'trivy__alpine__lib__apk__db__installed',
    'trivy__apk',
  ])('%s is read as an independent reader reads it', name => {
    const folder = shared('fixtures/apk')
    if (folder === null) return
    const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as {
      name: string
      version: string | null
      arch: string
      origin: string | null
    }[]
    const { records, unreadable } = read(readFileSync(join(folder, name)))
    const row = (...values: string[]): string => values.join(' ')
    expect(records.map(one => row(one.name, one.version, one.arch, one.sourceName))).toEqual(
      expected.flatMap(({ name, version, arch, origin }) =>
        version === null ? [] : [row(name, version, arch, origin ?? name)],
      ),
    )
    // The independent reader lists a block without a version; here it is reported.
    for (const { name, version } of expected) if (version === null) expect(unreadable).toContain(`"${name}"`)
  })
})
