import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'

/**
 * Two registries of one name could not be told apart in lists. Those that are called by their address have each their
 * own.
 * @param except the registry that may keep it.
 * @throws Refusal
 */
export function refuseTakenName(db: Db, name: string, except = ''): void {
  const known = prepared(db, 'select id from registry where name = ? and id <> ? and removed_at is null')
    .pluck()
    .get(name, except) as string | undefined
  if (known === undefined) return
  throw new Refusal('conflict', `Another registry is called ${name}: ${known}.`, {
    hint: 'Choose another name.',
  })
}
