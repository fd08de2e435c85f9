import { connectionCodeOf, type SourceError } from '@plimsoll/engine'
import type { ScanErrorCode } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/**
 * The table of imports as their queue. One server has the data folder to itself, so what runs when it starts is a dead
 * server's, and nothing has to be leased.
 */

/** After this many starts an import is given up: what kills the server each time must not do so for ever. */
const maxAttempts = 5

/** The world's passing errors: worth trying again later. */
const passing: ReadonlySet<ScanErrorCode> = new Set([
  'registry-unreachable',
  'registry-timeout',
  'registry-error',
  'registry-rate-limited',
])

export interface RunningImport {
  readonly id: number
  readonly source: string
  /** Credentials given for the source, sealed; null without any. */
  readonly sealed: string | null
  readonly registryId: string
  readonly repository: string
  readonly tag: string | null
  readonly platform: string | null
  readonly requestedBy: string
  readonly attempts: number
}

/**
 * Takes the oldest that may start, into a registry that none runs into. None into a registry that was removed.
 * @param ending those that were called off and have not let go yet: asked for again, they wait for that.
 */
export function nextImport(db: Db, now: Date, ending: readonly number[] = []): RunningImport | null {
  const row = prepared(
    db,
    `update image_import set state = 'running', attempts = attempts + 1, started_at = @at, bytes_done = 0,
       bytes_total = 0, bytes_spared = 0, error_code = null, error_message = null, error_hint = null
     where id = (
       select im.id from image_import im join registry rg on rg.id = im.registry_id and rg.removed_at is null
       where im.state = 'queued' and im.not_before <= @now
         and im.id not in (select value from json_each(@ending))
         and im.registry_id not in (select registry_id from image_import where state = 'running')
       order by im.id limit 1)
     returning id, source, source_credentials sealed, registry_id registryId, repository, tag, platform,
       requested_by requestedBy, attempts`,
  ).get({ at: now.toISOString(), now: now.getTime(), ending: JSON.stringify(ending) }) as
    | RunningImport
    | undefined
  return row ?? null
}

/** When the next that waits for another try may start, in milliseconds since the epoch; null when none waits. */
export const nextImportAt = (db: Db): number | null =>
  prepared(db, `select min(not_before) from image_import where state = 'queued' and not_before > 0`)
    .pluck()
    .get() as number | null

/** A clock that was ahead, and was put right, has nothing wait until that time comes. */
export const endLongWaits = (db: Db, now: Date): void =>
  void prepared(
    db,
    `update image_import set not_before = @latest where state = 'queued' and not_before > @latest`,
  ).run({ latest: now.getTime() + backOffMs(maxAttempts - 1) })

/** Gives an import back as if it had not been started: the server stops. */
export function putBack(db: Db, { id }: RunningImport): void {
  prepared(
    db,
    `update image_import set state = 'queued', not_before = 0, attempts = attempts - 1
     where id = ? and state = 'running'`,
  ).run(id)
}

const credentialsKeptMs = 7 * 24 * 60 * 60 * 1000
const endedKept = 1000

/** Credentials of what failed or was called off are kept for a week, for another try; of ended imports the newest. */
export function forgetOld(db: Db, now: Date): void {
  prepared(
    db,
    `update image_import set source_credentials = null
     where source_credentials is not null and finished_at < ?`,
  ).run(new Date(now.getTime() - credentialsKeptMs).toISOString())
  prepared(
    db,
    `delete from image_import where state in ('done', 'failed', 'cancelled')
       and id <= (select id from image_import order by id desc limit 1 offset ${endedKept})`,
  ).run()
}

/** What a dead server was at begins again; what ended a server each time is given up. */
export function putBackImports(db: Db): void {
  prepared(
    db,
    `update image_import set state = 'failed', finished_at = ?, error_code = 'internal', error_message = ?,
       error_hint = 'Import it again; if that fails too, report it.'
     where state = 'running' and attempts >= ?`,
  ).run(
    new Date().toISOString(),
    `The import was started ${maxAttempts} times and ended without a result each time.`,
    maxAttempts,
  )
  prepared(db, `update image_import set state = 'queued', not_before = 0 where state = 'running'`).run()
}

/** Ends an import without a result, or has it wait for another try when the error may pass. */
export function noteFailure(
  db: Db,
  { id, attempts }: RunningImport,
  failure: SourceError,
  now: Date,
): 'ended' | 'waits' {
  const { code, message, hint } = failure
  // An address that nothing is sent to stays one.
  const passes = passing.has(code) && connectionCodeOf(failure) !== 'address-refused'
  const again = passes && attempts < maxAttempts
  prepared(
    db,
    `update image_import set state = @state, not_before = @notBefore, finished_at = @finishedAt,
       error_code = @code, error_message = @message, error_hint = @hint
     where id = @id and state = 'running'`,
  ).run({
    id,
    state: again ? 'queued' : 'failed',
    notBefore: again ? now.getTime() + backOffMs(attempts) : 0,
    finishedAt: again ? null : now.toISOString(),
    code,
    message,
    hint,
  })
  return again ? 'waits' : 'ended'
}

/** 4, 16, 64, 256 seconds after the 1st, 2nd, 3rd and 4th try. */
const backOffMs = (attempts: number): number => 1000 * 4 ** attempts
