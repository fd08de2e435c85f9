import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import type { RecountPlace } from '../db/schema/places.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { refreshPosture } from '../posture/refresh.ts'
import { type Background, startRetrying } from './retrying.ts'

/**
 * In another subscription other disable rules hold, so the counts of a registry's images are made anew when it moves. Of
 * many images that takes longer than a transaction may: what is left is noted with the registry, and done bit by bit.
 */

/** Of one transaction. An image that takes longer by itself is counted all the same. */
const budgetMs = 10
const images = 50

const start: RecountPlace = { repository: '', digest: '' }

/** Begins anew with a registry, and goes as far as one transaction lets it, which is mostly to the end. Within that. */
export function recountMoved(db: Db, registryId: string): void {
  recountSome(db, registryId, start)
}

/** Counts what is left of all registries, until there is none or it is asked to stop. @returns of how many. */
export async function recountLeft(db: Db, signal: AbortSignal): Promise<number> {
  const next = prepared(
    db,
    `select id, recount_from place from registry where recount_from is not null and removed_at is null limit 1`,
  )
  for (let ended = 0; ; await turn()) {
    if (signal.aborted) return ended
    const isDone = inTransaction(db, () => {
      const row = next.get() as { id: string; place: string } | undefined
      return row === undefined ? null : recountSome(db, row.id, JSON.parse(row.place) as RecountPlace)
    })
    if (isDone === null) return ended
    if (isDone) ended += 1
  }
}

/** @returns whether that was all. */
function recountSome(db: Db, registryId: string, from: RecountPlace): boolean {
  const begun = performance.now()
  let place: RecountPlace | null = from
  while (place !== null && (place === from || performance.now() - begun < budgetMs)) {
    place = recountAfter(db, registryId, place, () => performance.now() - begun < budgetMs)
  }
  prepared(db, 'update registry set recount_from = ? where id = ?').run(
    place === null ? null : JSON.stringify(place),
    registryId,
  )
  return place === null
}

/** Counts some images behind a place. @returns where it got to; null when there is nothing behind it. */
function recountAfter(
  db: Db,
  registryId: string,
  { repository, digest }: RecountPlace,
  hasTime: () => boolean,
): RecountPlace | null {
  const rows = prepared(
    db,
    `select o.id, o.digest from repository rp cross join occurrence o on o.repository_id = rp.id
     where rp.registry_id = ? and rp.name = ? and o.digest > ? order by o.digest limit ${images}`,
  ).all(registryId, repository, digest) as { id: number; digest: string }[]
  if (rows.length === 0) {
    const next = prepared(
      db,
      'select name from repository where registry_id = ? and name > ? order by name limit 1',
    ).pluck()
    const name = next.get(registryId, repository) as string | undefined
    return name === undefined ? null : { repository: name, digest: '' }
  }
  let last = digest
  for (const row of rows) {
    refreshPosture(db, [row.id])
    last = row.digest
    if (!hasTime()) break
  }
  return { repository, digest: last }
}

/** The counting in the background, from the start of a server to its end: at once what an earlier one left. */
export const startRecounter = (
  { db, events, log }: { db: Db; events: EventBus; log: Logger },
  options: { readonly retryMs?: number } = {},
): Background =>
  startRetrying(
    async signal => {
      const registries = await recountLeft(db, signal)
      if (registries === 0) return
      log.info({ registries }, 'the images of registries that moved are counted anew')
      for (const what of ['registries', 'images', 'findings'] as const)
        events.publish({ type: 'changed', what })
    },
    (error, inMs) =>
      log.error({ err: error, retryInMs: inMs }, 'the images of a registry that moved could not be counted'),
    options,
  )
