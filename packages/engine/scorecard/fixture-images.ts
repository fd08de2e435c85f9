import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { InstalledHere } from './expected-findings.ts'

/** A package database of a published image that lies beside the project, with what another reader read from it. */
export interface FixtureImage {
  readonly title: string
  readonly ecosystem: 'deb' | 'apk' | 'rpm'
  /** Of the database, below `../shared/fixtures`. */
  readonly database: string
  /** Of the list read from it; beside the database unless named. */
  readonly expected?: string
  /** Where the database belongs in the image. */
  readonly place: string
  /** Lines of os-release; or the file below `../shared/fixtures`. */
  readonly osRelease: readonly string[] | string
  /** Advisories to hold it against; null where the data has none of its release. */
  readonly feed: string | null
}

const sles = ['ID="sles"', 'VERSION_ID="15.5"', 'PRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"']
const besides = (folder: string, file: string) => ({
  database: `${folder}/${file}`,
  expected: `${folder}/expected.json`,
})

export const fixtureImages: readonly FixtureImage[] = [
  {
    title: 'Debian 12, minbase',
    ecosystem: 'deb',
    database: 'dpkg/rootfs-bookworm-minbase/var/lib/dpkg/status',
    expected: 'dpkg/rootfs-bookworm-minbase/expected.json',
    place: 'var/lib/dpkg/status',
    osRelease: 'dpkg/rootfs-bookworm-minbase/usr/lib/os-release',
    feed: 'Debian:12',
  },
  {
    title: 'Ubuntu 18.04',
    ecosystem: 'deb',
    database: 'dpkg/trivy__valid__var__lib__dpkg__status',
    place: 'var/lib/dpkg/status',
    osRelease: ['ID=ubuntu', 'VERSION_ID="18.04"', 'PRETTY_NAME="Ubuntu 18.04 LTS"'],
    feed: 'Ubuntu:18.04:LTS',
  },
  {
    title: 'Alpine 3.10',
    ecosystem: 'apk',
    database: 'apk/image-alpine-3.10/lib/apk/db/installed',
    place: 'lib/apk/db/installed',
    osRelease: 'apk/image-alpine-3.10/etc/os-release',
    feed: 'Alpine:v3.10',
  },
  {
    title: 'Amazon Linux 2023 (SQLite)',
    ecosystem: 'rpm',
    ...besides('rpmdb/amazonlinux2023-sqlite', 'rpmdb.sqlite'),
    place: 'var/lib/rpm/rpmdb.sqlite',
    osRelease: ['ID="amzn"', 'VERSION_ID="2023"', 'PRETTY_NAME="Amazon Linux 2023"'],
    feed: null,
  },
  {
    title: 'SLE 15 BCI (NDB)',
    ecosystem: 'rpm',
    ...besides('rpmdb/sle15-bci-ndb', 'Packages.db'),
    place: 'usr/lib/sysimage/rpm/Packages.db',
    osRelease: sles,
    feed: null,
  },
  {
    title: 'SLE 15 BCI (Berkeley DB)',
    ecosystem: 'rpm',
    ...besides('rpmdb/sle15-bci-bdb', 'Packages'),
    place: 'var/lib/rpm/Packages',
    osRelease: sles,
    feed: null,
  },
]

/** The image as a root file system, for as long as `use` runs. */
export async function withFixtureRoot<T>(
  fixtures: string,
  { database, place, osRelease }: FixtureImage,
  use: (root: string) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-fixture-'))
  try {
    mkdirSync(join(root, dirname(place)), { recursive: true })
    cpSync(join(fixtures, database), join(root, place))
    mkdirSync(join(root, 'etc'), { recursive: true })
    const text =
      typeof osRelease === 'string' ? readFileSync(join(fixtures, osRelease)) : `${osRelease.join('\n')}\n`
    writeFileSync(join(root, 'etc/os-release'), text)
    return await use(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

type Fields = Readonly<Record<string, string | number | null>>

/** What another reader read: dpkg-query, a line reader of apk's database, a reader of rpm's headers. */
export function expectedPackages(fixtures: string, image: FixtureImage): InstalledHere[] {
  const file = join(fixtures, image.expected ?? `${image.database}.expected.json`)
  if (!existsSync(file)) throw new Error(`${file} is not there`)
  const json = JSON.parse(readFileSync(file, 'utf8')) as Fields[] | { packages: Fields[] }
  const entries = Array.isArray(json) ? json : json.packages
  return entries.flatMap(entry => packageOf(image.ecosystem, entry) ?? [])
}

function packageOf(ecosystem: FixtureImage['ecosystem'], entry: Fields): InstalledHere | null {
  const field = (name: string): string => String(entry[name] ?? '')
  if (ecosystem === 'deb') {
    if (!field('status').startsWith('ii')) return null
    const [name, version] = [field('package'), field('version')]
    return { name, version, sourceName: field('source'), sourceVersion: field('source_version'), module: '' }
  }
  const name = field('name')
  if (ecosystem === 'apk') {
    const version = field('version')
    return { name, version, sourceName: field('origin'), sourceVersion: version, module: '' }
  }
  if (name === 'gpg-pubkey') return null
  const epoch = entry['epoch'] == null ? '' : `${entry['epoch']}:`
  const version = `${epoch}${field('version')}-${field('release')}`
  return {
    name,
    version,
    sourceName: field('sourcerpm'),
    sourceVersion: '',
    module: field('modularitylabel'),
  }
}
