import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { readSetting, writeSetting } from '../settings/setting.ts'
import { judgeRule } from './judge.ts'
import { placeRules } from './place.ts'

/**
 * Has rules take effect, from the change of one to the last count, in short transactions: a server that is killed in
 * the middle goes on where it was. In each of them lists, counts and score agree, since which rules hold for an image
 * changes together with its counts.
 */
export interface RuleKeeper {
  /** What is to hold where has changed: a rule, or what is under which scope. @returns when it holds everywhere. */
  changed(): Promise<void>
  /** The same for those who need not wait for it. */
  wake(): void
  /**
   * Resolves at once, but when a rule has come to its end since: timers are late after a machine slept, and nobody is
   * to read what that rule disabled.
   */
  upToDate(): Promise<void>
  /** Whether something is being worked out. */
  isBusy(): boolean
  stop(): Promise<void>
}

export interface RuleKeeperDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly now?: () => Date
}

/** A transaction takes about as long; requests have their turn in between. */
const transactionMs = 12
const largestChunk = 500
/** Timers cannot be set for longer than 24 days, and are late after a sleep. */
const longestWaitMs = 60 * 60_000
const retryMs = 5000

/** Within the transaction that changes what is to hold where: a killed server takes it up again. */
export const notePlacesChanged = (db: Db): void => writeSetting(db, 'rulesToPlace', true)

/** Takes up what an earlier server left, and ends what came to its end meanwhile. */
export function startRuleKeeper({ db, events, log, now = () => new Date() }: RuleKeeperDeps): RuleKeeper {
  let stopped = false
  let working: Promise<void> | null = null
  let asked = 0
  let done = 0
  let nextEnd: string | null = null
  /** What has ended still holds for images that were not come to. */
  let endsHold = false
  let timer: NodeJS.Timeout | undefined

  const endIsDue = (): boolean => nextEnd !== null && nextEnd <= now().toISOString()
  const watchEnds = (): void => {
    clearTimeout(timer)
    nextEnd = prepared(db, 'select min(expires_at) from disable_rule where ended_at is null').pluck().get() as
      | string
      | null
    if (nextEnd === null || stopped) return
    const wait = Math.max(0, Date.parse(nextEnd) - now().getTime())
    timer = setTimeout(() => (endIsDue() ? workBehind() : watchEnds()), Math.min(wait, longestWaitMs)).unref()
  }
  /** Also takes up what is asked for meanwhile. */
  const work = async (): Promise<void> => {
    asked += 1
    const mine = asked
    while (done < mine && !stopped) {
      working ??= workAll().finally(() => {
        working = null
      })
      await working
    }
  }
  const workBehind = (): void => {
    work().catch((error: unknown) => {
      log.error({ err: error }, 'rules that were changed could not be applied, and are tried again')
      if (!stopped) setTimeout(workBehind, retryMs).unref()
    })
  }
  const workAll = async (): Promise<void> => {
    while (done < asked && !stopped) {
      const seen = asked
      await judgeNew()
      if (endExpired(db, log, now())) endsHold = true
      watchEnds()
      const images = await placeEverywhere()
      if (stopped) return
      endsHold = false
      if (seen === asked) writeSetting(db, 'rulesToPlace', false)
      await forgetEnded()
      done = seen
      events.publish({ type: 'changed', what: 'rules' })
      if (images > 0) events.publish({ type: 'changed', what: 'findings' })
    }
  }
  const judgeNew = async (): Promise<void> => {
    const unjudged = prepared(
      db,
      'select id from disable_rule where ended_at is null and not judged order by id',
    )
    for (const id of unjudged.pluck().all() as number[]) {
      await judgeRule(db, id, turn)
      if (stopped) return
      inTransaction(db, () => takeUp(db, id))
    }
  }
  /** Image by image; how many at a time is found out on the way, some have thousands of findings. */
  const placeEverywhere = async (): Promise<number> => {
    const next = prepared(db, 'select id from occurrence where id > ? order by id limit ?').pluck()
    let images = 0
    let size = 20
    for (let after = 0; !stopped; ) {
      const ids = next.all(after, Math.ceil(size)) as number[]
      if (ids.length === 0) break
      const begunAt = performance.now()
      images += inTransaction(db, () => placeRules(db, ids, now().toISOString())).length
      const took = performance.now() - begunAt
      size = Math.min(largestChunk, Math.max(1, size * Math.min(4, transactionMs / Math.max(took, 0.1))))
      after = ids.at(-1) ?? after
      await turn()
    }
    return images
  }
  /** Which matches a rule held for is of no use when it holds nowhere any more. */
  const forgetEnded = async (): Promise<void> => {
    const ended = prepared(
      db,
      `select distinct dm.rule_id from disable_rule dr join disable_rule_match dm on dm.rule_id = dr.id
       where dr.ended_at is not null
         and not exists (select 1 from rule_set_rule sr join occurrence o on o.rule_set_id = sr.set_id where sr.rule_id = dr.id)`,
    ).pluck()
    const forget = prepared(
      db,
      'delete from disable_rule_match where rule_id = @id and match_id in (select match_id from disable_rule_match where rule_id = @id limit 2000)',
    )
    for (const id of ended.all() as number[]) {
      while (!stopped && inTransaction(db, () => forget.run({ id }).changes) > 0) await turn()
    }
  }

  const left =
    readSetting(db, 'rulesToPlace') === true ||
    prepared(db, 'select 1 from disable_rule where ended_at is null and not judged limit 1').get() !==
      undefined
  // It may be what a rule's end left.
  endsHold = left
  watchEnds()
  if (left || endIsDue()) workBehind()
  return {
    changed: work,
    wake: workBehind,
    async upToDate() {
      if (endIsDue()) await work()
      else if (endsHold) await working
    },
    isBusy: () => working !== null,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}

/** From now on it holds, and what it was changed from does not. */
function takeUp(db: Db, id: number): void {
  prepared(db, 'update disable_rule set judged = 1 where id = ?').run(id)
  prepared(
    db,
    `update disable_rule set ended_at = n.saved_at, ended_by = n.saved_by, "end" = 'changed'
     from (select number, saved_at, saved_by from disable_rule where id = @id) n
     where disable_rule.number = n.number and disable_rule.id < @id and ended_at is null`,
  ).run({ id })
  notePlacesChanged(db)
}

/** @returns whether any did. */
function endExpired(db: Db, log: Logger, now: Date): boolean {
  const ended = inTransaction(db, () => {
    const rows = prepared(
      db,
      `update disable_rule set ended_at = expires_at, "end" = 'expired' where ended_at is null and expires_at <= ?
       returning number, name`,
    ).all(now.toISOString()) as { number: number; name: string }[]
    if (rows.length > 0) notePlacesChanged(db)
    return rows
  })
  for (const { number, name } of ended) {
    log.info({ audit: 'rule-expired', rule: String(number), name }, 'a disable rule came to its end')
  }
  return ended.length > 0
}

const turn = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(resolve)
  })
