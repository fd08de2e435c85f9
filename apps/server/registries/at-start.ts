import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { ensureRegistry, ensureSubscription } from '../intake/places.ts'
import { noteCause } from '../posture/score-causes.ts'
import { otherOrigin } from './address.ts'
import { freeId } from './registry-id.ts'

/**
 * Makes the registry known that the start names, in the subscription `default`. Its id is the same at every start.
 * @param url its origin.
 * @returns the id.
 */
export function connectAtStart(db: Db, url: string, at: string): string {
  return inTransaction(db, () => {
    const known = prepared(db, 'select id from registry where url in (?, ?) and removed_at is null')
      .pluck()
      .get(url, otherOrigin(url))
    if (known !== undefined) return known as string
    const { host } = new URL(url)
    const id = freeId(db, host)
    ensureSubscription(db, { id: 'default', name: 'Default' }, at)
    ensureRegistry(db, { id, subscriptionId: 'default', name: host, kind: 'distribution', url }, at)
    noteCause(db, { at, kind: 'registry-connected', id, name: host, by: null })
    return id
  })
}

/** The registries that were connected, at this start or an earlier one. */
export const connectedRegistries = (db: Db): { id: string; url: string }[] =>
  prepared(
    db,
    `select id, url from registry
     where kind <> 'demonstration' and url is not null and removed_at is null order by id`,
  ).all() as { id: string; url: string }[]
