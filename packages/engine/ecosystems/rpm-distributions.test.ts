import type { Distro } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import type { PackageRecord } from './ecosystem.ts'
import { rpm } from './rpm.ts'

const distro = (id: string, versionId: string, prettyName = `${id} ${versionId}`): Distro => ({
  id,
  versionId,
  idLike: [],
  prettyName,
})

describe('the feeds of a release', () => {
  it.each([
    [distro('almalinux', '9.4'), ['AlmaLinux:9']],
    [distro('almalinux', '10'), ['AlmaLinux:10']],
    [distro('rocky', '8.10'), ['Rocky Linux:8']],
    [distro('azurelinux', '3.0'), ['Azure Linux:3']],
    [distro('mariner', '2.0'), ['Azure Linux:2']],
    [distro('mageia', '9'), ['Mageia:9']],
    [distro('openeuler', '24.03', 'openEuler 24.03 (LTS)'), ['openEuler:24.03-LTS']],
    [distro('openeuler', '22.03', 'openEuler 22.03 (LTS-SP3)'), ['openEuler:22.03-LTS-SP3']],
    [distro('openeuler', '23.09', 'openEuler 23.09'), []],
    [distro('opensuse-leap', '15.6'), ['openSUSE:Leap 15.6', 'openSUSE:Leap 15.6 NonFree']],
    [distro('opensuse-leap-micro', '5.5'), ['openSUSE:Leap Micro 5.5']],
    [distro('opensuse-tumbleweed', '20240801'), ['openSUSE:Tumbleweed']],
    [distro('opensuse-leap', ''), []],
    [distro('sle-micro', '5.5'), ['SUSE:Linux Enterprise Micro 5.5']],
    [distro('sl-micro', '6.0'), ['SUSE:Linux Micro 6.0']],
    [distro('sles', '16.0'), ['SUSE:Linux Enterprise Server 16.0']],
    [distro('rhel', ''), []],
    [distro('almalinux', 'rolling'), []],
    [
      distro('rhel', '7.9'),
      ['server', 'client', 'computenode', 'workstation'].map(one => `Red Hat:enterprise_linux:7::${one}`),
    ],
  ])('of $prettyName', (release, feeds) => {
    expect(rpm.feeds(release)).toEqual(feeds)
  })

  it('of Red Hat are those of its repositories, and from 10 on those of its minor releases', () => {
    expect(rpm.feeds(distro('rhel', '9.4')).slice(0, 3)).toEqual([
      'Red Hat:enterprise_linux:9::baseos',
      'Red Hat:enterprise_linux:9::appstream',
      'Red Hat:enterprise_linux:9::crb',
    ])
    const ten = rpm.feeds(distro('rhel', '10.1'))
    expect(ten.slice(0, 3)).toEqual([
      'Red Hat:enterprise_linux:10.1',
      'Red Hat:enterprise_linux:10.0',
      'Red Hat:enterprise_linux:10.2',
    ])
    expect(new Set(ten).size).toBe(11)
  })

  it('of SUSE Linux Enterprise are its modules as well, of the same service pack', () => {
    const feeds = rpm.feeds(distro('sles', '15.5'))
    expect(feeds[0]).toBe('SUSE:Linux Enterprise Server 15 SP5')
    expect(feeds).toContain('SUSE:Linux Enterprise Module for Basesystem 15 SP5')
    expect(feeds).toContain('SUSE:Package Hub 15 SP5')
    expect(feeds.every(feed => feed.endsWith(' 15 SP5'))).toBe(true)
    expect(rpm.feeds(distro('sles', '15'))).toContain('SUSE:Linux Enterprise Module for Basesystem 15')
    expect(rpm.feeds(distro('sles', '15.0'))[0]).toBe('SUSE:Linux Enterprise Server 15')
    const twelve = rpm.feeds(distro('sles_sap', '12.5'))
    expect(twelve[0]).toBe('SUSE:Linux Enterprise Server for SAP Applications 12 SP5')
    expect(twelve).toContain('SUSE:Linux Enterprise Module for Web and Scripting 12')
  })

  it.each(['centos', 'ol', 'amzn', 'fedora', 'scientific', 'debian'])(
    'pitfall 28: %s has none of another vendor',
    id => {
      expect(rpm.feeds({ ...distro(id, '9'), idLike: ['rhel', 'fedora'] })).toEqual([])
    },
  )

  it('name binary packages where Red Hat and its rebuilds made them, Rocky Linux source packages as well, and all others those alone', () => {
    const names = (feed: string) => rpm.advisoryNames?.(feed)
    expect(['AlmaLinux:9', 'Rocky Linux:9', 'Red Hat:enterprise_linux:9::baseos'].map(names)).toEqual([
      'binary',
      'both',
      'binary',
    ])
    expect(
      [
        'Azure Linux:3',
        'SUSE:Linux Enterprise Server 15 SP5',
        'openSUSE:Leap 15.6',
        'openEuler:24.03-LTS',
        'Mageia:9',
      ].map(names),
    ).toEqual(Array.from({ length: 5 }, () => 'source'))
  })

  it('are in folders that are fetched', () => {
    const releases = [
      distro('almalinux', '9'),
      distro('rocky', '9'),
      distro('rhel', '9'),
      distro('azurelinux', '3.0'),
      distro('sles', '15.5'),
      distro('opensuse-leap', '15.6'),
      distro('openeuler', '24.03', 'openEuler 24.03 (LTS)'),
      distro('mageia', '9'),
    ]
    const folders = new Set(releases.flatMap(release => rpm.feeds(release).map(feed => feed.split(':')[0])))
    expect([...folders].toSorted()).toEqual([...rpm.advisoryFolders].toSorted())
  })

  it('have beside them what SUSE sells to those who stay', () => {
    expect(rpm.paidFeed?.('SUSE:Linux Enterprise Server 15 SP3')).toBe(
      'SUSE:Linux Enterprise Server 15 SP3-LTSS',
    )
    expect(rpm.paidFeed?.('SUSE:Linux Enterprise Module for Basesystem 15 SP3')).toBeNull()
    expect(rpm.paidFeed?.('AlmaLinux:9')).toBeNull()
  })
})

describe('a package of a third party', () => {
  const from = (vendor: string | undefined, release: Distro) => {
    const record: PackageRecord = {
      name: 'a',
      version: '1-1',
      sourceName: 'a',
      sourceVersion: '1-1',
      arch: 'x86_64',
      ...(vendor === undefined ? {} : { vendor }),
    }
    return rpm.thirdParty?.(record, release) ?? null
  }

  it.each([
    ['Docker', distro('rocky', '9')],
    ['Fedora Project', distro('rhel', '9')],
    ['Fedora Project', distro('almalinux', '9')],
    ['Red Hat, Inc.', distro('rocky', '9')],
    ['NodeSource', distro('azurelinux', '3.0')],
    ['obs://build.opensuse.org/home:somebody', distro('opensuse-leap', '15.6')],
  ])('is told by its vendor %s', (vendor, release) => {
    expect(from(vendor, release)).toBe(vendor)
  })

  it.each([
    ['Red Hat, Inc.', distro('rhel', '9')],
    ['AlmaLinux', distro('almalinux', '9')],
    ['AlmaLinux OS Foundation', distro('almalinux', '9')],
    ['Rocky Enterprise Software Foundation', distro('rocky', '9')],
    ['Microsoft Corporation', distro('mariner', '2.0')],
    ['SUSE LLC <https://www.suse.com/>', distro('sles', '15.5')],
    ['openSUSE', distro('opensuse-leap', '15.6')],
    ['SUSE LLC <https://www.suse.com/>', distro('opensuse-leap', '15.6')],
    ['http://openeuler.org', distro('openeuler', '24.03')],
    ['Mageia.Org', distro('mageia', '9')],
    ['', distro('rocky', '9')],
    [undefined, distro('rocky', '9')],
    ['Docker', distro('centos', '9')],
    ['Docker', distro('debian', '12')],
  ])('is not one with the vendor %s', (vendor, release) => {
    expect(from(vendor, release)).toBeNull()
  })
})

it.each([
  ['rhel', 'Red Hat'],
  ['almalinux', 'AlmaLinux'],
  ['rocky', 'Rocky Linux'],
  ['amzn', 'Amazon Linux'],
  ['sled', 'SUSE'],
  ['opensuse-leap', 'openSUSE'],
  ['mariner', 'Azure Linux'],
  ['unheard-of', 'RPM'],
])('%s is in the category %s', (id, category) => {
  expect(rpm.category(distro(id, '1'))).toBe(category)
})

it.each([
  [undefined, 'dnf upgrade -y openssl openssl-libs'],
  ['AlmaLinux:9', 'dnf upgrade -y openssl openssl-libs'],
  ['Red Hat:enterprise_linux:10.1', 'dnf upgrade -y openssl openssl-libs'],
  ['Red Hat:enterprise_linux:7::server', 'yum upgrade -y openssl openssl-libs'],
  ['SUSE:Linux Enterprise Server 15 SP5', 'zypper --non-interactive update openssl openssl-libs'],
  ['openSUSE:Leap 15.6', 'zypper --non-interactive update openssl openssl-libs'],
  ['Azure Linux:3', 'tdnf upgrade -y openssl openssl-libs'],
])('a fix of %s is installed by its package manager', (feed, command) => {
  const fix = { sourceName: 'openssl', packageNames: ['openssl', 'openssl-libs'], fixedVersion: '1-1' }
  expect(rpm.fixCommand(feed === undefined ? fix : { ...fix, feed })).toBe(command)
})
