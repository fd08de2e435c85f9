import type { Distro } from '@plimsoll/types'
import data from './families.json' with { type: 'json' }

/** A release as the data file has it. Dates are days; one that is not known, or not set, is left out. */
interface ReleaseFacts {
  readonly codename?: string
  /** What it is called where that is not its number: "12 SP5". */
  readonly label?: string
  readonly lts?: boolean
  /** What else its `VERSION_ID` may be, as a regular expression. */
  readonly pattern?: string
  /** The last day of free security updates. */
  readonly endOfLifeOn?: string
  /** The last day of updates in the family's `extendedChannel`. */
  readonly extendedUntil?: string
}

/** The releases of one distribution, by the beginning of their `VERSION_ID`. */
interface Family {
  /** os-release's `ID`. */
  readonly id: string
  /** What `PRETTY_NAME` has to contain, where two share an id: CentOS Linux and CentOS Stream. */
  readonly named?: string
  readonly name: string
  /** It has no releases. */
  readonly rolling?: boolean
  /** Where the dates are from. */
  readonly source: string
  readonly extendedChannel?: string
  readonly releases: Readonly<Record<string, ReleaseFacts>>
}

export interface KnownRelease extends ReleaseFacts {
  /** As the data file has it: `12`, `22.04`, `edge`. */
  readonly version: string
  /** "Debian 12 (bookworm)", "Ubuntu 22.04 LTS". */
  readonly name: string
  readonly extendedChannel: string | null
}

const families = data as readonly Family[]
const releases = new Map(families.map(family => [family, releasesOf(family)]))
const byCodename = new Map(
  families.flatMap(family =>
    releasesOf(family).flatMap(one => (one.codename ? [[`${family.id} ${one.codename}`, one] as const] : [])),
  ),
)

/**
 * The release that an image says it is: the longest version that its `VERSION_ID` begins with (12 of 12.5), and where it
 * has none, as Debian's testing, the one of its codename. Null when it is not among those that are known.
 */
export function knownReleaseOf({ id, versionId, codename, prettyName }: Distro): KnownRelease | null {
  const family = families.find(one => one.id === id && prettyName.includes(one.named ?? ''))
  if (family === undefined) return null
  if (family.rolling) return { version: '', name: family.name, extendedChannel: null }
  const known = releases.get(family) ?? []
  if (versionId === '') return known.find(one => one.codename === codename && codename !== undefined) ?? null
  const byPattern = known.find(one => one.pattern !== undefined && new RegExp(one.pattern).test(versionId))
  return (
    byPattern ?? known.filter(one => beginsWith(versionId, one.version)).toSorted(longestFirst)[0] ?? null
  )
}

/** The release of a distribution that goes by this codename: `bookworm` of Debian. */
export const releaseByCodename = (id: string, codename: string): KnownRelease | null =>
  byCodename.get(`${id} ${codename}`) ?? null

function releasesOf(family: Family): KnownRelease[] {
  return Object.entries(family.releases).map(([version, facts]) => ({
    ...facts,
    version,
    name: nameOf(family, version, facts),
    extendedChannel: family.extendedChannel ?? null,
  }))
}

function nameOf({ id, name }: Family, version: string, { label, lts, codename }: ReleaseFacts): string {
  // Ubuntu's releases go by their number, Debian's by both.
  const suffix = lts ? ' LTS' : id === 'debian' && codename !== undefined ? ` (${codename})` : ''
  return `${name} ${label ?? version}${suffix}`
}

/** Whether what follows the beginning is another part of the version: 3.1 begins 3.1.4, and not 3.10. */
const beginsWith = (version: string, beginning: string): boolean =>
  version === beginning || (version.startsWith(beginning) && /^[._-]/.test(version.slice(beginning.length)))

const longestFirst = (a: KnownRelease, b: KnownRelease): number => b.version.length - a.version.length
