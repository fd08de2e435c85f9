import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Distro } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import { dpkg } from './dpkg.ts'
import { readDatabase } from './testdata/read-database.ts'

const debian: Distro = {
  id: 'debian',
  versionId: '12',
  idLike: [],
  prettyName: 'Debian GNU/Linux 12 (bookworm)',
}
const ubuntu: Distro = {
  id: 'ubuntu',
  versionId: '22.04',
  idLike: ['debian'],
  prettyName: 'Ubuntu 22.04.5 LTS',
}

function builderOn(distro: Distro, version: string, vendor = 'X <x@lists.debian.org>', parent?: Distro) {
  const record = { name: 'a', version, sourceName: 'a', sourceVersion: version, arch: 'all', vendor }
  return dpkg.thirdParty?.(record, parent === undefined ? distro : { ...distro, parent })
}

describe('pitfall 14: a package of another builder is told', () => {
  it.each([
    ['Docker', '5:27.3.1-1~debian.12~bookworm', 'Docker <support@docker.com>'],
    ['Docker', '1.7.22-1', 'Containerd team <help@containerd.io>'],
    ['NodeSource', '20.11.0-1nodesource1', 'Ivan Iguaran <ivan.iguaran@nodesource.com>'],
    ['deb.sury.org', '8.2.15-1+0~20240119.67+debian12~1.gbp1d7b7d', undefined],
    ['deb.sury.org', '8.3.2-1+deb.sury.org~bookworm+1', undefined],
    ['PostgreSQL (apt.postgresql.org)', '16.1-1.pgdg120+1', undefined],
    ['Kubernetes', '1.28.2-1.1', 'Kubernetes Authors <dev@kubernetes.io>'],
    ['nginx.org', '1.25.3-1~bookworm', 'NGINX Packaging <nginx-packaging@f5.com>'],
    ['MySQL (Oracle)', '8.0.36-1debian12', 'MySQL Release Engineering <mysql-build@oss.oracle.com>'],
    ['MariaDB (mariadb.org)', '1:10.11.6+maria~deb12', undefined],
    ['Redis (redis.io)', '6:7.2.4-1rl1~bookworm1', undefined],
    ['LLVM (apt.llvm.org)', '1:17.0.6~++20231209124227+6009708b4367-1~exp1~20231209124336.77', undefined],
    ['Raspberry Pi', '1:6.6.20-1+rpt1', undefined],
    ['Debian backports', '6.5.10-1~bpo12+1', undefined],
    ['Ubuntu', '2.35-0ubuntu3.6', 'Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>'],
    ['Kali Linux', '2.0-0kali1', undefined],
    ['HashiCorp', '1.18.1-1', 'HashiCorp'],
    ['GitHub', '2.40.0', 'GitHub'],
  ])('on Debian: %s, %s', (builder, version, vendor) => {
    expect(builderOn(debian, version, vendor)).toBe(builder)
  })

  it.each([
    ['deb.sury.org', '8.3.2-1+ubuntu22.04.1+deb.sury.org+1', undefined],
    ['a personal package archive', '3.11.7-1+jammy1', undefined],
    ['a personal package archive', '2:4.2-0ubuntu1~ppa1', undefined],
    ['Ubuntu Pro FIPS', '1.1.1f-1ubuntu2.fips.2.8', undefined],
    ['Ubuntu Pro FIPS', '3.0.2-0ubuntu1.10+Fips1', undefined],
  ])('on Ubuntu: %s, %s', (builder, version, vendor) => {
    expect(builderOn(ubuntu, version, vendor)).toBe(builder)
  })

  it("says nothing of the distribution's own, whatever their versions and maintainers look like", () => {
    for (const version of [
      '1.0-1',
      '3.0.15-1~deb12u1',
      '5.2.15-2+b2',
      '1.12.0.1+debian+dfsg3-4',
      '16n+debian-1+b1',
    ]) {
      expect(builderOn(debian, version)).toBeNull()
      expect(builderOn(debian, version, '')).toBeNull()
    }
    const own = [
      '3.0.2-0ubuntu1.12',
      '7u75-2.5.4-1~trusty1',
      '1:5.1.6~rc2-0ubuntu1~xenial9',
      '2.61.3+22.04',
      '1.2-3+esm1',
    ]
    for (const version of own) expect(builderOn(ubuntu, version)).toBeNull()
    expect(builderOn(debian, '0.7.0-2', 'Brandon Weeks <bweeks@google.com>')).toBeNull()
    expect(builderOn(debian, '3.0.0-1', 'Alex Doyle <adoyle@nvidia.com>')).toBeNull()
  })
})

describe("pitfall 14: a derivative's own packages", () => {
  const derivative = (id: string) => ({ id, versionId: '1', idLike: [], prettyName: id })

  it.each([
    ['devuan', debian, '1:2.88dsf-59.9+devuan3', 'Devuan'],
    ['raspbian', debian, '2.36-9+rpi1+deb12u4', 'Raspbian'],
    ['linuxmint', ubuntu, '128.0+linuxmint1+wilma', 'Linux Mint'],
    ['pop', ubuntu, '1:23.1.3-1pop0~1689084530~22.04~0618746', 'Pop!_OS'],
    ['pop', ubuntu, '2.0.0~1694543017~22.04~ab5a9d8', 'Pop!_OS'],
    ['neon', ubuntu, '4:5.27.10-0xneon+22.04+jammy+release+build33', 'KDE neon'],
    ['linuxmint', ubuntu, '2.35-0ubuntu3.6', null],
    ['devuan', debian, '2.36-9+deb12u4', null],
  ])('of %s are told by their version', (id, parent, version, builder) => {
    expect(builderOn(derivative(id), version, undefined, parent)).toBe(builder)
  })

  it('are told by their maintainer', () => {
    expect(builderOn(derivative('linuxmint'), '6.2.9', 'Linux Mint <root@linuxmint.com>', ubuntu)).toBe(
      'Linux Mint',
    )
  })
})

it('of versions and maintainers made to take long it is told soon', () => {
  const odd = [
    '<',
    '@',
    '<@',
    '>',
    '+',
    '+jammy',
    '~',
    '~1',
    '+0~1',
    '1',
    'ppa',
    '.pgdg',
    '+pkg1',
    '+build1',
    'kali',
  ]
  const started = performance.now()
  for (const text of odd) {
    for (let time = 0; time < 100; time += 1) {
      const long = text.repeat(Math.ceil(1024 / text.length))
      builderOn(debian, long, long)
      builderOn(ubuntu, `1${long}x`, `<${long}`)
    }
  }
  // A hundredth of a millisecond each, or a few; where the time grew with the square it would be a whole one.
  expect(performance.now() - started).toBeLessThan(1500)
})

it('nothing of a Debian system that was made of the archive alone is of a third party', () => {
  const folder = shared('fixtures/dpkg/rootfs-bookworm-minbase')
  if (folder === null) return
  const path = 'var/lib/dpkg/status'
  const { records } = readDatabase(dpkg, readFileSync(join(folder, path)), path)
  expect(records).toHaveLength(96)
  expect(records.filter(record => dpkg.thirdParty?.(record, debian) !== null)).toEqual([])
  expect(records.filter(({ vendor }) => !vendor?.includes('@'))).toEqual([])
})
