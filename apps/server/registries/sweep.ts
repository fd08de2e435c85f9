import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'

/** Rows at a time: a few milliseconds of a write transaction, so that nobody waits for it. */
const chunk = 250

/**
 * What is stored of one registry, in an order in which nothing is left pointing at what is gone. What waits in the inbox
 * is left to the inbox, which counts it, and takes it in for nothing.
 */
const steps: readonly string[] = [
  `delete from finding where id in (
     select f.id from repository rp join occurrence o on o.repository_id = rp.id
       join finding f on f.occurrence_id = o.id
     where rp.registry_id = @registryId limit ${chunk})`,
  `delete from occurrence where id in (
     select o.id from repository rp join occurrence o on o.repository_id = rp.id
     where rp.registry_id = @registryId limit ${chunk})`,
  `delete from scan where id in (
     select s.id from repository rp join scan s on s.repository_id = rp.id
     where rp.registry_id = @registryId limit ${chunk})`,
  `delete from tag where rowid in (
     select t.rowid from repository rp join tag t on t.repository_id = rp.id
     where rp.registry_id = @registryId limit ${chunk})`,
  `delete from replaced where rowid in (
     select r.rowid from repository rp join replaced r on r.repository_id = rp.id
     where rp.registry_id = @registryId limit ${chunk})`,
  `delete from repository where id in (select id from repository where registry_id = @registryId limit ${chunk})`,
  `delete from webhook_event where rowid in (
     select rowid from webhook_event where registry_id = @registryId limit ${chunk})`,
  `delete from image_import where id in (
     select id from image_import where registry_id = @registryId limit ${chunk})`,
  `delete from registry where id = @registryId and removed_at is not null`,
]

/** Deletes what is stored of removed registries, until there is none or it is asked to stop. */
export async function sweepRemoved(db: Db, signal: AbortSignal): Promise<number> {
  let swept = 0
  for (;;) {
    const registryId = prepared(db, 'select id from registry where removed_at is not null limit 1')
      .pluck()
      .get() as string | undefined
    if (registryId === undefined || signal.aborted) return swept
    for (const step of steps) {
      while (!signal.aborted && deleteSome(db, step, registryId) === chunk) await turn()
    }
    swept++
  }
}

const deleteSome = (db: Db, step: string, registryId: string): number =>
  inTransaction(db, () => prepared(db, step).run({ registryId }).changes)

/** The sweeping in the background, from the start of a server to its end. */
export interface Sweeper {
  /** There is a registry to sweep. */
  wake(): void
  stop(): Promise<void>
}

/** Sweeps at once what an earlier server left. */
export function startSweeper({ db, log }: { db: Db; log: Logger }): Sweeper {
  const ending = new AbortController()
  let working = Promise.resolve()
  const wake = (): void => {
    working = working.then(async () => {
      try {
        const swept = await sweepRemoved(db, ending.signal)
        if (swept > 0) log.info({ registries: swept }, 'what was stored of removed registries is deleted')
      } catch (error) {
        log.error({ err: error }, 'what is stored of a removed registry could not be deleted')
      }
    })
  }
  wake()
  return {
    wake,
    async stop() {
      ending.abort()
      await working
    },
  }
}
