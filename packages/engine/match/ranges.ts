import type { Explanation } from '@plimsoll/types'
import type { Advisory, Affected, Interval } from '../advisories/advisory.ts'
import { type Ecosystem, InvalidVersion } from '../ecosystems/ecosystem.ts'

/** What an advisory says of one installed version. */
export type Verdict =
  | { readonly kind: 'affected'; readonly explanations: readonly Explanation[] }
  | { readonly kind: 'not-affected' }
  /** A version could not be compared; `reason` says which. */
  | { readonly kind: 'undetermined'; readonly reason: string; readonly explanations: readonly Explanation[] }

/** How an installed version stands to another one: below (negative), equal or above. Throws InvalidVersion. */
export type CompareWith = (other: string) => number

/**
 * The ecosystem's order, among versions only: what it says of other texts is no ground for a verdict.
 *
 * An installed version can be long, and meets every advisory of its package: whether it is one is asked once.
 */
export function comparing(installed: string, ecosystem: Ecosystem): CompareWith {
  let isVersion: boolean | null = null
  const unknown = (version: string): InvalidVersion =>
    new InvalidVersion(version, `the order of ${ecosystem.title} does not know it`)
  return other => {
    isVersion ??= ecosystem.isVersion(installed)
    if (!isVersion) throw unknown(installed)
    if (!ecosystem.isVersion(other)) throw unknown(other)
    return ecosystem.compare(installed, other)
  }
}

/**
 * Whether a version is affected: when it stands in the record's `versions`, or inside one of its ranges. Every range
 * that holds it explains the match. What cannot be compared is undetermined unless something else already decides.
 */
export function judge(
  advisory: Advisory,
  affected: Affected,
  version: string,
  ecosystem: Ecosystem,
  compareWith: CompareWith = comparing(version, ecosystem),
): Verdict {
  const holding: Interval[] = []
  const unclear: Interval[] = []
  let reason: string | null = null
  for (const interval of affected.intervals) {
    const where = placeIn(interval, compareWith)
    if (where === 'inside') holding.push(interval)
    else if (where !== 'outside') {
      unclear.push(interval)
      reason ??= where.unclear
    }
  }
  const listed = affected.versions.includes(version)
  const explain = (interval: Interval): Explanation => ({
    ...explanationOf(advisory, affected, interval, version, ecosystem),
    listed,
  })
  if (holding.length > 0) return { kind: 'affected', explanations: holding.map(explain) }
  if (listed) return { kind: 'affected', explanations: [listedOnly(explain, affected, version, ecosystem)] }
  if (reason !== null) return { kind: 'undetermined', reason, explanations: unclear.map(explain) }
  return { kind: 'not-affected' }
}

/** What was compared: an interval of an advisory's, and an installed version. */
export const explanationOf = (
  advisory: Advisory,
  affected: Affected,
  { introduced, fixed, lastAffected }: Interval,
  version: string,
  ecosystem: Ecosystem,
): Explanation => ({
  advisoryId: advisory.id,
  feed: affected.feed,
  packageName: affected.name,
  module: affected.module,
  comparator: ecosystem.id,
  installed: version,
  introduced,
  fixed,
  lastAffected,
  listed: false,
})

/** In which order the bounds are asked: one that rules the version out for certain makes the others moot. */
function placeIn(interval: Interval, compareWith: CompareWith): 'inside' | 'outside' | { unclear: string } {
  // Fixed from the beginning: never affected. That is what Alpine means by a fix in 0.
  if (interval.introduced === '0' && interval.fixed === '0') return 'outside'
  const bounds = [
    // "0" is the beginning of time, not a version: Debian's 0~rc1 sorts before 0 and is affected all the same.
    () => interval.introduced === '0' || compareWith(interval.introduced) >= 0,
    () => interval.fixed === null || compareWith(interval.fixed) < 0,
    () => interval.lastAffected === null || compareWith(interval.lastAffected) <= 0,
  ]
  let unclear: string | null = null
  for (const holds of bounds) {
    try {
      if (!holds()) return 'outside'
    } catch (error) {
      if (!(error instanceof InvalidVersion)) throw error
      unclear ??= error.message
    }
  }
  return unclear === null ? 'inside' : { unclear }
}

/** A version that is listed and in no range: the nearest fixed version above it is the way out, where there is one. */
function listedOnly(
  explain: (interval: Interval) => Explanation,
  affected: Affected,
  version: string,
  ecosystem: Ecosystem,
): Explanation {
  const above = affected.intervals.flatMap(({ fixed }) =>
    fixed !== null && isAbove(fixed, version, ecosystem) ? [fixed] : [],
  )
  const fixed = above.toSorted((a, b) => ecosystem.compare(a, b))[0] ?? null
  return { ...explain({ introduced: '0', fixed, lastAffected: null }), introduced: null }
}

function isAbove(candidate: string, version: string, ecosystem: Ecosystem): boolean {
  return (
    ecosystem.isVersion(candidate) &&
    ecosystem.isVersion(version) &&
    ecosystem.compare(candidate, version) > 0
  )
}
