import type { Match } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Judged } from './judgements.ts'
import type { SourcePackage } from './subjects.ts'

/** What to upgrade, and to what. */
export type Fixing = Pick<Match, 'fixState' | 'fixedVersion'> & {
  /** The package that `fixedVersion` is a version of: the source, or a binary package with versions of its own. */
  readonly fixedName: string
}

/**
 * A fix is available when every record that counts has one: it is the highest of them, for with a lower one the
 * vulnerability would be found again. Where some have none, a vendor's paid channel may.
 */
export function fixOf(judged: readonly Judged[], source: SourcePackage, release: string): Fixing {
  const { ecosystem } = source
  const lead = leadOf(judged, source)
  const of = (versions: (one: Judged) => readonly (string | null)[]): string | null => {
    // Without one record's fix there is none; the versions of one package are comparable, those of several are not.
    if (judged.some(one => versions(one).includes(null))) return null
    return highest(judged.filter(({ subject }) => subject.name === lead.name).flatMap(versions), ecosystem)
  }
  const free = judged.some(one => one.paid) ? null : of(fixesOf)
  if (free !== null) return { fixState: 'available', fixedVersion: free, fixedName: lead.title }

  const paidFeed = ecosystem.paidFeed?.(release) ?? null
  const paid = paidFeed === null ? null : of(one => fixesInPaidChannel(one, paidFeed))
  if (paid !== null) return { fixState: 'needs-paid-channel', fixedVersion: paid, fixedName: lead.title }

  const notes = judged.flatMap(({ entries }) => entries.map(({ fixNote }) => fixNote))
  const fixState =
    notes.find(note => note === 'will-not-fix') ?? notes.find(note => note === 'deferred') ?? 'none'
  return { fixState, fixedVersion: null, fixedName: lead.title }
}

const fixesOf = ({ verdict }: Judged): readonly (string | null)[] =>
  verdict.explanations.map(({ fixed }) => fixed)

function fixesInPaidChannel(one: Judged, paidFeed: string): readonly (string | null)[] {
  const own = fixesOf(one)
  if (one.paid || !own.includes(null)) return own
  const { advisory, subject } = one
  const fixes = advisory.affected
    .filter(({ feed, name }) => feed === paidFeed && name === subject.name)
    .flatMap(({ intervals }) => intervals.map(({ fixed }) => fixed))
  return fixes.length > 0 ? fixes : [null]
}

/**
 * Which of several binary packages the fixed version is told of: the one that is named like the source, else one that
 * has the source's version, so that the sentence can name the source; else the first.
 */
function leadOf(judged: readonly Judged[], source: SourcePackage): { name: string; title: string } {
  const subjects = judged.map(({ subject }) => subject)
  const named = subjects.find(({ name }) => name === source.name)
  if (named !== undefined) return { name: named.name, title: source.name }
  const sameVersion = subjects.find(({ version }) => withoutEpoch(version) === withoutEpoch(source.version))
  if (sameVersion !== undefined) return { name: sameVersion.name, title: source.name }
  const name = subjects[0]?.name ?? source.name
  return { name, title: name }
}

/** The name of an rpm's source package, which its version is read from, says no epoch. */
const withoutEpoch = (version: string): string => version.replace(/^\d+:/, '')

/** The highest of some versions; null when there is none. */
function highest(versions: readonly (string | null)[], ecosystem: Ecosystem): string | null {
  const known = versions.filter(version => version !== null)
  const comparable = known.filter(version => ecosystem.isVersion(version))
  return comparable.toSorted((a, b) => ecosystem.compare(b, a))[0] ?? known[0] ?? null
}
