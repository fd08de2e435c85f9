import type { Distro } from '@plimsoll/types'
import { judgedAs } from '../distributions/derivatives.ts'
import { knownReleaseOf } from '../distributions/families.ts'
import { otherAptReleases } from './apt-sources.ts'
import { readStatus } from './dpkg-status.ts'
import { type Ecosystem, type Fix, type PackageRecord, Unreadable } from './ecosystem.ts'
import { builderOfDeb } from './third-party-debs.ts'
import { compareDebianVersions, isDebianVersion } from './versions/debian.ts'

/** What else dpkg keeps of a package, which builders of images without dpkg put beside it in `status.d`. */
const besides =
  /\.(md5sums|list|conffiles|config|templates|triggers|symbols|shlibs|preinst|postinst|prerm|postrm)$/

/** apt reads no others (sources.list(5)). */
const sources = /(^|\/)apt\/sources\.list(\.d\/[^/]+\.(list|sources))?$/

const journal = /(^|\/)dpkg\/updates\/[^/]+$/

/** Debian and Ubuntu: dpkg's status database, and the directory of single stanzas that distroless images have. */
export const dpkg: Ecosystem = {
  id: 'deb',
  title: 'Debian packages (dpkg)',
  databases: ['var/lib/dpkg/status', 'var/lib/dpkg/updates/*', 'var/lib/dpkg/status.d/*'],
  wants: path =>
    (/(^|\/)dpkg\/(status|status\.d\/[^/]+)$/.test(path) && !besides.test(path)) ||
    journal.test(path) ||
    sources.test(path),
  settings: ['etc/apt/sources.list', 'etc/apt/sources.list.d/*'],
  otherReleases: otherAptReleases,
  packages: readDatabase,
  isVersion: isDebianVersion,
  compare: compareDebianVersions,
  advisoryFolders: ['Debian', 'Ubuntu'],
  feeds: distro => [feedOf(judgedAs(distro)) ?? []].flat(),
  thirdParty: builderOfDeb,
  // Pro is for long-term releases only.
  paidFeed: feed => (/^Ubuntu:.*:LTS$/.test(feed) ? feed.replace('Ubuntu:', 'Ubuntu:Pro:') : null),
  isPaidVersion: version => /[+~]esm\d/.test(version),
  category: distro => (distro !== null && judgedAs(distro).id === 'ubuntu' ? 'Ubuntu' : 'Debian'),
  fixCommand,
}

function* readDatabase(content: Uint8Array, path: string): Generator<PackageRecord> {
  if (besides.test(path)) return
  if (!journal.test(path)) {
    yield* readStatus(content, path)
    return
  }
  // dpkg writes each change there first and gathers them in the status file when it is done (dpkg's `dbmodify.c`).
  // It passes over files without a number.
  if (content.length > 0 && /\/\d+$/.test(path)) {
    throw new Unreadable(
      `${path} holds changes of an interrupted dpkg that are not in its status file; they were not read`,
    )
  }
}

/** OSV's names: `Debian:12`; `Ubuntu:22.04:LTS`, `Ubuntu:23.10`. */
function feedOf(distro: Distro): string | null {
  // Testing has no VERSION_ID until it is released, but a codename.
  const release = distro.versionId || (knownReleaseOf(distro)?.version ?? '')
  if (distro.id === 'debian') {
    const [, major, minor] = /^(\d+)(\.\d+)?/.exec(release) ?? []
    if (major === undefined) return null
    // From Debian 7 on a point release changes the number behind the dot, before that it was the release's own.
    return `Debian:${Number(major) >= 7 ? major : `${major}${minor ?? '.0'}`}`
  }
  if (distro.id === 'ubuntu') {
    const [, year, month] = /^(\d+)\.(\d\d)/.exec(release) ?? []
    if (year === undefined) return null
    const lts = Number(year) % 2 === 0 && month === '04'
    return `Ubuntu:${year}.${month}${lts ? ':LTS' : ''}`
  }
  return null
}

/** Names come out of untrusted images and end in a command that people copy: only dpkg's own alphabet gets there. */
const safeName = /^[a-z0-9][a-z0-9+.-]*$/

function fixCommand(fix: Fix): string | null {
  if (fix.packageNames.length === 0 || !fix.packageNames.every(name => safeName.test(name))) return null
  return `apt-get update && apt-get install --only-upgrade -y ${fix.packageNames.join(' ')}`
}
