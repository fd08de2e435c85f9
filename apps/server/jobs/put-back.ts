import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { type LeasedScan, longestWaitMs, maxAttempts } from './queue.ts'

/** Scans that were started and wait again. */

/** Puts scans back whose worker is gone: all at the start (`everyone`), later those whose lease ran out. */
export function putBackAbandoned(db: Db, now: Date, everyone: boolean): void {
  // A clock that was ahead, and was put right, has nothing wait until that time comes.
  prepared(db, `update scan set not_before = @latest where state = 'queued' and not_before > @latest`).run({
    latest: now.getTime() + longestWaitMs,
  })
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
