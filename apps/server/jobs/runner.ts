import { randomUUID } from 'node:crypto'
import { SourceError } from '@plimsoll/engine'
import type { ScanProgress } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { deleteDigest } from '../intake/deletion.ts'
import { noteConnection } from '../registries/connection.ts'
import type { Sources } from '../registries/sources.ts'
import { scanSummary } from './list.ts'
import { putBack, putBackAbandoned } from './put-back.ts'
import {
  fail,
  type LeasedScan,
  LeaseLost,
  lease,
  leaseMs,
  nextStart,
  renew,
  type ScanFailure,
} from './queue.ts'
import { recordFailure } from './record.ts'
import { scanImage } from './scan-image.ts'

export interface RunnerDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly sources: Sources
  /** Called after a result that must be matched again was stored. */
  readonly rematch: () => void
}

/** Works off the queue until it is stopped. */
export interface Runner {
  /** There may be something to do. */
  wake(): void
  /** Aborts what runs and puts it back. Resolves when all of it has ended. */
  stop(): Promise<void>
}

const progressEveryMs = 250
/** After so many starts of what people wait for, the background has one. */
const startsInARow = 9

/** @param concurrency how many images are scanned at a time. */
export function startRunner(deps: RunnerDeps, concurrency: () => number = () => 2): Runner {
  const { db, log } = deps
  const owner = randomUUID()
  const running = new Map<Promise<void>, { leased: LeasedScan; control: AbortController }>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let sinceBackground = 0

  // One server has the data folder to itself (its lock), so at the start every lease is a dead server's.
  putBackAbandoned(db, new Date(), true)
  const watchdog = setInterval(() => {
    try {
      putBackAbandoned(db, new Date(), false)
    } catch (error) {
      log.error({ err: error }, 'the queue could not be looked after')
    }
    wake()
  }, leaseMs / 4)

  /** Never throws: what the database refuses now is tried again by the watchdog. */
  function wake(): void {
    try {
      startScans()
    } catch (error) {
      log.error({ err: error }, 'no scan could be started')
    }
  }

  function startScans(): void {
    clearTimeout(timer)
    const now = new Date()
    // Of what was called off meanwhile nothing is waited for any longer.
    for (const { leased, control } of running.values()) keepLease(deps, leased, control)
    const atOnce = concurrency()
    while (!stopped && running.size < atOnce) {
      const leased = lease(db, owner, now, sinceBackground >= startsInARow)
      if (leased === null) break
      sinceBackground = leased.lane === 0 ? sinceBackground + 1 : 0
      const control = new AbortController()
      const work = runScan(leased, deps, control, () => stopped)
        .catch((error: unknown) => log.error({ err: error, scan: leased.id }, 'a scan could not be ended'))
        .finally(() => {
          running.delete(work)
          wake()
        })
      running.set(work, { leased, control })
    }
    const next = nextStart(db, now)
    if (!stopped && next !== null && running.size < atOnce) {
      timer = setTimeout(wake, Math.min(Math.max(next - Date.now(), 0), leaseMs))
    }
  }

  wake()
  return {
    wake,
    async stop() {
      stopped = true
      clearTimeout(timer)
      clearInterval(watchdog)
      for (const { control } of running.values()) control.abort()
      await Promise.all(running.keys())
    },
  }
}

async function runScan(
  leased: LeasedScan,
  deps: RunnerDeps,
  control: AbortController,
  stopping: () => boolean,
): Promise<void> {
  const { db, events, log } = deps
  const started = Date.now()
  const { progress, flush } = progressOf(leased, deps)
  const heartbeat = setInterval(() => keepLease(deps, leased, control), leaseMs / 6)
  publishScan(deps, leased.id)
  try {
    const before = scanSummary(db, leased.id)
    const asked = await scanImage(leased, {
      ...deps,
      now: () => new Date(),
      progress,
      signal: control.signal,
    })
    // The scan of an index is not kept; whoever watched it is told that it ended.
    const after = scanSummary(db, leased.id)
    if (after !== null) events.publish({ type: 'scan', scan: after })
    else if (before !== null) events.publish({ type: 'scan', scan: { ...before, state: 'done' } })
    for (const id of asked) publishScan(deps, id)
    noteConnection(db, leased.repositoryId, null, events)
    deps.rematch()
    log.info({ scan: leased.id, digest: leased.digest, ms: Date.now() - started }, 'scanned')
  } catch (error) {
    flush()
    end(leased, error, deps, stopping())
    publishScan(deps, leased.id)
  } finally {
    clearInterval(heartbeat)
    flush()
  }
  events.publish({ type: 'changed', what: 'images' })
  events.publish({ type: 'changed', what: 'findings' })
  for (const what of ['billing', 'notices'] as const) events.publish({ type: 'changed', what })
}

function keepLease({ db, log }: RunnerDeps, leased: LeasedScan, control: AbortController): void {
  try {
    renew(db, leased, new Date())
  } catch (error) {
    if (error instanceof LeaseLost) control.abort(error)
    else log.error({ err: error, scan: leased.id }, 'a lease could not be renewed')
  }
}

/** What becomes of a scan that gave no result. */
function end(leased: LeasedScan, error: unknown, deps: RunnerDeps, stopping: boolean): void {
  const { db, log, events } = deps
  if (stopping) {
    putBack(db, leased)
    return
  }
  const failure = failureOf(error)
  const about = { scan: leased.id, digest: leased.digest, attempts: leased.attempts, ...failure }
  const now = new Date()
  try {
    if (error instanceof LeaseLost) throw error
    const outcome = fail(db, leased, failure, now)
    noteConnection(db, leased.repositoryId, failure, events)
    if (outcome === 'waits') {
      log.warn(about, 'a scan will be tried again')
      return
    }
  } catch (lost) {
    if (!(lost instanceof LeaseLost)) throw lost
    log.info(about, 'a scan was called off')
    return
  }
  log.warn({ ...about, ...(failure.code === 'internal' ? { err: error } : {}) }, 'a scan failed')
  recordFailure(db, leased, now.toISOString())
  // The registry was asked for this very digest and does not have it: whatever was found in it is not there any more.
  if (failure.code === 'image-not-found') {
    const { repositoryId, digest } = leased
    deleteDigest(db, { repositoryId, digest, eventAt: null, at: now.toISOString(), tagsStay: true })
  }
}

function failureOf(error: unknown): ScanFailure {
  if (error instanceof SourceError) return { code: error.code, message: error.message, hint: error.hint }
  return {
    code: 'internal',
    message: 'Something went wrong in the scan that is not the image’s fault.',
    hint: 'The log has the whole story.',
  }
}

function publishScan({ db, events }: Pick<RunnerDeps, 'db' | 'events'>, id: number): void {
  const scan = scanSummary(db, id)
  if (scan !== null) events.publish({ type: 'scan', scan })
}

/** Keeps a scan's row up to date, a few times a second and at every stage, and tells those who watch. */
function progressOf(
  leased: LeasedScan,
  deps: RunnerDeps,
): { progress: (progress: ScanProgress) => void; flush: () => void } {
  let latest: ScanProgress | null = null
  let stage: ScanProgress['stage'] | null = null
  let writtenAt = 0
  const flush = (): void => {
    if (latest === null) return
    prepared(
      deps.db,
      `update scan set stage = @stage, layers_done = @layersDone, layers_total = @layersTotal, bytes_done = @bytesDone,
         bytes_total = @bytesTotal, packages = @packages
       where id = @id and lease_owner = @owner and state = 'running'`,
    ).run({ ...latest, id: leased.id, owner: leased.owner })
    ;({ stage } = latest)
    latest = null
    writtenAt = Date.now()
    publishScan(deps, leased.id)
  }
  return {
    flush,
    progress(progress) {
      latest = progress
      if (progress.stage !== stage || Date.now() - writtenAt >= progressEveryMs) flush()
    },
  }
}
