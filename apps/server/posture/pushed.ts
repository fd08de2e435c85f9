import { sql } from 'drizzle-orm'

/**
 * The registry told when it was pushed. Otherwise `pushed_at` is when a listing found the image, which may have been
 * there for years. Columns of occurrence o and registry rg.
 */
export const pushTold = sql`(rg.kind = 'demonstration'
  or o.event_at is not null and (o.event_at = o.pushed_at or o.deleted_at is not null))`

/** The newest of a group's images, and whether its push was told of. */
export const lastPush = sql`max(o.pushed_at) as "lastPushedAt",
  coalesce(max(iif(${pushTold}, o.pushed_at, null)) = max(o.pushed_at), 0) as "lastPushTold"`
