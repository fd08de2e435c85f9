import { hash } from 'node:crypto'
import type { Distro } from '@plimsoll/types'
import { readBerkeley } from '../formats/rpmdb/berkeley.ts'
import type { Blob, Note } from '../formats/rpmdb/blob.ts'
import { readNdb } from '../formats/rpmdb/ndb.ts'
import { readSqlite } from '../formats/rpmdb/sqlite.ts'
import type { Ecosystem, Fix, PackageRecord } from './ecosystem.ts'
import { Problems } from './problems.ts'
import { rpmDistribution, suseLongTermFeed } from './rpm-distributions.ts'
import { packagesOfHeaders, packagesOfManifest, recordsOf } from './rpm-records.ts'
import { compareRpmVersions, isRpmVersion } from './versions/rpm.ts'
import { rpmBuildOf } from './versions/rpm-build.ts'

/** Content of another file of the same directory, by its name. */
type Beside = (fileName: string) => Uint8Array | null

interface Format {
  readonly fileName: string
  readonly read: (content: Uint8Array, beside: Beside, note: Note) => Generator<Blob>
}

/** The formats that rpm's database has had, the newest first. */
const formats: readonly Format[] = [
  {
    fileName: 'rpmdb.sqlite',
    read: (content, beside, note) => readSqlite(content, beside('rpmdb.sqlite-wal'), note),
  },
  { fileName: 'Packages.db', read: (content, _, note) => readNdb(content, note) },
  { fileName: 'Packages', read: (content, _, note) => readBerkeley(content, note) },
]

/** Everywhere since the beginning; where SUSE and Fedora have moved it; where images of rpm-ostree have it. */
const directories = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm']

/** What images of Azure Linux without a package manager have in place of the database. */
const manifest = 'var/lib/rpmmanifest/container-manifest-2'

/** Distributions of rpm packages. */
export const rpm: Ecosystem = {
  id: 'rpm',
  title: 'RPM packages',
  databases: [
    ...directories.flatMap(directory => formats.map(({ fileName }) => `${directory}/${fileName}`)),
    manifest,
  ],
  wants: path =>
    /(^|\/)(rpm\/(Packages|Packages\.db|rpmdb\.sqlite|rpmdb\.sqlite-wal)|rpmmanifest\/container-manifest-2)$/.test(
      path,
    ),
  packages: readDatabase,
  isVersion: isRpmVersion,
  compare: compareRpmVersions,
  advisoryFolders: [
    'AlmaLinux',
    'Azure Linux',
    'Mageia',
    'Red Hat',
    'Rocky Linux',
    'SUSE',
    'openEuler',
    'openSUSE',
  ],
  feeds: distro => rpmDistribution(distro)?.feeds(distro) ?? [],
  advisoryNames,
  thirdParty,
  paidFeed: suseLongTermFeed,
  buildOf: rpmBuildOf,
  category: distro => (distro === null ? 'RPM' : (rpmDistribution(distro)?.category ?? 'RPM')),
  fixCommand,
}

/**
 * AlmaLinux and Red Hat name binary packages. So do those lists of Rocky Linux that were made from its OVAL, while the
 * records that Rocky itself exports name the source.
 */
function advisoryNames(feed: string): 'source' | 'binary' | 'both' {
  if (feed.startsWith('Rocky Linux:')) return 'both'
  return /^(AlmaLinux|Red Hat):/.test(feed) ? 'binary' : 'source'
}

function* readDatabase(
  content: Uint8Array,
  path: string,
  beside: Beside = () => null,
): Generator<PackageRecord> {
  // What was emptied holds no packages, whatever it was before.
  if (content.length === 0) return
  const problems = new Problems()
  const note: Note = problem => problems.add(problem)
  const fileName = path.slice(path.lastIndexOf('/') + 1)
  const format = formats.find(one => one.fileName === fileName)
  if (format === undefined) yield* recordsOf(packagesOfManifest(content, note))
  else {
    const records = recordsOf(packagesOfHeaders(format.read(content, beside, note), note))
    const newer = newerThan(format, beside)
    if (newer === null) yield* records
    else if (records.some(one => !newer.packages.has(identityOf(one)))) {
      note(`${newer.fileName} beside it is taken in its place, and lacks packages that it has`)
    }
  }
  problems.throwIfAny(path)
}

/**
 * What a database of a newer format in the same directory has. rpm uses one; the older is what a conversion left
 * behind, and its packages would count twice. But which of them rpm uses is a setting, so what only the older one has
 * is worth a word. A newer one without packages supersedes nothing.
 */
function newerThan(
  format: Format,
  beside: Beside,
): { readonly fileName: string; readonly packages: ReadonlySet<string> } | null {
  for (const { fileName, read } of formats.slice(0, formats.indexOf(format))) {
    const content = beside(fileName)
    if (content === null) continue
    const silently: Note = () => undefined
    const records = recordsOf(packagesOfHeaders(read(content, beside, silently), silently))
    const packages = new Set(records.take(maxCompared).map(identityOf))
    if (packages.size > 0) return { fileName, packages }
  }
  return null
}

/** No system has more packages. Of a made-up one that has, the rest counts as lacking. */
const maxCompared = 250_000

/** A digest, so that what hostile names take is bounded. */
const identityOf = ({ name, version, arch }: PackageRecord): string =>
  hash('sha256', [name, version, arch].join('\0'), 'base64url')

/** By the Vendor tag. A package without one does not say, and is taken for the distribution's. */
function thirdParty({ vendor }: PackageRecord, distro: Distro): string | null {
  const own = rpmDistribution(distro)?.vendor ?? null
  return vendor === undefined || vendor === '' || own === null || own.test(vendor) ? null : vendor
}

/** Names come out of untrusted images and end in a command that people copy: only rpm's own alphabet gets there. */
const safeName = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/

function fixCommand({ packageNames, feed = '' }: Fix): string | null {
  if (packageNames.length === 0 || !packageNames.every(name => safeName.test(name))) return null
  return `${upgradeWith(feed)} ${packageNames.join(' ')}`
}

/** By the distribution's package manager. */
function upgradeWith(feed: string): string {
  if (/^(SUSE|openSUSE):/.test(feed)) return 'zypper --non-interactive update'
  if (feed.startsWith('Azure Linux:')) return 'tdnf upgrade -y'
  return /^Red Hat:enterprise_linux:[67]:/.test(feed) ? 'yum upgrade -y' : 'dnf upgrade -y'
}
