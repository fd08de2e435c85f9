import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distroFiles, readDistro, readOsRelease, wantsDistroFile } from './distro.ts'

const distroOf = (files: Readonly<Record<string, string>>) => readDistro(path => files[path] ?? null)

describe('os-release', () => {
  test('fields become a distribution', () => {
    const text = [
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
      'NAME="Debian GNU/Linux"',
      'VERSION_ID="12"',
      'VERSION_CODENAME=bookworm',
      'ID=debian',
    ].join('\n')
    expect(distroOf({ 'etc/os-release': text })).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      idLike: [],
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
    })
  })

  test('ID_LIKE is a list, a missing PRETTY_NAME is put together, ID falls back to NAME', () => {
    expect(
      distroOf({
        'usr/lib/os-release': 'ID=Mint\nID_LIKE="ubuntu  Debian"\nNAME="Linux Mint"\nVERSION="22 (Wilma)"',
      }),
    ).toEqual({
      id: 'mint',
      versionId: '',
      idLike: ['ubuntu', 'debian'],
      prettyName: 'Linux Mint 22 (Wilma)',
    })
    expect(distroOf({ 'etc/os-release': 'NAME=Wolfi\nVERSION_ID=20230201' })).toMatchObject({
      id: 'wolfi',
      versionId: '20230201',
      prettyName: 'Wolfi 20230201',
    })
  })

  test('the one in /etc goes before the one in /usr/lib, unless it says nothing', () => {
    const both = { 'etc/os-release': 'ID=one', 'usr/lib/os-release': 'ID=two' }
    expect(distroOf(both)?.id).toBe('one')
    expect(distroOf({ ...both, 'etc/os-release': '# nothing' })?.id).toBe('two')
  })

  test.each([
    ['bare', 'bare'],
    ['"double quoted"', 'double quoted'],
    ["'single $quoted\\'", 'single $quoted\\'],
    ['"with \\"inner\\" \\$ \\` \\\\ \\n"', 'with "inner" $ ` \\ \\n'],
    ['bare\\ with\\ spaces', 'bare with spaces'],
    ['"never closed', 'never closed'],
    ["'never closed", 'never closed'],
    ['"closed" # and more', 'closed'],
    ['', ''],
    ['"', ''],
    ['"\\', ''],
  ])('the value %s is %j', (written, value) => {
    expect(readOsRelease(`A=${written}`).get('A')).toBe(value)
  })

  test('lines that are no assignments are passed over, the last of a name counts', () => {
    const text =
      '\uFEFF# comment\r\nID=first\r\n=nothing\r\nno assignment\r\n\r\nID=last\r\nexport B=1\n A = b'
    expect([...readOsRelease(text)]).toEqual([
      ['ID', 'last'],
      ['B', '1'],
    ])
  })

  test('any text is survived', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void distroOf({ 'etc/os-release': text })))
  })

  test('values of absurd length are cut', () => {
    expect(distroOf({ 'etc/os-release': `ID=${'x'.repeat(1e6)}` })?.id).toHaveLength(256)
  })

  test('control characters do not get through', () => {
    expect(distroOf({ 'etc/os-release': 'ID=a\x1b[31m' })?.id).toBe('a\uFFFD[31m')
  })
})

describe('without os-release', () => {
  test('alpine-release is the version', () => {
    expect(distroOf({ 'etc/alpine-release': '3.10.2\n' })).toEqual({
      id: 'alpine',
      versionId: '3.10.2',
      idLike: [],
      prettyName: 'Alpine Linux 3.10.2',
    })
  })

  test.each([
    ['12.5\n', '12.5', undefined],
    ['trixie/sid\n', '', 'trixie'],
  ])('debian_version %j is release %j, codename %s', (text, versionId, codename) => {
    const distro = distroOf({ 'etc/debian_version': text })
    expect(distro).toMatchObject({ id: 'debian', versionId, prettyName: `Debian GNU/Linux ${text.trim()}` })
    expect(distro?.codename).toBe(codename)
  })

  test.each([
    ['etc/centos-release', 'CentOS release 6.10 (Final)', 'centos', '6.10'],
    ['etc/redhat-release', 'CentOS Linux release 7.9.2009 (Core)', 'centos', '7.9.2009'],
    ['etc/redhat-release', 'Red Hat Enterprise Linux Server release 6.10 (Santiago)', 'rhel', '6.10'],
    ['etc/redhat-release', 'Red Hat Enterprise Linux AS release 4 (Nahant Update 9)', 'rhel', '4'],
    ['etc/oracle-release', 'Oracle Linux Server release 6.8', 'ol', '6.8'],
    ['etc/system-release', 'Amazon Linux AMI release 2017.03', 'amzn', '2017.03'],
    ['etc/fedora-release', 'Fedora release 17 (Beefy Miracle)', 'fedora', '17'],
    ['etc/redhat-release', 'Scientific Linux release 6.10 (Carbon)', 'scientific', '6.10'],
    ['etc/redhat-release', 'Some Rebuild release 7.1', 'some-rebuild', '7.1'],
  ])('%s says "%s"', (path, line, id, versionId) => {
    expect(distroOf({ [path]: `${line}\n` })).toEqual({ id, versionId, idLike: [], prettyName: line })
  })

  test("Oracle's own file goes before the one it keeps as Red Hat has it", () => {
    const files = {
      'etc/redhat-release': 'Red Hat Enterprise Linux Server release 6.8 (Santiago)',
      'etc/oracle-release': 'Oracle Linux Server release 6.8',
    }
    expect(distroOf(files)?.id).toBe('ol')
  })

  test.each([
    ['SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n', 'sles', '11.4'],
    ['SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 0\n', 'sles', '12'],
    ['openSUSE 13.1 (x86_64)\nVERSION = 13.1\nCODENAME = Bottle\n', 'opensuse', '13.1'],
  ])('SuSE-release %j is %s %s', (text, id, versionId) => {
    expect(distroOf({ 'etc/SuSE-release': text })).toMatchObject({ id, versionId })
  })

  test("lsb-release tells an old Ubuntu, whose debian_version is Debian's", () => {
    const lsb =
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\nDISTRIB_DESCRIPTION="Ubuntu 10.04.4 LTS"\n'
    expect(distroOf({ 'etc/lsb-release': lsb, 'etc/debian_version': 'squeeze/sid' })).toEqual({
      id: 'ubuntu',
      versionId: '10.04',
      codename: 'lucid',
      idLike: [],
      prettyName: 'Ubuntu 10.04.4 LTS',
    })
    const none = {
      'etc/lsb-release': 'LSB_VERSION=base-4.0',
      'etc/centos-release': 'CentOS release 6.10 (Final)',
    }
    expect(distroOf(none)?.id).toBe('centos')
  })

  test('os-release goes before all of them', () => {
    const files = {
      'usr/lib/os-release': 'ID=rocky\nVERSION_ID=9.4',
      'etc/redhat-release': 'CentOS release 6.10',
    }
    expect(distroOf(files)?.id).toBe('rocky')
  })

  test('any text is survived', () => {
    const paths = distroFiles.filter(path => !path.endsWith('os-release'))
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.string({ unit: 'binary' }), (path, text) => {
        const distro = distroOf({ [path]: text })
        if (distro !== null) expect(distro.id).not.toBe('')
      }),
    )
  })

  test('nothing, or empty files, are no distribution', () => {
    expect(distroOf({})).toBeNull()
    expect(distroOf({ 'etc/alpine-release': '\n', 'etc/debian_version': '' })).toBeNull()
  })
})

test('pitfall 14: testing is known by its codename, from debian_version where os-release has none', () => {
  const files = {
    'etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux jessie/sid"',
    'etc/debian_version': 'jessie/sid',
  }
  expect(distroOf(files)).toMatchObject({ id: 'debian', versionId: '', codename: 'jessie' })
  const named = { ...files, 'etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie' }
  expect(distroOf(named)?.codename).toBe('trixie')
})

test('pitfall 12: a distroless image is of the Debian it was made of', () => {
  const text = 'PRETTY_NAME="Distroless"\nNAME="Debian GNU/Linux"\nID="debian"\nVERSION_ID="12"'
  expect(distroOf({ 'usr/lib/os-release': text })).toMatchObject({ id: 'debian', versionId: '12' })
})

test('a missing VERSION_ID is filled from what stands beside', () => {
  expect(distroOf({ 'etc/os-release': 'ID=alpine', 'etc/alpine-release': '3.18.0' })?.versionId).toBe(
    '3.18.0',
  )
  expect(distroOf({ 'etc/os-release': 'ID=debian', 'etc/debian_version': '12.5' })?.versionId).toBe('12.5')
  const testing = {
    'etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie',
    'etc/debian_version': 'trixie/sid',
  }
  expect(distroOf(testing)).toMatchObject({ versionId: '', codename: 'trixie' })
  // Ubuntu carries the debian_version of the Debian it was made from.
  expect(distroOf({ 'etc/os-release': 'ID=ubuntu', 'etc/debian_version': '12.5' })?.versionId).toBe('')
})

test('the files it reads are wanted, in whatever folder links may put them', () => {
  for (const path of distroFiles) expect(wantsDistroFile(path)).toBe(true)
  expect(wantsDistroFile('opt/root/etc/os-release')).toBe(true)
  expect(wantsDistroFile('etc/os-release.bak')).toBe(false)
})
