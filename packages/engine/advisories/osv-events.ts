import { InvalidVersion } from '../ecosystems/ecosystem.ts'
import type { Interval } from './advisory.ts'

/** One event of an OSV range, in the order of the record. */
export interface RangeEvent {
  readonly kind: 'introduced' | 'fixed' | 'last_affected'
  readonly version: string
}

/**
 * Turns a range's events into intervals. The specification evaluates events in the order of their versions, not of
 * the record: `introduced` opens an interval unless one is open, `fixed` and `last_affected` close the open one.
 *
 * @param compare the ecosystem's order; null for an ecosystem without a comparator, whose events are taken in the
 *   order of the record, as are events with a version that has no place in the order.
 */
export function intervalsOf(
  events: readonly RangeEvent[],
  compare: ((a: string, b: string) => number) | null,
): Interval[] {
  const intervals: Interval[] = []
  let introduced: string | null = null
  for (const { kind, version } of compare === null ? events : inOrder(events, compare)) {
    if (kind === 'introduced') introduced ??= version
    else if (introduced !== null) {
      const [fixed, lastAffected] = kind === 'fixed' ? [version, null] : [null, version]
      intervals.push({ introduced, fixed, lastAffected })
      introduced = null
    }
  }
  if (introduced !== null) intervals.push({ introduced, fixed: null, lastAffected: null })
  return intervals
}

/** Of events at one version: what was fixed there ends first, and what was only affected there is opened first. */
const turn = { fixed: 0, introduced: 1, last_affected: 2 } as const

function inOrder(
  events: readonly RangeEvent[],
  compare: (a: string, b: string) => number,
): readonly RangeEvent[] {
  // Nearly every range: from the beginning, to at most one end.
  if (events.length <= 2 && events[0]?.kind === 'introduced' && events[0].version === '0') return events
  // "0" means the beginning, and some ecosystems know versions below that one.
  const isStart = ({ kind, version }: RangeEvent): number =>
    kind === 'introduced' && version === '0' ? 0 : 1
  try {
    return events.toSorted(
      (a, b) => isStart(a) - isStart(b) || compare(a.version, b.version) || turn[a.kind] - turn[b.kind],
    )
  } catch (error) {
    if (error instanceof InvalidVersion) return events
    throw error
  }
}
