import type { Logger } from 'pino'
import { dayOf } from '../advisories/days.ts'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { RuleKeeper } from '../rules/keeper.ts'
import type { HeavyReads } from './heavy-reads.ts'
import { forgetCauses } from './score-causes.ts'
import { storeSnapshot } from './score-snapshot.ts'
import { daysBefore, keptDays } from './score-trend.ts'

/** A day's last snapshot is no older than this when the day ends. */
const everyMs = 10 * 60_000

export interface ScoreDays {
  /** Writes today's snapshot anew. @returns when it is written. */
  take(): Promise<void>
  stop(): Promise<void>
}

export interface ScoreDaysDeps {
  readonly db: Db
  readonly heavyReads: Pick<HeavyReads, 'scoreSnapshot'>
  readonly rules: Pick<RuleKeeper, 'upToDate'>
  readonly log: Logger
  readonly now?: () => Date
}

/**
 * Writes down how each subscription stands: now, and over it again and again while the day lasts. No timer says when a
 * day ends, for after a sleep it would be late; whatever is written goes to the day that it is.
 */
export function startScoreDays({
  db,
  heavyReads,
  rules,
  log,
  now = () => new Date(),
}: ScoreDaysDeps): ScoreDays {
  let stopped = false
  let taking: Promise<void> = Promise.resolve()

  const takeOne = async (): Promise<void> => {
    if (stopped) return
    await rules.upToDate()
    const day = dayOf(now())
    const snapshots = await heavyReads.scoreSnapshot()
    // What was read on one day and would be written on the next is the next day's to read.
    if (stopped || day !== dayOf(now())) return
    storeSnapshot(db, day, snapshots)
    forgetBefore(db, daysBefore(day, keptDays))
  }
  const take = async (): Promise<void> => {
    const before = taking
    const mine = before.catch(() => undefined).then(takeOne)
    taking = mine
    await mine
  }
  const takeBehind = (): void => {
    take().catch((error: unknown) => {
      if (!stopped) log.error({ err: error }, 'the score of the day was not written, and is tried again')
    })
  }
  takeBehind()
  const timer = setInterval(takeBehind, everyMs)
  return {
    take,
    async stop() {
      stopped = true
      clearInterval(timer)
      await taking.catch(() => undefined)
    },
  }
}

function forgetBefore(db: Db, day: string): void {
  inTransaction(db, () => {
    prepared(db, 'delete from score_snapshot where day < ?').run(day)
    forgetCauses(db, day)
  })
}
