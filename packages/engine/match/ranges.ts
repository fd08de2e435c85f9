import type { Explanation } from '@plimsoll/types'
import type { Advisory, Affected, Interval } from '../advisories/advisory.ts'
import { type Ecosystem, InvalidVersion } from '../ecosystems/ecosystem.ts'

/** What an advisory says of one installed version. */
export type Verdict =
  | { readonly kind: 'affected'; readonly explanations: readonly Explanation[] }
  | { readonly kind: 'not-affected' }
  /** A version could not be compared; `reason` says which. */
  | { readonly kind: 'undetermined'; readonly reason: string; readonly explanations: readonly Explanation[] }

/**
 * Whether a version is affected: when it stands in the record's `versions`, or inside one of its ranges. Every range
 * that holds it explains the match. What cannot be compared is undetermined unless something else already decides.
 */
export function judge(
  advisory: Advisory,
  affected: Affected,
  version: string,
  ecosystem: Ecosystem,
): Verdict {
  const holding: Interval[] = []
  const unclear: Interval[] = []
  let reason: string | null = null
  for (const interval of affected.intervals) {
    const where = placeIn(interval, version, ecosystem)
    if (where === 'inside') holding.push(interval)
    else if (where !== 'outside') {
      unclear.push(interval)
      reason ??= where.unclear
    }
  }
  const listed = affected.versions.includes(version)
  const explain = ({ introduced, fixed, lastAffected }: Interval): Explanation => ({
    advisoryId: advisory.id,
    feed: affected.feed,
    comparator: ecosystem.id,
    installed: version,
    introduced,
    fixed,
    lastAffected,
    listed,
  })
  if (holding.length > 0) return { kind: 'affected', explanations: holding.map(explain) }
  if (listed) return { kind: 'affected', explanations: [listedOnly(explain, affected, version, ecosystem)] }
  if (reason !== null) return { kind: 'undetermined', reason, explanations: unclear.map(explain) }
  return { kind: 'not-affected' }
}

/** In which order the bounds are asked: one that rules the version out for certain makes the others moot. */
function placeIn(
  interval: Interval,
  version: string,
  ecosystem: Ecosystem,
): 'inside' | 'outside' | { unclear: string } {
  const bounds = [
    // "0" is the beginning of time, not a version: Debian's 0~rc1 sorts before 0 and is affected all the same.
    () => interval.introduced === '0' || order(version, interval.introduced, ecosystem) >= 0,
    () => interval.fixed === null || order(version, interval.fixed, ecosystem) < 0,
    () => interval.lastAffected === null || order(version, interval.lastAffected, ecosystem) <= 0,
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

/** The ecosystem's order, among versions only: what it says of other texts is no ground for a verdict. */
function order(a: string, b: string, ecosystem: Ecosystem): number {
  for (const version of [a, b]) {
    if (!ecosystem.isVersion(version))
      throw new InvalidVersion(version, `the order of ${ecosystem.title} does not know it`)
  }
  return ecosystem.compare(a, b)
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
