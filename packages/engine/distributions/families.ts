import type { Distro } from '@plimsoll/types'
import families from './families.json' with { type: 'json' }

/** A release as the data file has it. Dates are days; a date that is not known, or not set, is left out. */
export interface KnownRelease {
  /** What `VERSION_ID` begins with; empty for one that is never numbered: Debian's sid. */
  readonly version: string
  readonly codename?: string
  readonly name: string
  /** The last day of free security updates. */
  readonly endOfLifeOn?: string
  /** The last day of updates in the family's `extendedChannel`. */
  readonly extendedUntil?: string
}

/** The releases of one distribution. */
export interface Family {
  /** os-release's `ID`. */
  readonly id: string
  /** Where the dates are from. */
  readonly source: string
  /** The name of the paid channel that goes on after the end of life. */
  readonly extendedChannel?: string
  readonly releases: readonly KnownRelease[]
}

const familyById = new Map<string, Family>(families.map(family => [family.id, family as Family]))

/** The distribution's releases, or null when nothing is known of any. */
export const familyOf = (id: string): Family | null => familyById.get(id) ?? null

/**
 * The release that an image says it is: the longest version that its `VERSION_ID` begins with (`12` of 12.5), and where
 * it has none, as Debian's testing, the one of its codename. Null when it is not among those that are known.
 */
export function knownReleaseOf({ id, versionId, codename }: Distro): KnownRelease | null {
  const releases = familyOf(id)?.releases ?? []
  if (versionId === '')
    return releases.find(one => codename !== undefined && one.codename === codename) ?? null
  return releases.filter(one => beginsWith(versionId, one.version)).toSorted(longestFirst)[0] ?? null
}

/** Whether what follows the beginning is another part of the version: 3.1 begins 3.1.4, and not 3.10. */
const beginsWith = (version: string, beginning: string): boolean =>
  beginning !== '' && version.startsWith(beginning) && !/^[0-9A-Za-z]/.test(version.slice(beginning.length))

const longestFirst = (a: KnownRelease, b: KnownRelease): number => b.version.length - a.version.length
