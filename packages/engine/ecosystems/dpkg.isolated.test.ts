import { describe, expect, it } from 'vitest'
import { dpkg } from './dpkg.ts'
import { readDatabase as read } from './testdata/read-database.ts'

const status = 'var/lib/dpkg/status'

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
  ])('pitfall 10: takes "%s" for installed: %s', (state, expected) => {
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
    ['linux-signed-amd64 (5.10.46+4)', '5.10.46-4', 'linux'],
    ['linux-signed-6.1-arm64 (6.1.90+1~deb11u1)', '6.1.90-1~deb11u1', 'linux-6.1'],
    ['linux-signed', '5.15.0-91.101', 'linux'],
    ['linux-signed-hwe-5.15 (5.15.0-91.101~20.04.1)', '5.15.0-91.101~20.04.1', 'linux-hwe-5.15'],
  ])('pitfall 1: takes a signed kernel for what it was built from: %s', (source, version, sourceName) => {
    const stanza = `Package: linux-image\nStatus: install ok installed\nSource: ${source}\nVersion: ${version}\n`
    expect(read(dpkg, stanza, status).records).toMatchObject([{ sourceName, sourceVersion: version }])
  })

  it.each([
    ['Source: glibc', 'glibc', '1:2.3-4'],
    ['Source: glibc (2.36-9)', 'glibc', '2.36-9'],
    // dpkg-gencontrol writes none like that; dpkg takes all of it for the name, which no advisory has.
    ['Source: glibc(2.36-9)', 'glibc', '2.36-9'],
    ['Source: glibc ( 2.36-9 )', 'glibc', '2.36-9'],
    ['Source: glibc ()', 'glibc', '1:2.3-4'],
    ['Source:', 'libc6', '1:2.3-4'],
    ['Section: libs', 'libc6', '1:2.3-4'],
  ])('pitfall 1: names the source by its own name and version: %s', (field, sourceName, sourceVersion) => {
    const { records } = read(dpkg, installed('libc6', `Version: 1:2.3-4\n${field}`), status)
    expect(records).toEqual([
      { name: 'libc6', version: '1:2.3-4', sourceName, sourceVersion, arch: '', vendor: '' },
    ])
  })

  it.each([
    ['Maintainer: Debian X <x@lists.debian.org>', 'Debian X <x@lists.debian.org>'],
    ['Maintainer: GitHub', 'GitHub'],
    ['Maintainer: Vault Team <vault@hashicorp.com>\nVendor: HashiCorp', 'HashiCorp'],
    ['Maintainer: <root@buildhost>\nVendor: Someone <a@b.c>', 'Someone'],
    ['Maintainer: Ann <ann@buildhost>\nVendor: none', 'Ann'],
    ['Maintainer: <root@buildhost>\nVendor: none', 'an unnamed builder'],
    ['Vendor:', 'an unnamed builder'],
    ['Section: libs', ''],
  ])('says of %j that it was built by %j', (field, vendor) => {
    expect(read(dpkg, installed('a', `Version: 1\n${field}`), status).records).toMatchObject([{ vendor }])
  })

  it('takes no line of white space for a part of a version', () => {
    const { records } = read(dpkg, installed('a', 'Version: 1-2\n\t\nArchitecture: all'), status)
    expect(records).toMatchObject([{ version: '1-2', sourceVersion: '1-2', arch: 'all' }])
  })

  it('is not led by a made-up Vendor to take memory without measure', () => {
    const before = process.memoryUsage().rss
    const { records } = read(dpkg, installed('a', `Version: 1\nVendor: ${'<'.repeat(30_000_000)}`), status)
    expect(records).toMatchObject([{ vendor: 'an unnamed builder' }])
    // An array of the parts between takes eight bytes and more for each character.
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
  })

  it('refuses a file that is no text at all', () => {
    expect(read(dpkg, new Uint8Array([0x50, 0, 1, 2]), status)).toEqual({
      records: [],
      unreadable: 'var/lib/dpkg/status is not a dpkg database: it holds zero bytes and no package',
    })
    expect(read(dpkg, 'bogus status', status).unreadable).toMatch(/line 1 is not "Field: value"/)
  })

  it('ends a value at a zero byte, as dpkg does, and reads on', () => {
    const text = `${installed('a\0b', 'Version: 1\0.2\nDescription: x\0y')}\n${installed('c', 'Version: 2')}`
    const { records, unreadable } = read(dpkg, text, status)
    expect(records.map(({ name, version }) => `${name} ${version}`)).toEqual(['a 1', 'c 2'])
    expect(unreadable).toBeNull()
    expect(read(dpkg, installed('a', 'Version: \0'), status).unreadable).toMatch(
      /"a" at line 1 has no version$/,
    )
  })

  it('takes a line of white space below a field for a part of its value, as dpkg does', () => {
    const text = installed('a', 'Description: x\n \t\nVersion: 1')
    expect(read(dpkg, text, status)).toMatchObject({
      records: [{ name: 'a', version: '1' }],
      unreadable: null,
    })
  })

  it('reports names that no package can have', () => {
    const { records, unreadable } = read(dpkg, installed('a b', 'Version: 1'), status)
    expect(records).toEqual([])
    expect(unreadable).toMatch(/"a b" at line 1 has a name that no package can have$/)
    expect(read(dpkg, installed('x'.repeat(1e6), 'Version:'), status).unreadable?.length).toBeLessThan(300)
  })

  it('says of changes that an interrupted dpkg left in its journal that they were not read', () => {
    expect(dpkg.wants('var/lib/dpkg/updates/0001')).toBe(true)
    expect(read(dpkg, installed('a', 'Version: 2'), 'var/lib/dpkg/updates/0001')).toEqual({
      records: [],
      unreadable:
        'var/lib/dpkg/updates/0001 holds changes of an interrupted dpkg that are not in its status file; they were not read',
    })
    for (const [content, name] of [
      ['', '0001'],
      ['Package: a', 'tmp.i'],
    ]) {
      const path = `var/lib/dpkg/updates/${name}`
      expect(read(dpkg, content ?? '', path)).toEqual({ records: [], unreadable: null })
    }
  })

  it('wants no checksums and no scripts', () => {
    for (const name of ['base.md5sums', 'base.conffiles', 'base.postinst']) {
      expect(dpkg.wants(`var/lib/dpkg/status.d/${name}`)).toBe(false)
    }
    expect(dpkg.wants('var/lib/dpkg/status.d/libpython3.11')).toBe(true)
    expect(dpkg.wants('var/lib/dpkg/status-old')).toBe(false)
  })
})

describe('pitfall 12: a distroless image', () => {
  it('has a file for each package and no status file', () => {
    const path = 'var/lib/dpkg/status.d/bGliYzY'
    const { records, unreadable } = read(
      dpkg,
      'Package: libc6\nVersion: 2.36-9+deb12u8\nSource: glibc\n',
      path,
    )
    expect(records).toMatchObject([{ name: 'libc6', sourceName: 'glibc' }])
    expect(unreadable).toBeNull()
    expect(read(dpkg, '0 usr/share/doc\n', `${path}.md5sums`)).toEqual({ records: [], unreadable: null })
  })

  it("is not what other programs' status files make", () => {
    for (const path of ['opt/vcpkg/installed/vcpkg/status', 'usr/lib/opkg/status', 'var/lib/opkg/status']) {
      expect(dpkg.wants(path)).toBe(false)
    }
  })
})
