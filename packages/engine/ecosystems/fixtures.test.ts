import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import { apk } from './apk.ts'
import { dpkg } from './dpkg.ts'
import type { PackageRecord } from './ecosystem.ts'
import { readDatabase } from './testdata/read-database.ts'

/** What dpkg-query says of a package: `ii` is installed. */
interface ByDpkgQuery {
  readonly package: string
  readonly version: string
  readonly arch: string
  readonly source: string
  readonly source_version: string
  readonly status: string
}

const status = 'var/lib/dpkg/status'
const single = 'var/lib/dpkg/status.d/any'
const installed = 'lib/apk/db/installed'

const row = ({ name, version, sourceName, sourceVersion, arch }: PackageRecord): string =>
  [name, version, sourceName, sourceVersion, arch].join(' ')
/** Of a signed kernel, dpkg names the source that it was signed from; here it is the one that it was built from. */
const rowByDpkgQuery = (one: ByDpkgQuery): string =>
  one.source.startsWith('linux-signed')
    ? [one.package, one.version, one.source.replace('-signed', ''), one.version, one.arch].join(' ')
    : [one.package, one.version, one.source, one.source_version, one.arch].join(' ')

describe('the shared dpkg fixtures', () => {
  it.each([
    ['claircore__debian-only.status', status],
    ['claircore__postgresql.status', status],
    ['claircore__texlive.status', status],
    ['osv-scalibr__dpkg__trailingnewlines', status],
    ['osv-scalibr__opkg__transitional', status],
    ['osv-scalibr__opkg__trailingnewlines', status],
    ['syft__var__lib__dpkg__status.d__coreutils-relationships', status],
    ['syft__var__lib__dpkg__status.d__deinstall', status],
    ['trivy__corrupsed__var__lib__dpkg__status', status],
    ['trivy__md5sums__var__lib__dpkg__status', status],
    ['trivy__only-apt__var__lib__dpkg__status', status],
    ['trivy__valid__var__lib__dpkg__status', status],
  ])('pitfall 1: %s is read as dpkg-query reads it', (name, path) => {
    const folder = shared('fixtures/dpkg')
    if (folder === null) return
    const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as ByDpkgQuery[]
    const { records, unreadable } = readDatabase(dpkg, readFileSync(join(folder, name)), path)
    const present = expected.filter(one => one.status.startsWith('ii'))
    expect(records.map(row).toSorted()).toEqual(present.map(rowByDpkgQuery).toSorted())
    expect(unreadable).toBeNull()
  })

  it('pitfall 1: the Debian 12 root file system has its 96 packages', () => {
    const folder = shared('fixtures/dpkg/rootfs-bookworm-minbase')
    if (folder === null) return
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
      packages: ByDpkgQuery[]
    }
    const { records, unreadable } = readDatabase(dpkg, readFileSync(join(folder, status)), status)
    expect(unreadable).toBeNull()
    expect(records).toHaveLength(96)
    expect(records.map(row).toSorted()).toEqual(expected.packages.map(rowByDpkgQuery).toSorted())
  })

  // What dpkg itself refuses: the packages that can be read are, and the rest is said.
  it.each([
    ['osv-scalibr__dpkg__status.d__foo', single, ['foo 1.2.3'], null],
    ['syft__image-pkg-coverage__pkgs__var__lib__dpkg__status.d__netbase', single, ['netbase 5.4'], null],
    ['osv-scalibr__dpkg__noversion', status, ['foo 1.0', 'bar 2.0'], '"acl" at line 5 has no version'],
    [
      'osv-scalibr__opkg__nopackage',
      status,
      ['ubus 2024.10.20~252a9b0c-r1', 'busybox 1.36.1-r2'],
      'the stanza at line 9 names no package',
    ],
    [
      'osv-scalibr__opkg__noversion',
      status,
      ['ubus 2024.10.20~252a9b0c-r1', 'busybox 1.36.1-r2'],
      '"libuci20130104" at line 9 has no version',
    ],
    [
      'syft__glob-paths__var__lib__dpkg__status',
      status,
      [],
      'the stanza at line 1: line 1 is not "Field: value"',
    ],
    [
      'syft__var__lib__dpkg__status.d__corrupt',
      single,
      [],
      'the stanza at line 1: line 5 is not "Field: value"',
    ],
    ['syft__var__lib__dpkg__status.d__empty', single, [], 'the stanza at line 1 names no package'],
    [
      'syft__var__lib__dpkg__status.d__multiple',
      single,
      ['tzdata 2020a-0+deb10u1', 'util-linux 2.33.1-0.1'],
      'the stanza at line 1 names no package; "no-version" at line 3 has no version',
    ],
    [
      'syft__var__lib__dpkg__status.d__doc-examples',
      single,
      [
        'mutt 1.3.17-1',
        'made-up-package-1 1.0.0',
        'made-up-package-2 2.0.0',
        'made-up-package-3 3.0.0',
        'made-up-package-4 3.0.0',
      ],
      'has no version; and 8 more',
    ],
    [
      'syft__image-distroless-deb__var__lib__dpkg__status.d__libsqlite3-0.md5sums',
      single,
      [],
      'line 1 is not "Field: value"',
    ],
  ])('%s gives what it holds, and says what is wrong with it', (name, path, packages, problem) => {
    const folder = shared('fixtures/dpkg')
    if (folder === null) return
    const { records, unreadable } = readDatabase(dpkg, readFileSync(join(folder, name)), path)
    if (problem === null) expect(unreadable).toBeNull()
    else expect(unreadable).toContain(problem)
    expect(records.map(one => `${one.name} ${one.version}`)).toEqual(packages)
  })
})

describe('the shared apk fixtures', () => {
  it.each([
    'grype__image-alpine-match-coverage__lib__apk__db__installed',
    'osv-scalibr__cache',
    'osv-scalibr__different-arch',
    'osv-scalibr__installed',
    'syft__corrupt__lib__apk__db__installed',
    'syft__extra-file-attributes',
    'syft__image-pkg-coverage__pkgs__lib__apk__db__installed',
    'syft__multiple-2__lib__apk__db__installed',
    'trivy__alpine__lib__apk__db__installed',
    'trivy__apk',
    'image-alpine-3.10/lib/apk/db/installed',
  ])('pitfall 15: %s is read as an independent reader reads it', name => {
    const folder = shared('fixtures/apk')
    if (folder === null) return
    const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as {
      name: string
      version: string | null
      arch: string
      origin: string | null
    }[]
    const { records, unreadable } = readDatabase(apk, readFileSync(join(folder, name)), installed)
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
