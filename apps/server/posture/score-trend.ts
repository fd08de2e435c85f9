import type { Scope, ScoreTrend } from '@plimsoll/types'
import { dayOf } from '../advisories/days.ts'
import type { Db } from '../db/open.ts'
import { listCauses } from './score-causes.ts'
import { pointOf, storedPoints, takeSnapshot } from './score-snapshot.ts'

/** Days that snapshots and causes are kept. */
export const keptDays = 366

/**
 * The last `days` days, today included, whose point is what holds at this moment. Days of which nothing was written are
 * not there.
 * @param today in UTC, `2024-03-29`.
 */
export function scoreTrend(
  db: Db,
  {
    days,
    today,
    scope,
  }: { readonly days: number; readonly today: string; readonly scope?: Scope | undefined },
): ScoreTrend {
  const since = daysBefore(today, days - 1)
  return {
    points: [...storedPoints(db, since, today, scope), pointOf(today, takeSnapshot(db, scope))],
    causes: listCauses(db, since, scope),
  }
}

/** @param day and what is returned: `2024-03-29`. */
export const daysBefore = (day: string, days: number): string =>
  dayOf(new Date(Date.parse(day) - days * 24 * 60 * 60_000))
