import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { type Background, startRetrying } from './retrying.ts'

/** Rows at a time: a few milliseconds of a write transaction, so that nobody waits for it. */
const chunk = 250

/** Counts of the queue are of all registries, so these go first. */
const waiting = `delete from scan where id in (
  select id from scan indexed by scan_turn
  where state = 'queued' and lane in (0, 1, 2) and registry_id = @registryId limit ${chunk})`

/** Of one image thousands of rows may be stored, so rows are counted, not images. */
const findingsOf = `delete from finding where id in (
  select f.id from json_each(@occurrences) j join finding f on f.occurrence_id = j.value limit ${chunk})`
const occurrences = 'delete from occurrence where id in (select value from json_each(@occurrences))'

/**
 * What else is stored of one repository, and then of its registry, in an order in which nothing is left pointing at what
 * is gone. What waits in the inbox is left to the inbox, which counts it, and takes it in for nothing.
 */
const ofRepository: readonly string[] = [
  `delete from scan where id in (select id from scan where repository_id = @repositoryId limit ${chunk})`,
  `delete from tag where rowid in (select rowid from tag where repository_id = @repositoryId limit ${chunk})`,
  `delete from replaced where rowid in (
     select rowid from replaced where repository_id = @repositoryId limit ${chunk})`,
  'delete from repository where id = @repositoryId',
]
const ofRegistry: readonly string[] = [
  `delete from webhook_event where rowid in (
     select rowid from webhook_event where registry_id = @registryId limit ${chunk})`,
  `delete from image_import where id in (
     select id from image_import where registry_id = @registryId limit ${chunk})`,
  'delete from registry where id = @registryId and removed_at is not null',
]

/** Deletes what is stored of removed registries, until there is none or it is asked to stop. */
export async function sweepRemoved(db: Db, signal: AbortSignal): Promise<number> {
  for (let swept = 0; ; swept++) {
    const registryId = first(db, 'select id from registry where removed_at is not null limit 1', {})
    if (registryId === undefined || signal.aborted) return swept
    await deleteAll(db, waiting, { registryId }, signal)
    for (;;) {
      const repositoryId = first(db, 'select id from repository where registry_id = @registryId limit 1', {
        registryId,
      })
      if (repositoryId === undefined) break
      await turn()
      await sweepImages(db, repositoryId, signal)
      for (const step of ofRepository) await deleteAll(db, step, { repositoryId }, signal)
      if (signal.aborted) return swept
    }
    for (const step of ofRegistry) await deleteAll(db, step, { registryId }, signal)
    if (signal.aborted) return swept
  }
}

/** Some images after the other, so that those which are emptied already are not gone through again. */
async function sweepImages(db: Db, repositoryId: unknown, signal: AbortSignal): Promise<void> {
  const some = prepared(db, `select id from occurrence where repository_id = ? limit ${chunk}`).pluck()
  while (!signal.aborted) {
    const ids = some.all(repositoryId)
    if (ids.length === 0) return
    const those = { occurrences: JSON.stringify(ids) }
    await deleteAll(db, findingsOf, those, signal)
    if (!signal.aborted) deleteSome(db, occurrences, those)
    await turn()
  }
}

/** Again and again, until there is less than it deletes at a time. */
async function deleteAll(db: Db, step: string, of: object, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && deleteSome(db, step, of) === chunk) await turn()
}

const deleteSome = (db: Db, step: string, of: object): number =>
  inTransaction(db, () => prepared(db, step).run(of).changes)

const first = (db: Db, query: string, of: object): unknown => prepared(db, query).pluck().get(of)

/** The sweeping in the background, from the start of a server to its end: at once what an earlier one left. */
export const startSweeper = (
  { db, log }: { db: Db; log: Logger },
  options: { readonly retryMs?: number } = {},
): Background =>
  startRetrying(
    async signal => {
      const swept = await sweepRemoved(db, signal)
      if (swept > 0) log.info({ registries: swept }, 'what was stored of removed registries is deleted')
    },
    (error, inMs) =>
      log.error({ err: error, retryInMs: inMs }, 'what is stored of a removed registry could not be deleted'),
    options,
  )
