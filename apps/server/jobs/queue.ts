import type { ScanErrorCode, ScanTrigger } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

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

export interface LeasedScan {
  readonly id: number
  readonly owner: string
  readonly repositoryId: number
  readonly digest: string
  readonly trigger: ScanTrigger
  readonly attempts: number
}

/**
 * Asks for a scan. A digest that waits or is being scanned already is not asked for twice; if it waits for another try,
 * the wait is over, and if it waits behind what people wait for, it is one of those now. Within a transaction, or alone.
 * @returns the scan's id, and whether it is new.
 */
export function enqueue(
  db: Db,
  { repositoryId, digest, trigger }: { repositoryId: number; digest: string; trigger: ScanTrigger },
  at: string,
): { id: number; isNew: boolean } {
  const active = prepared(
    db,
    `update scan set not_before = 0,
       trigger = iif(state = 'queued' and @trigger in ('push', 'request') and trigger <> 'request', @trigger, trigger)
     where repository_id = @repositoryId and digest = @digest and state in ('queued', 'running') returning id`,
  )
    .pluck()
    .get({ repositoryId, digest, trigger }) as number | undefined
  if (active !== undefined) return { id: active, isNew: false }
  const { lastInsertRowid } = prepared(
    db,
    `insert into scan (repository_id, digest, trigger, state, queued_at) values (?, ?, ?, 'queued', ?)`,
  ).run(repositoryId, digest, trigger, at)
  return { id: Number(lastInsertRowid), isNew: true }
}

/**
 * Takes the next scan: what people wait for (a push, a request) before what is done in the background, and last what
 * has a result already.
 */
export function lease(db: Db, owner: string, now: Date): LeasedScan | null {
  const row = prepared(
    db,
    `update scan set state = 'running', stage = 'resolving', lease_owner = @owner, lease_until = @until,
       attempts = attempts + 1, started_at = @at, layers_done = 0, layers_total = 0, bytes_done = 0, bytes_total = 0,
       packages = null, error_code = null, error_message = null, error_hint = null
     where id = (
       select id from scan where state = 'queued' and not_before <= @now
       order by trigger in ('push', 'request') desc, trigger = 'reader-changed', id limit 1)
     returning id, lease_owner owner, repository_id repositoryId, digest, trigger, attempts`,
  ).get({ owner, now: now.getTime(), until: now.getTime() + leaseMs, at: now.toISOString() })
  return (row as LeasedScan | undefined) ?? null
}

/** Renews a lease. @throws LeaseLost */
export function renew(db: Db, { id, owner }: LeasedScan, now: Date): void {
  const { changes } = prepared(
    db,
    `update scan set lease_until = ? where id = ? and lease_owner = ? and state = 'running'`,
  ).run(now.getTime() + leaseMs, id, owner)
  if (changes !== 1) throw new LeaseLost()
}

/** Puts scans back whose worker is gone: all at the start (`everyone`), later those whose lease ran out. */
export function putBackAbandoned(db: Db, now: Date, everyone: boolean): void {
  const gone = `state = 'running' and (@everyone or lease_until < @now)`
  const values = { everyone: everyone ? 1 : 0, now: now.getTime() }
  prepared(
    db,
    `update scan set state = 'failed', finished_at = @at, lease_owner = null, lease_until = null,
       error_code = 'internal', error_message = @message, error_hint = 'Scan it again; if that fails too, report it.'
     where ${gone} and attempts >= @maxAttempts`,
  ).run({
    ...values,
    at: now.toISOString(),
    maxAttempts,
    message: `The scan was started ${maxAttempts} times and ended without a result each time.`,
  })
  prepared(
    db,
    `update scan set state = 'queued', stage = 'queued', not_before = 0, lease_owner = null, lease_until = null
     where ${gone}`,
  ).run(values)
}

/** Gives a scan back as if it had not been started: the server stops. */
export function putBack(db: Db, { id, owner }: LeasedScan): void {
  prepared(
    db,
    `update scan set state = 'queued', stage = 'queued', not_before = 0, lease_owner = null, lease_until = null,
       attempts = attempts - 1
     where id = ? and lease_owner = ? and state = 'running'`,
  ).run(id, owner)
}

export interface ScanFailure {
  readonly code: ScanErrorCode
  readonly message: string
  readonly hint: string | null
}

/** Calls off the scans of a digest, those that run too. */
export function cancel(db: Db, repositoryId: number, digest: string, message: string, at: string): void {
  prepared(
    db,
    `update scan set state = 'cancelled', finished_at = ?, lease_owner = null, lease_until = null,
       error_code = 'cancelled', error_message = ?, error_hint = null
     where repository_id = ? and digest = ? and state in ('queued', 'running')`,
  ).run(at, message, repositoryId, digest)
}

/**
 * Ends a scan without a result, or has it wait for another try when the error may pass.
 * @throws LeaseLost
 */
export function fail(
  db: Db,
  { id, owner, attempts }: LeasedScan,
  failure: ScanFailure,
  now: Date,
): 'ended' | 'waits' {
  const again = passing.has(failure.code) && attempts < maxAttempts
  const { changes } = prepared(
    db,
    `update scan set state = @state, stage = iif(@again, 'queued', stage), not_before = @notBefore,
       finished_at = @finishedAt, lease_owner = null, lease_until = null,
       error_code = @code, error_message = @message, error_hint = @hint
     where id = @id and lease_owner = @owner and state = 'running'`,
  ).run({
    id,
    owner,
    again: again ? 1 : 0,
    state: again ? 'queued' : 'failed',
    notBefore: again ? now.getTime() + backOffMs(attempts) : 0,
    finishedAt: again ? null : now.toISOString(),
    ...failure,
  })
  if (changes !== 1) throw new LeaseLost()
  return again ? 'waits' : 'ended'
}

/** Ends a scan with its result. Within the transaction that records it. @throws LeaseLost */
export function finish(db: Db, { id, owner }: LeasedScan, packages: number | null, at: string): void {
  const { changes } = prepared(
    db,
    `update scan set state = 'done', stage = 'done', layers_done = layers_total, bytes_done = bytes_total,
       packages = ?, finished_at = ?, lease_owner = null, lease_until = null,
       error_code = null, error_message = null, error_hint = null
     where id = ? and lease_owner = ? and state = 'running'`,
  ).run(packages, at, id, owner)
  if (changes !== 1) throw new LeaseLost()
}

/** When the next waiting scan may start, in milliseconds since the epoch; null when none waits. */
export const nextStart = (db: Db): number | null =>
  prepared(db, `select min(not_before) from scan where state = 'queued'`).pluck().get() as number | null

/** 4, 16, 64, 256 seconds after the 1st, 2nd, 3rd and 4th try. */
const backOffMs = (attempts: number): number => 1000 * 4 ** attempts
