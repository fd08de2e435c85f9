import { join } from 'node:path'
import type { Distro, InstalledPackage } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { ecosystemById } from '../ecosystems/index.ts'
import { shared } from '../testdata/shared.ts'
import { match } from './match.ts'
import { linesOf } from './testdata/finding-lines.ts'
import { matchNaively, type RawRecord } from './testdata/naive-matcher.ts'
import { packagesIn, realFeed } from './testdata/real-feed.ts'
import { installed, inventoryOf, today } from './testdata/records.ts'
import { answeredByTool, hasTool } from './testdata/tool-answers.ts'

const unlimited = { maxJudgements: 1e9, maxFindings: 1e9, maxFindingChars: 1e12 }

/** Real package lists against real advisories, and beside it the naive matcher: none missing, none extra. */
describe('matching real package lists', () => {
  const advisories = shared('advisories')
  const fixtures = shared('fixtures')

  /** Our findings as lines, and what they are of. */
  async function both(packages: InstalledPackage[], distro: Distro) {
    const ecosystem = ecosystemById(packages[0]?.ecosystem ?? '')
    const [feed = ''] = ecosystem?.feeds(distro) ?? []
    const { lookup, recordsOf } = await realFeed(advisories ?? '', feed.split(':')[0] ?? '')
    const { findings, coverage } = match(inventoryOf(packages, distro), lookup, { today, limits: unlimited })
    // Whose a package is, is the ecosystem's to say: Ubuntu's are a third party's on Debian.
    const own = packages.filter(
      ({ module: _module, ...one }) => (ecosystem?.thirdParty?.(one, distro) ?? null) === null,
    )
    return { ours: linesOf(findings), coverage, feed, own, records: recordsOf(feed) }
  }

  it.each([
    ['dpkg/rootfs-bookworm-minbase/var/lib/dpkg/status', 'deb', release('debian', '12')],
    ['dpkg/trivy__valid__var__lib__dpkg__status', 'deb', release('ubuntu', '18.04')],
    ['apk/image-alpine-3.10/lib/apk/db/installed', 'apk', release('alpine', '3.10.2')],
  ] as const)('%s gives what the naive matcher gives', async (list, ecosystemId, distro) => {
    if (advisories === null || fixtures === null) return
    const { ours, naive, coverage } = await compared(packagesIn(join(fixtures, list), ecosystemId), distro)
    expect(ours.length).toBeGreaterThan(0)
    expectSame(ours, naive)
    expect(coverage.feeds[0]?.advisories).toBeGreaterThan(500)
  })

  /** Our findings and the naive ones; these by dpkg's and rpm's own order of versions where they are installed. */
  async function compared(packages: InstalledPackage[], distro: Distro) {
    const { ours, coverage, feed, own, records } = await both(packages, distro)
    const ecosystemId = packages[0]?.ecosystem
    const naive =
      (ecosystemId === 'deb' || ecosystemId === 'rpm') && hasTool(ecosystemId)
        ? await answeredByTool(ecosystemId, order => matchNaively(records, feed, own, order))
        : matchNaively(records, feed, own)
    return { ours, coverage, naive }
  }

  /** The list as every release of these distributions that there are advisories for. */
  async function asEveryRelease(
    list: string,
    ecosystemId: 'deb' | 'apk' | 'rpm',
    folders: [string, string][],
  ) {
    if (advisories === null || fixtures === null) return
    const packages = packagesIn(join(fixtures, list), ecosystemId)
    expect(packages.length).toBeGreaterThan(0)
    let releases = 0
    for (const [folder, id] of folders) {
      for (const versionId of (await realFeed(advisories, folder)).releases) {
        const { ours, naive } = await compared(packages, release(id, versionId.replace(/^v|:LTS$/g, '')))
        expectSame(ours, naive)
        releases += 1
      }
    }
    expect(releases).toBeGreaterThan(folders.length)
  }

  it.each([
    'claircore__debian-only.status',
    'claircore__postgresql.status',
    'claircore__texlive.status',
    'osv-scalibr__dpkg__trailingnewlines',
    'rootfs-bookworm-minbase/var/lib/dpkg/status',
    'syft__var__lib__dpkg__status.d__coreutils-relationships',
    'syft__var__lib__dpkg__status.d__deinstall',
    'trivy__corrupsed__var__lib__dpkg__status',
    'trivy__md5sums__var__lib__dpkg__status',
    'trivy__only-apt__var__lib__dpkg__status',
    'trivy__valid__var__lib__dpkg__status',
  ])('%s, as every release of Debian and Ubuntu', list =>
    asEveryRelease(`dpkg/${list}`, 'deb', [
      ['Debian', 'debian'],
      ['Ubuntu', 'ubuntu'],
    ]),
  )

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
  ])('%s, as every release of Alpine', list => asEveryRelease(`apk/${list}`, 'apk', [['Alpine', 'alpine']]))

  const redHatFamily: [string, string][] = [
    ['AlmaLinux', 'almalinux'],
    ['Rocky Linux', 'rocky'],
  ]
  it.each([
    'amazonlinux2023-sqlite/rpmdb.sqlite',
    'epoch-bdb/Packages',
    'libuuid-bdb/Packages',
    'rpm-testsuite-sqlite/rpmdb.sqlite',
    'sle15-bci-bdb/Packages',
    'sle15-bci-ndb/Packages.db',
  ])('pitfall 22: %s, as every release of AlmaLinux and Rocky Linux', list =>
    asEveryRelease(`rpmdb/${list}`, 'rpm', redHatFamily),
  )

  /**
   * Every package that was ever fixed, in the version of one of its fixes: builds of every minor release and of every
   * module's stream stand against each other.
   */
  it.each([
    ['AlmaLinux', '8', 'almalinux'],
    ['AlmaLinux', '9', 'almalinux'],
    ['AlmaLinux', '10', 'almalinux'],
    ['AlmaLinux', '9', 'rocky'],
  ])('pitfall 23, 24 and 27: the fixes of %s %s, installed in %s', async (folder, versionId, id) => {
    if (advisories === null) return
    const packages = fixesAsPackages((await realFeed(advisories, folder)).recordsOf(`${folder}:${versionId}`))
    const { ours, naive } = await compared(packages, release(id, versionId))
    expect(ours.length).toBeGreaterThan(100)
    expectSame(ours, naive)
  })
})

/** Told in full where they differ, and only there: the lists are long. */
function expectSame(ours: readonly string[], naive: readonly string[]) {
  const [a, b] = [new Set(ours), new Set(naive)]
  const missing = [...b.difference(a)]
  const extra = [...a.difference(b)]
  expect({ missing, extra, ours: ours.length }).toEqual({ missing: [], extra: [], ours: naive.length })
}

/** Some packages in versions that fixed something: of a module with its label, without it, and outside modules. */
function fixesAsPackages(records: readonly RawRecord[]): InstalledPackage[] {
  const path = 'var/lib/rpm/rpmdb.sqlite'
  const all = records.flatMap(({ summary = '', affected = [] }) => {
    const [label = null] = /\b[\w.+-]+:[\w.+-]+/.exec(summary.replace(/^\w+: /, '')) ?? []
    return affected.map(({ package: { name }, ranges = [] }) => {
      const version = ranges[0]?.events[1]?.['fixed'] ?? ''
      return { name, version, module: /\.module[_+]/.test(version) ? label : null }
    })
  })
  return all.flatMap(({ name, version, module }, at) => {
    const about = { ecosystem: 'rpm', arch: 'x86_64', path, module: at % 5 === 0 ? null : module }
    return at % 17 === 0 ? [installed(name, version, about)] : []
  })
}

function release(id: string, versionId: string): Distro {
  return { id, versionId, idLike: [], prettyName: `${id} ${versionId}` }
}
