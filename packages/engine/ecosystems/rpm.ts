import type { Distro } from '@plimsoll/types'
import { readBerkeley } from '../formats/rpmdb/berkeley.ts'
import type { Blob, Note } from '../formats/rpmdb/blob.ts'
import { readRpmHeader, rpmTags } from '../formats/rpmdb/header.ts'
import { readNdb } from '../formats/rpmdb/ndb.ts'
import { readSqlite } from '../formats/rpmdb/sqlite.ts'
import type { Ecosystem, Fix, PackageRecord } from './ecosystem.ts'
import { named, Problems } from './problems.ts'
import { rpmDistribution, suseLongTermFeed } from './rpm-distributions.ts'
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
  advisoryNames: feed => (/^(AlmaLinux|Red Hat|Rocky Linux):/.test(feed) ? 'binary' : 'source'),
  thirdParty,
  paidFeed: suseLongTermFeed,
  buildOf: rpmBuildOf,
  category: distro => (distro === null ? 'RPM' : (rpmDistribution(distro)?.category ?? 'RPM')),
  fixCommand,
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
  if (format === undefined) yield* withSourceEpochs(readManifest(content, note))
  else if (!isSuperseded(format, beside)) {
    yield* withSourceEpochs(recordsOf(format.read(content, beside, note), note))
  }
  problems.throwIfAny(path)
}

/**
 * Whether the directory has a database of a newer format as well. rpm uses one; the older is what a conversion left
 * behind, and its packages would count twice. A newer one without packages supersedes nothing.
 */
function isSuperseded(format: Format, beside: Beside): boolean {
  return formats.slice(0, formats.indexOf(format)).some(newer => {
    const content = beside(newer.fileName)
    if (content === null) return false
    const { done } = newer.read(content, beside, () => undefined).next()
    return done !== true
  })
}

/** A package as its header or line has it. */
interface Installed {
  readonly name: string
  /** Digits, or null where it has none. */
  readonly epoch: string | null
  readonly versionRelease: string
  readonly arch: string
  readonly sourceRpm: string
  readonly module: string | null
  readonly vendor: string | null
}

function* recordsOf(blobs: Iterable<Blob>, note: Note): Generator<Installed> {
  for (const { bytes, place } of blobs) {
    const { values, problem } = readRpmHeader(bytes)
    const text = (tag: number): string => String(values.get(tag) ?? '')
    const name = text(rpmTags.name)
    // Keys that were imported, kept as if they were packages.
    if (name === 'gpg-pubkey') continue
    const where = name === '' ? `the package of ${place}` : `${named(name)} of ${place}`
    if (problem !== null) note(`${where}: ${problem}`)
    const [version, release] = [text(rpmTags.version), text(rpmTags.release)]
    if (name === '' || version === '' || release === '') {
      if (problem === null) note(`${where} has no ${name === '' ? 'name' : 'version'}`)
      continue
    }
    yield {
      name,
      epoch: text(rpmTags.epoch) || null,
      versionRelease: `${version}-${release}`,
      arch: text(rpmTags.arch),
      sourceRpm: text(rpmTags.sourceRpm),
      module: moduleOf(text(rpmTags.modularityLabel)),
      vendor: text(rpmTags.vendor) || null,
    }
  }
}

/** MODULARITYLABEL is `name:stream:version:context`; a stream is what a module's packages are built and fixed in. */
function moduleOf(label: string): string | null {
  return /^[^:]+:[^:]+/.exec(label)?.[0] ?? null
}

/**
 * Lines of `rpm -qa`, as the makers of the image asked for them: name, version and release, install and build time,
 * vendor, epoch, size, architecture, epoch as a number, source rpm.
 */
function* readManifest(content: Uint8Array, note: Note): Generator<Installed> {
  const text = new TextDecoder().decode(content)
  let lineNumber = 0
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const line = text.slice(start, end).trimEnd()
    start = end + 1
    lineNumber += 1
    if (line === '') continue
    const fields = line.split('\t', 11).map(field => (field === '(none)' ? '' : field))
    const [name = '', versionRelease = '', , , vendor = '', epoch = '', , arch = '', , sourceRpm = ''] =
      fields
    if (name === 'gpg-pubkey') continue
    const isPackage = fields.length === 10 && name !== '' && versionRelease !== '' && /^\d*$/.test(epoch)
    if (!isPackage) {
      note(`line ${lineNumber} is no package`)
      continue
    }
    yield {
      name,
      epoch: epoch || null,
      versionRelease,
      arch,
      sourceRpm,
      module: null,
      vendor: vendor || null,
    }
  }
}

/** How much is held back to look for a source's epoch; of a real database it is all. */
const maxHeld = 50_000
const maxHeldCharacters = 4e6

/**
 * Records with the version of their source. A source rpm's file name has no epoch. The one that a package of the same
 * version and release has is the source's, for packages take it from there; and it is the source's as well for those
 * packages of the same source that have versions of their own (perl-4:5.26.3 brings perl-Errno-0:1.28).
 */
function* withSourceEpochs(packages: Iterable<Installed>): Generator<PackageRecord> {
  let held: Installed[] = []
  let characters = 0
  for (const one of packages) {
    held.push(one)
    characters +=
      one.name.length + one.versionRelease.length + one.sourceRpm.length + (one.vendor?.length ?? 0)
    if (held.length < maxHeld && characters < maxHeldCharacters) continue
    yield* recordsWithSource(held)
    held = []
    characters = 0
  }
  yield* recordsWithSource(held)
}

function* recordsWithSource(packages: readonly Installed[]): Generator<PackageRecord> {
  const epochs = new Map<string, string>()
  for (const { sourceRpm, versionRelease, epoch } of packages) {
    if (epoch !== null && sourceOf(sourceRpm)?.versionRelease === versionRelease) epochs.set(sourceRpm, epoch)
  }
  for (const one of packages) {
    const version = withEpoch(one.epoch, one.versionRelease)
    const source = sourceOf(one.sourceRpm)
    yield {
      name: one.name,
      version,
      sourceName: source?.name ?? one.name,
      sourceVersion:
        source === null ? version : withEpoch(epochs.get(one.sourceRpm) ?? null, source.versionRelease),
      arch: one.arch,
      ...(one.module === null ? {} : { module: one.module }),
      ...(one.vendor === null ? {} : { vendor: one.vendor }),
    }
  }
}

const withEpoch = (epoch: string | null, versionRelease: string): string =>
  epoch === null ? versionRelease : `${epoch}:${versionRelease}`

/** `bash-4.4-19.6.1.src.rpm`; `nosrc` where the sources may not be given on. */
function sourceOf(sourceRpm: string): { name: string; versionRelease: string } | null {
  const [, name, versionRelease] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm) ?? []
  return name === undefined || versionRelease === undefined ? null : { name, versionRelease }
}

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
