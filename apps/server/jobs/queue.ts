import type { ScanErrorCode, ScanTrigger } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'

/**
 * The scan table as a queue. A worker leases a scan for a while and renews the lease as long as it lives; a lease that
 * runs out puts the scan back. See docs/decisions/0001-the-scan-table-is-the-queue.md.
 */

/** After this many starts a scan is given up: what kills its worker each time must not do so for ever. */
export const maxAttempts = 5
export const leaseMs = 60_000

/** The world's passing errors: worth trying again later. */
const passing: ReadonlySet<ScanErrorCode> = new Set([
  'registry-unreachable',
  'registry-timeout',
  'registry-error',
  'registry-rate-limited',
])

/** The lease is another's by now, or the scan was called off: nothing of it may be recorded. */
export class LeaseLost extends Error {
  constructor() {
    super('the scan is no longer leased to this worker')
    this.name = 'LeaseLost'
  }
}

/**
 * 0: what somebody waits for, 1: background work, 2: what has a result already and is read again because readers tell
 * more now. People see the first two: `shownLane`. See docs/decisions/0009-two-lanes-and-turns.md.
 */
export type Lane = 0 | 1 | 2

/** The lane as people see it. */
export const shownLane = (lane: number): number => Math.min(lane, 1)

export interface LeasedScan {
  readonly id: number
  readonly owner: string
  readonly registryId: string
  readonly repositoryId: number
  readonly digest: string
  readonly trigger: ScanTrigger
  readonly lane: Lane
  readonly requestedBy: string | null
  readonly attempts: number
}

export interface ScanAsked {
  readonly repositoryId: number
  readonly digest: string
  readonly trigger: ScanTrigger
  /** Left out: that of its trigger. */
  readonly lane?: Lane
  /** The name of whoever asks for it. */
  readonly requestedBy?: string | null
}

const laneOf = (trigger: ScanTrigger): Lane => {
  if (trigger === 'reader-changed') return 2
  return trigger === 'push' || trigger === 'import' || trigger === 'request' ? 0 : 1
}

/** Of the scans of an image that ended so many of the newest are kept, so that one scanned for years takes no more room. */
export const endedKept = 20

/**
 * Asks for a scan. A digest that waits or is being scanned already is not asked for twice; if it waits for another try,
 * the wait is over, and if it waits behind what people wait for, it is one of those now. A request for what is being
 * scanned is kept in that scan's row: see `askAgain`. Within a transaction, or alone.
 * @returns the scan's id, and whether it is new.
 */
export function enqueue(
  db: Db,
  { repositoryId, digest, trigger, lane = laneOf(trigger), requestedBy = null }: ScanAsked,
  at: string,
): { id: number; isNew: boolean } {
  const active = prepared(
    db,
    `update scan set not_before = 0, requested_by = coalesce(@requestedBy, requested_by),
       lane = iif(state = 'queued' or @trigger = 'request', min(lane, @lane), lane),
       trigger = iif(trigger <> 'request' and (@trigger = 'request' or state = 'queued' and @trigger in ('push', 'import')),
         @trigger, trigger)
     where repository_id = @repositoryId and digest = @digest and state in ('queued', 'running') returning id`,
  )
    .pluck()
    .get({ repositoryId, digest, trigger, lane, requestedBy }) as number | undefined
  if (active !== undefined) return { id: active, isNew: false }
  prepared(
    db,
    `delete from scan where id in (
       select id from scan where repository_id = ? and digest = ? order by id desc limit 200 offset ${endedKept - 1})`,
  ).run(repositoryId, digest)
  const { lastInsertRowid } = prepared(
    db,
    `insert into scan (repository_id, registry_id, digest, trigger, lane, requested_by, state, queued_at)
     values (@repositoryId, (select registry_id from repository where id = @repositoryId), @digest, @trigger, @lane,
       @requestedBy, 'queued', @at)`,
  ).run({ repositoryId, digest, trigger, lane, requestedBy, at })
  return { id: Number(lastInsertRowid), isNew: true }
}

/**
 * Takes the next scan: what people wait for before what is done in the background, within that the registry whose turn
 * is longest ago, and of that its oldest. Nothing is taken of a registry that was removed, or whose plan is off.
 * @param backgroundFirst takes what is done in the background before what people wait for.
 */
export function lease(db: Db, owner: string, now: Date, backgroundFirst = false): LeasedScan | null {
  return inTransaction(db, () => {
    for (const lane of backgroundFirst ? [1, 2, 0] : [0, 1, 2]) {
      const id = nextOf(db, lane, now)
      if (id !== undefined) return start(db, id, owner, now)
    }
    return null
  })
}

/** One step in an index for each registry, however many scans wait. */
const nextOf = (db: Db, lane: number, now: Date): number | undefined =>
  prepared(
    db,
    `select (select s.id from scan s indexed by scan_turn
       where s.state = 'queued' and s.lane = @lane and s.registry_id = rg.id and s.not_before <= @now
       order by s.id limit 1) next
     from registry rg join subscription sub on sub.id = rg.subscription_id
     where rg.removed_at is null and sub.plan = 'on' and next is not null
     order by rg.last_turn_at, rg.id limit 1`,
  )
    .pluck()
    .get({ lane, now: now.getTime() }) as number | undefined

function start(db: Db, id: number, owner: string, now: Date): LeasedScan {
  const leased = prepared(
    db,
    `update scan set state = 'running', stage = 'resolving', lease_owner = @owner, lease_until = @until,
       attempts = attempts + 1, started_at = @at, layers_done = 0, layers_total = 0, bytes_done = 0, bytes_total = 0,
       packages = null, error_code = null, error_message = null, error_hint = null
     where id = @id
     returning id, lease_owner owner, registry_id registryId, repository_id repositoryId, digest, trigger, lane,
       requested_by requestedBy, attempts`,
  ).get({ id, owner, until: now.getTime() + leaseMs, at: now.toISOString() }) as LeasedScan
  // Later than every other, whatever the clock does: two turns within a millisecond are two turns.
  prepared(
    db,
    `update registry set last_turn_at = max(@now, 1 + (select max(last_turn_at) from registry)) where id = @registryId`,
  ).run({ now: now.getTime(), registryId: leased.registryId })
  return leased
}

/** Renews a lease. @throws LeaseLost */
export function renew(db: Db, { id, owner }: LeasedScan, now: Date): void {
  const { changes } = prepared(
    db,
    `update scan set lease_until = ? where id = ? and lease_owner = ? and state = 'running'`,
  ).run(now.getTime() + leaseMs, id, owner)
  if (changes !== 1) throw new LeaseLost()
}

export interface ScanFailure {
  readonly code: ScanErrorCode
  readonly message: string
  readonly hint: string | null
}

/**
 * Ends a scan without a result, or has it wait for another try when the error may pass.
 * @throws LeaseLost
 */
export function fail(db: Db, scan: LeasedScan, failure: ScanFailure, now: Date): 'ended' | 'waits' {
  const { id, owner, attempts } = scan
  const again = passing.has(failure.code) && attempts < maxAttempts
  const finishedAt = now.toISOString()
  inTransaction(db, () => {
    const row = prepared(
      db,
      `update scan set state = @state, stage = iif(@again, 'queued', stage), not_before = @notBefore,
         finished_at = @finishedAt, lease_owner = null, lease_until = null,
         error_code = @code, error_message = @message, error_hint = @hint
       where id = @id and lease_owner = @owner and state = 'running' returning ${asked}`,
    ).get({
      id,
      owner,
      again: again ? 1 : 0,
      state: again ? 'queued' : 'failed',
      notBefore: again ? now.getTime() + backOffMs(attempts) : 0,
      finishedAt: again ? null : finishedAt,
      ...failure,
    }) as Asked | undefined
    if (row === undefined) throw new LeaseLost()
    if (!again) askAgain(db, scan, row, finishedAt)
  })
  return again ? 'waits' : 'ended'
}

/** Ends a scan with its result. Within the transaction that records it. @throws LeaseLost */
export function finish(db: Db, scan: LeasedScan, packages: number | null, at: string): void {
  const row = prepared(
    db,
    `update scan set state = 'done', stage = 'done', layers_done = layers_total, bytes_done = bytes_total,
       packages = ?, finished_at = ?, lease_owner = null, lease_until = null,
       error_code = null, error_message = null, error_hint = null
     where id = ? and lease_owner = ? and state = 'running' returning ${asked}`,
  ).get(packages, at, scan.id, scan.owner) as Asked | undefined
  if (row === undefined) throw new LeaseLost()
  askAgain(db, scan, row, at)
}

type Asked = Pick<LeasedScan, 'trigger' | 'lane' | 'requestedBy'>
const asked = 'trigger, lane, requested_by requestedBy'

/**
 * Whoever asked for an image while it was scanned wants it read, which the scan that ends need not have done: another
 * follows, and this one is what it was when it began. Within a transaction.
 * @param row as the scan's row stands now.
 */
function askAgain(db: Db, scan: LeasedScan, row: Asked, at: string): void {
  if (row.trigger !== 'request' || scan.trigger === 'request') return
  const { id, repositoryId, digest, trigger, lane, requestedBy } = scan
  prepared(
    db,
    'update scan set trigger = @trigger, lane = @lane, requested_by = @requestedBy where id = @id',
  ).run({ id, trigger, lane, requestedBy })
  enqueue(db, { repositoryId, digest, ...row }, at)
}

/** When the next scan that waits for another try may start, in milliseconds since the epoch; null when none does. */
export const nextStart = (db: Db, now: Date): number | null =>
  prepared(db, `select min(not_before) from scan where state = 'queued' and not_before > ?`)
    .pluck()
    .get(now.getTime()) as number | null

/** 4, 16, 64, 256 seconds after the 1st, 2nd, 3rd and 4th try. */
const backOffMs = (attempts: number): number => 1000 * 4 ** attempts
export const longestWaitMs = backOffMs(maxAttempts - 1)
