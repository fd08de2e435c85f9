import { join } from 'node:path'
import type { Distro, InstalledPackage } from '@plimsoll/types'
import { describe, expect, it } from 'vitest'
import { ecosystemById } from '../ecosystems/index.ts'
import { shared } from '../testdata/shared.ts'
import { match } from './match.ts'
import { linesOf } from './testdata/finding-lines.ts'
import { matchNaively } from './testdata/naive-matcher.ts'
import { packagesIn, realFeed } from './testdata/real-feed.ts'
import { inventoryOf, today } from './testdata/records.ts'

/** Real package lists against real advisories, and beside it the naive matcher: none missing, none extra. */
describe('matching real package lists', { timeout: 120_000 }, () => {
  const advisories = shared('advisories')
  const fixtures = shared('fixtures')

  /** Our findings and the naive ones, as lines. */
  async function both(packages: InstalledPackage[], distro: Distro) {
    const ecosystem = ecosystemById(packages[0]?.ecosystem ?? '')
    const [feed = ''] = ecosystem?.feeds(distro) ?? []
    const { lookup, recordsOf } = await realFeed(advisories ?? '', feed.split(':')[0] ?? '')
    const { findings, coverage } = match(inventoryOf(packages, distro), lookup, { today })
    // Whose a package is, is the ecosystem's to say: Ubuntu's are a third party's on Debian.
    const own = packages.filter(
      ({ module: _module, ...one }) => (ecosystem?.thirdParty?.(one, distro) ?? null) === null,
    )
    return { ours: linesOf(findings), naive: matchNaively(recordsOf(feed), feed, own), coverage }
  }

  it.each([
    ['dpkg/rootfs-bookworm-minbase/var/lib/dpkg/status', 'deb', release('debian', '12')],
    ['dpkg/trivy__valid__var__lib__dpkg__status', 'deb', release('ubuntu', '18.04')],
    ['apk/image-alpine-3.10/lib/apk/db/installed', 'apk', release('alpine', '3.10.2')],
  ] as const)('%s gives what the naive matcher gives', async (list, ecosystemId, distro) => {
    if (advisories === null || fixtures === null) return
    const { ours, naive, coverage } = await both(packagesIn(join(fixtures, list), ecosystemId), distro)
    expect(ours.length).toBeGreaterThan(0)
    expect(ours).toEqual(naive)
    expect(coverage.feeds[0]?.advisories).toBeGreaterThan(500)
  })

  /** The list as every release of these distributions that there are advisories for. */
  async function asEveryRelease(
    list: string,
    ecosystemId: 'deb' | 'apk' | 'rpm',
    folders: [string, string][],
  ) {
    if (advisories === null || fixtures === null) return
    const packages = packagesIn(join(fixtures, list), ecosystemId)
    expect(packages.length).toBeGreaterThan(0)
    let compared = 0
    for (const [folder, id] of folders) {
      for (const versionId of (await realFeed(advisories, folder)).releases) {
        const { ours, naive } = await both(packages, release(id, versionId.replace(/^v|:LTS$/g, '')))
        expect(ours).toEqual(naive)
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(folders.length)
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
})

function release(id: string, versionId: string): Distro {
  return { id, versionId, idLike: [], prettyName: `${id} ${versionId}` }
}
