import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'

/**
 * The registry told of its push: by an event about the image, or about a tag that leads to it by itself or through an
 * index. Otherwise `pushed_at` is when a listing found the image, which may have been there for years. Columns of
 * occurrence o and registry rg.
 */
export const pushTold = sql`(rg.kind = 'demonstration'
  or o.event_at is not null and (o.event_at = o.pushed_at or o.deleted_at is not null)
  or exists (select 1 from tag pt where pt.repository_id = o.repository_id and pt.digest = o.digest
    and pt.event_at is not null)
  or exists (select 1 from index_member pim cross join tag pt on pt.digest = pim.index_digest
    where pim.digest = o.digest and pt.repository_id = o.repository_id and pt.event_at is not null))`

/** The newest push of a group of images, for `lastPushes`: whether it was told of is asked of that one alone. */
export const newestPush = sql`max(o.pushed_at || ' ' || o.id) as "newestPush"`

export interface LastPush {
  readonly lastPushedAt: string | null
  /** Otherwise it is when the image was found. */
  readonly lastPushTold: boolean
}

export const neverPushed: LastPush = { lastPushedAt: null, lastPushTold: false }

/** What `newestPush` says of each group, in the same order. */
export function lastPushes(db: Db, newest: readonly (string | null)[]): LastPush[] {
  const pushes = newest.map(each => each?.split(' ') ?? [])
  const ids = JSON.stringify(pushes.flatMap(([, id]) => (id === undefined ? [] : [Number(id)])))
  const told = db.all<{ id: number }>(sql`
    select o.id from json_each(${ids}) j join occurrence o on o.id = j.value
      join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
    where ${pushTold}`)
  const toldIds = new Set(told.map(({ id }) => String(id)))
  return pushes.map(([at, id]) => ({
    lastPushedAt: at ?? null,
    lastPushTold: id !== undefined && toldIds.has(id),
  }))
}
