import type { FindingEvent } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { endedKept } from '../jobs/queue.ts'

/** The scans of an image that gave a result, as far as they are kept. */
export interface KeptScans {
  /** When each ended, the first first. What it found was recorded at that moment. */
  readonly endedAt: readonly string[]
  /** Older ones may have been dropped. */
  readonly mayBeMore: boolean
}

export function scansOf(db: Db, occurrenceId: number): KeptScans {
  const scans = prepared(
    db,
    `select s.state, s.finished_at finishedAt from occurrence o
       join scan s on s.repository_id = o.repository_id and s.digest = o.digest
     where o.id = ? order by s.id`,
  ).all(occurrenceId) as { state: string; finishedAt: string | null }[]
  const endedAt = scans.flatMap(({ state, finishedAt }) => (state === 'done' ? (finishedAt ?? []) : []))
  return { endedAt: endedAt.toSorted(), mayBeMore: scans.length >= endedKept }
}

/**
 * The events with the scans that found it again. Of those between which nothing else happened one is told, with their
 * number, so that a hundred take no more room than two.
 */
export function withRescans(
  events: readonly FindingEvent[],
  { endedAt, mayBeMore }: KeptScans,
): FindingEvent[] {
  let open = false
  return events.flatMap((event, index): FindingEvent[] => {
    if (event.kind === 'first-seen' || event.kind === 'seen-again') open = true
    if (event.kind === 'closed') open = false
    if (!open) return [event]
    const next = events[index + 1]
    const since = endedAt.filter(at => at > event.at && isBefore(at, next))
    const [first, last] = [since[0], since.at(-1)]
    if (first === undefined || last === undefined) return [event]
    const atLeast = mayBeMore && first === endedAt[0]
    return [event, { kind: 'rescanned', at: first, lastAt: last, times: since.length, atLeast }]
  })
}

/** A scan that brought an event about found it again too, unless that was its end. */
const isBefore = (at: string, next: FindingEvent | undefined): boolean =>
  next === undefined || at < next.at || (at === next.at && next.kind !== 'closed')
