import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import { dpkg } from './dpkg.ts'
import { type Ecosystem, type PackageRecord, Unreadable } from './ecosystem.ts'

const status = 'var/lib/dpkg/status'

/** What was yielded, and the message that ended it. */
function read(ecosystem: Ecosystem, content: string | Uint8Array, path: string) {
  const records: PackageRecord[] = []
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    for (const record of ecosystem.packages(bytes, path)) records.push(record)
    return { records, unreadable: null }
  } catch (error) {
    expect(error).toBeInstanceOf(Unreadable)
    return { records, unreadable: (error as Error).message }
  }
}

const installed = (name: string, rest: string): string =>
  `Package: ${name}\nStatus: install ok installed\n${rest}\n`

describe('the dpkg database', () => {
  it('reports a stanza without version or name and keeps the others', () => {
    const { records, unreadable } = read(
      dpkg,
      `${installed('a', 'Version: 1')}\n${installed('b', '')}\nStatus: install ok installed\nVersion: 3\n\n${installed('c', 'Version: 2')}`,
      status,
    )
    expect(records.map(({ name }) => name)).toEqual(['a', 'c'])
    expect(unreadable).toBe(
      'var/lib/dpkg/status could not be read in full: "b" at line 5 has no version; the stanza at line 9 names no package',
    )
  })

  it('names at most three damaged stanzas', () => {
    const { unreadable } = read(dpkg, installed('a', '').concat('\n').repeat(5), status)
    expect(unreadable).toMatch(/; and 2 more$/)
  })

  it('keeps a package whose stanza has a damaged line, and reports it', () => {
    const { records, unreadable } = read(dpkg, installed('a', 'Version: 1\nrubbish'), status)
    expect(records).toHaveLength(1)
    expect(unreadable).toMatch(/"a" at line 1: line 4 is not "Field: value"$/)
  })

  it.each([
    ['install ok installed', true],
    ['hold ok installed', true],
    ['install user installed', true],
    ['install reinstreq half-installed', true],
    ['install ok unpacked', true],
    ['install ok half-configured', true],
    ['install ok triggers-awaited', true],
    ['install ok triggers-pending', true],
    ['deinstall ok installed', true],
    ['deinstall ok config-files', false],
    ['purge ok not-installed', false],
    ['Install OK Installed', true],
  ])('takes "%s" for installed: %s', (state, expected) => {
    const { records, unreadable } = read(dpkg, `Package: a\nStatus: ${state}\nVersion: 1\n`, status)
    expect(records).toHaveLength(expected ? 1 : 0)
    expect(unreadable).toBeNull()
  })

  it.each(['install ok', '', 'install ok intalled', '\n install ok installed'])(
    'takes "%s" for not installed, and says so',
    state => {
      const { records, unreadable } = read(dpkg, `Package: a\nStatus: ${state}\nVersion: 1\n`, status)
      expect(records).toHaveLength(0)
      expect(unreadable).toMatch(/"a" at line 1 has a status that does not say whether it is installed$/)
    },
  )

  it('reads names in lower case, as dpkg does', () => {
    const { records } = read(dpkg, installed('OpenSSL', 'Version: 1'), status)
    expect(records).toMatchObject([{ name: 'openssl', sourceName: 'openssl' }])
  })

  it('takes a stanza without Status for known only, and in status.d for installed', () => {
    expect(read(dpkg, 'Package: a\nVersion: 1\n', status).records).toHaveLength(0)
    expect(read(dpkg, 'Package: a\nVersion: 1\n', 'var/lib/dpkg/status.d/a').records).toHaveLength(1)
  })

  it.each([
    ['Source: glibc', 'glibc', '1:2.3-4'],
    ['Source: glibc (2.36-9)', 'glibc', '2.36-9'],
    ['Source: glibc(2.36-9)', 'glibc(2.36-9)', '1:2.3-4'],
    ['Source: glibc ( 2.36-9 )', 'glibc', '2.36-9'],
    ['Source: glibc ()', 'glibc', '1:2.3-4'],
    ['Source:', 'libc6', '1:2.3-4'],
    ['Section: libs', 'libc6', '1:2.3-4'],
  ])('%s', (field, sourceName, sourceVersion) => {
    const { records } = read(dpkg, installed('libc6', `Version: 1:2.3-4\n${field}`), status)
    expect(records).toEqual([{ name: 'libc6', version: '1:2.3-4', sourceName, sourceVersion, arch: '' }])
  })

  it('refuses a file that is no text at all', () => {
    expect(read(dpkg, new Uint8Array([0x50, 0, 1, 2]), status)).toEqual({
      records: [],
      unreadable: 'var/lib/dpkg/status is not a dpkg database: it holds zero bytes',
    })
    expect(read(dpkg, 'bogus status', status).unreadable).toMatch(/line 1 is not "Field: value"/)
  })

  it('wants no checksums and no scripts', () => {
    for (const name of ['base.md5sums', 'base.conffiles', 'base.postinst']) {
      expect(dpkg.wants(`var/lib/dpkg/status.d/${name}`)).toBe(false)
    }
    expect(dpkg.wants('var/lib/dpkg/status.d/libpython3.11')).toBe(true)
    expect(dpkg.wants('var/lib/dpkg/status-old')).toBe(false)
    expect(dpkg.wants('opt/vcpkg/installed/vcpkg/status')).toBe(false)
  })
})

describe('the feed of a release', () => {
  const feed = (id: string, versionId: string, codename?: string) =>
    dpkg.feeds({ id, versionId, idLike: [], prettyName: id, ...(codename === undefined ? {} : { codename }) })

  it.each([
    ['debian', '12', 'Debian:12'],
    ['debian', '12.5', 'Debian:12'],
    ['debian', '7', 'Debian:7'],
    ['debian', '6.0', 'Debian:6.0'],
    ['debian', '6.0.10', 'Debian:6.0'],
    ['debian', '3.1', 'Debian:3.1'],
    ['debian', 'rolling', null],
    ['ubuntu', '18.04', 'Ubuntu:18.04:LTS'],
    ['ubuntu', '22.04.4', 'Ubuntu:22.04:LTS'],
    ['ubuntu', '23.04', 'Ubuntu:23.04'],
    ['ubuntu', '23.10', 'Ubuntu:23.10'],
    ['ubuntu', '24.10', 'Ubuntu:24.10'],
    ['ubuntu', '', null],
    ['kali', '2024.1', null],
  ])('%s %s is %s', (id, versionId, expected) => {
    expect(feed(id, versionId)).toEqual(expected === null ? [] : [expected])
  })

  it("is known by the codename where Debian's testing has no version yet", () => {
    expect(feed('debian', '', 'trixie')).toEqual(['Debian:13'])
    expect(feed('debian', '', 'unheard-of')).toEqual([])
  })
})

describe('the shared dpkg fixtures', () => {
  interface Expected {
    readonly package: string
    readonly version: string
    readonly arch: string
    readonly source: string
    readonly source_version: string
    readonly status: string
  }
  const row = (record: PackageRecord): string =>
    [record.name, record.version, record.sourceName, record.sourceVersion, record.arch].join(' ')

  it.each([
    'claircore__debian-only.status',
    'claircore__postgresql.status',
    'claircore__texlive.status',
    'osv-scalibr__dpkg__trailingnewlines',
    'osv-scalibr__opkg__transitional',
    'syft__var__lib__dpkg__status.d__coreutils-relationships',
    'syft__var__lib__dpkg__status.d__deinstall',
    'trivy__corrupsed__var__lib__dpkg__status',
    'trivy__md5sums__var__lib__dpkg__status',
    'trivy__only-apt__var__lib__dpkg__status',
    'trivy__valid__var__lib__dpkg__status',
  ])('%s is read as dpkg-query reads it', name => {
    const folder = shared('fixtures/dpkg')
    if (folder === null) return
    const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as Expected[]
    const { records } = read(dpkg, readFileSync(join(folder, name)), status)
    expect(records.map(row).toSorted()).toEqual(
      expected
        .filter(one => one.status.startsWith('ii'))
        .map(one => [one.package, one.version, one.source, one.source_version, one.arch].join(' '))
        .toSorted(),
    )
  })

  it('the Debian 12 root file system has its 96 packages', () => {
    const folder = shared('fixtures/dpkg/rootfs-bookworm-minbase')
    if (folder === null) return
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
      packages: Expected[]
    }
    const { records, unreadable } = read(dpkg, readFileSync(join(folder, status)), status)
    expect(unreadable).toBeNull()
    expect(records).toHaveLength(96)
    expect(records.map(row).toSorted()).toEqual(
      expected.packages
        .map(one => [one.package, one.version, one.source, one.source_version, one.arch].join(' '))
        .toSorted(),
    )
  })
})
