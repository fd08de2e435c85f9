import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { isRescanned, pulledSince } from '../posture/upkeep.ts'
import { enqueue } from './queue.ts'

const checkEveryMs = 5 * 60_000
/** After a long sleep all of a fleet is due at once; so many are asked for in one look, the rest in the next. */
const atMost = 2000
/** A write transaction of this many scans stays well under 50 ms. */
const chunkSize = 200

/**
 * Asks for rescans of images whose result has the age that their plan allows, while they are used: pulled within the
 * last 30 days, or run by a cluster, as far as those triggers are set. A rescan matches what was read before; layers are
 * read again only where a newer reader knows more. Images in neither window keep their last result.
 * @returns how many scans that are new.
 */
export async function askForRescans(db: Db, now: Date, signal?: AbortSignal): Promise<number> {
  let asked = 0
  for (let after = 0; asked < atMost && signal?.aborted !== true; ) {
    const due = dueImages(db, after, now)
    inTransaction(db, () => {
      for (const { repositoryId, digest } of due) {
        if (enqueue(db, { repositoryId, digest, trigger: 'rescan' }, now.toISOString()).isNew) asked += 1
      }
    })
    if (due.length < chunkSize) break
    after = due.at(-1)?.id ?? after
    await new Promise(resolve => setImmediate(resolve))
  }
  return asked
}

interface DueImage {
  readonly id: number
  readonly repositoryId: number
  readonly digest: string
}

function dueImages(db: Db, after: number, now: Date): DueImage[] {
  return prepared(
    db,
    `select o.id, o.repository_id repositoryId, o.digest
     from occurrence o join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
       join subscription sub on sub.id = rg.subscription_id
     where o.id > @after and o.deleted_at is null and o.superseded_at is null
       and o.coverage_status in ('complete', 'partial') and rg.removed_at is null and ${isRescanned(pulledSince('@now'))}
       and max(coalesce(o.matched_at, ''), coalesce(o.scanned_at, ''))
         <= strftime('%Y-%m-%dT%H:%M:%fZ', @now, '-' || sub.rescan_every_days || ' days')
     order by o.id limit ${chunkSize}`,
  ).all({ after, now: now.toISOString() }) as DueImage[]
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
