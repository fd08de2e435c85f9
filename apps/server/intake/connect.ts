import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { ensureRegistry, ensureSubscription } from './places.ts'

/**
 * Makes a registry known that is reached over HTTP. Its id is made of its host, so that it is the same at every start
 * and can stand in the registry's configuration.
 * @param url its origin.
 * @returns the id.
 */
export function connectRegistry(db: Db, url: string, at: string): string {
  return inTransaction(db, () => {
    const known = prepared(db, 'select id from registry where url = ?').pluck().get(url)
    if (known !== undefined) return known as string
    const { host } = new URL(url)
    const id = freeId(db, host)
    ensureSubscription(db, { id: 'default', name: 'Default' }, at)
    ensureRegistry(db, { id, subscriptionId: 'default', name: host, kind: 'distribution', url }, at)
    return id
  })
}

/** The registries that were connected, at this start or an earlier one. */
export const connectedRegistries = (db: Db): { id: string; url: string }[] =>
  prepared(
    db,
    `select id, url from registry where kind = 'distribution' and url is not null order by id`,
  ).all() as {
    id: string
    url: string
  }[]

/** `127.0.0.1:5000` becomes `127-0-0-1-5000`. */
function freeId(db: Db, host: string): string {
  const base = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  const taken = prepared(db, 'select 1 from registry where id = ?')
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`
    if (taken.get(id) === undefined) return id
  }
}
