import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'

/** @throws Refusal when there is no such registry, or it was removed. */
export function requireRegistry(db: Db, registryId: string): void {
  const known = prepared(db, 'select 1 from registry where id = ? and removed_at is null').get(registryId)
  if (known === undefined) throw new Refusal('not-found', `There is no registry ${registryId}.`)
}
