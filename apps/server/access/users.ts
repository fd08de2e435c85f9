import type { UserSummary } from '@plimsoll/types'
import { asc } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { user } from '../db/schema.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'

export const hasUsers = (db: Db): boolean => prepared(db, 'select 1 from user limit 1').get() !== undefined

export const listUsers = (db: Db): UserSummary[] =>
  db
    .select()
    .from(user)
    .orderBy(asc(user.name), asc(user.id))
    .all()
    .map(({ id, name, email, role, createdAt }) => ({
      id,
      name,
      email,
      role,
      createdAt: createdAt.toISOString(),
    }))

/**
 * Removes a user; what they are signed in with ends at once.
 * @throws Refusal when there is no such user, or nobody would be left to manage users.
 */
export function removeUser(
  id: string,
  { db, log, viewer }: { db: Db; log: Logger; viewer: { name: string } },
): { removed: boolean } {
  inTransaction(db, () => {
    const known = prepared(db, 'select role from user where id = ?').get(id) as { role: string } | undefined
    if (known === undefined) throw new Refusal('not-found', 'There is no such user.')
    const otherAdmins = prepared(db, `select count(*) from user where role = 'Security Admin' and id <> ?`)
    if (known.role === 'Security Admin' && otherAdmins.pluck().get(id) === 0) {
      throw new Refusal('conflict', 'This is the last Security Admin, so it cannot be removed.', {
        hint: 'Invite another one first.',
      })
    }
    prepared(db, 'delete from user where id = ?').run(id)
  })
  log.info({ audit: 'user-removed', user: id, by: viewer.name }, 'a user was removed')
  return { removed: true }
}
