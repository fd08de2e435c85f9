import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { isRescanned, pulledSince } from '../posture/upkeep.ts'
import { enqueue } from './queue.ts'

const checkEveryMs = 5 * 60_000
/** After a long sleep all of a fleet is due at once; so many are asked for in one look, the rest in the next. */
const atMost = 2000
/** So many images are looked at, and asked for, at once: however many there are, others get their turn soon. */
const windowSize = 200

/** A rescan that failed, or was called off, is asked for again so much later; because of its registry sooner. */
const afterFailureMs = 24 * 60 * 60_000
const afterTroubleMs = 60 * 60_000

/**
 * Asks for rescans of images whose result has the age that their plan allows, while they are used: pulled within the
 * last 30 days, or run by a cluster, as far as those triggers are set. A rescan matches what was read before; layers are
 * read again only where a newer reader knows more. Images in neither window keep their last result.
 * @returns how many scans that are new.
 */
export async function askForRescans(db: Db, now: Date, signal?: AbortSignal): Promise<number> {
  let asked = 0
  for (let after = 0; asked < atMost && signal?.aborted !== true; ) {
    const last = endOfWindow(db, after)
    if (last === null) break
    const due = dueImages(db, { after, last }, now)
    inTransaction(db, () => {
      for (const { repositoryId, digest } of due) {
        if (enqueue(db, { repositoryId, digest, trigger: 'rescan' }, now.toISOString()).isNew) asked += 1
      }
    })
    after = last
    await new Promise(resolve => setImmediate(resolve))
  }
  return asked
}

/** The last id of the images after that one that are looked at next; null when there are no more. */
const endOfWindow = (db: Db, after: number): number | null =>
  prepared(db, `select max(id) from (select id from occurrence where id > ? order by id limit ${windowSize})`)
    .pluck()
    .get(after) as number | null

function dueImages(
  db: Db,
  window: { readonly after: number; readonly last: number },
  now: Date,
): { repositoryId: number; digest: string }[] {
  return prepared(
    db,
    `select o.repository_id repositoryId, o.digest
     from occurrence o join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
       join subscription sub on sub.id = rg.subscription_id
     where o.id > @after and o.id <= @last and o.deleted_at is null and o.superseded_at is null
       and o.coverage_status in ('complete', 'partial') and rg.removed_at is null and ${isRescanned(pulledSince('@now'))}
       and max(coalesce(o.matched_at, ''), coalesce(o.scanned_at, ''))
         <= strftime('%Y-%m-%dT%H:%M:%fZ', @now, '-' || sub.rescan_every_days || ' days')
       and not exists (
         select 1 from scan s where s.repository_id = o.repository_id and s.digest = o.digest
           and (s.state in ('queued', 'running') or s.state in ('failed', 'cancelled') and s.finished_at >
             iif(s.error_code like 'registry-%' or s.error_code = 'unauthorized', @troubled, @failed)))
     order by o.id`,
  ).all({
    ...window,
    now: now.toISOString(),
    failed: new Date(now.getTime() - afterFailureMs).toISOString(),
    troubled: new Date(now.getTime() - afterTroubleMs).toISOString(),
  }) as { repositoryId: number; digest: string }[]
}

export interface RescanDeps {
  readonly db: Db
  readonly log: Logger
  readonly wakeRunner: () => void
  readonly now?: () => Date
}

/** Looks for what is due now and every few minutes, until it is stopped. */
export function startRescans({ db, log, wakeRunner, now = () => new Date() }: RescanDeps): {
  stop(): Promise<void>
} {
  const ending = new AbortController()
  let looking = Promise.resolve()
  const look = (): void => {
    looking = looking
      .then(async () => {
        const asked = await askForRescans(db, now(), ending.signal)
        if (asked === 0) return
        log.info({ images: asked }, 'in use, and to be rescanned')
        wakeRunner()
      })
      .catch((error: unknown) => {
        if (!ending.signal.aborted) log.error({ err: error }, 'rescans could not be asked for')
      })
  }
  look()
  const timer = setInterval(look, checkEveryMs)
  return {
    async stop() {
      ending.abort()
      clearInterval(timer)
      await looking
    },
  }
}
