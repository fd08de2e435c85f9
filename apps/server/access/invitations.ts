import type { Role } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { hashOfToken, newSecret } from './secrets.ts'

export interface InvitationLink {
  /** A link that makes one account; to be handed over by a private way. */
  readonly link: string
  readonly expiresAt: string
}

export interface InviteDeps {
  readonly db: Db
  readonly log: Logger
  readonly origin: string
  readonly viewer: { readonly name: string }
}

const dayMs = 24 * 60 * 60 * 1000
const validMs = 3 * dayMs

/** Makes a one-time link for a new account of this role, good for three days. */
export function invite({ role }: { role: Role }, { db, log, origin, viewer }: InviteDeps): InvitationLink {
  const made = newInvitation(db, { role, createdBy: viewer.name }, origin, new Date())
  log.info({ audit: 'user-invited', role, by: viewer.name }, 'a one-time link was made')
  return made
}

const setup = 'first start'

/** The link for the first admin: a new one at each start, as long as there is no user; older ones end with it. */
export function inviteFirstAdmin(db: Db, origin: string): InvitationLink {
  prepared(db, 'delete from invitation where created_by = ? and used_at is null').run(setup)
  return newInvitation(db, { role: 'Security Admin', createdBy: setup }, origin, new Date())
}

function newInvitation(
  db: Db,
  { role, createdBy }: { role: Role; createdBy: string },
  origin: string,
  now: Date,
): InvitationLink {
  const token = newSecret()
  const expiresAt = new Date(now.getTime() + validMs).toISOString()
  prepared(
    db,
    'insert into invitation (token_hash, role, created_by, created_at, expires_at) values (?, ?, ?, ?, ?)',
  ).run(hashOfToken(token), role, createdBy, now.toISOString(), expiresAt)
  return { link: `${origin}/sign-in?invitation=${token}`, expiresAt }
}

/**
 * Uses a one-time link up; of two who come with it at once, one gets it.
 * @returns the role it gives.
 * @throws Refusal when it was used, has expired or never was.
 */
export function useInvitation(db: Db, token: string, now: Date): Role {
  const role = prepared(
    db,
    'update invitation set used_at = @at where token_hash = @hash and used_at is null and expires_at > @at returning role',
  )
    .pluck()
    .get({ at: now.toISOString(), hash: hashOfToken(token) }) as Role | undefined
  if (role !== undefined) return role
  throw new Refusal('gone', 'This link was used already, or it has expired.', {
    hint: 'Ask a Security Admin for a new one. Before there is a first user, each start of the server prints one.',
  })
}

/** Makes a link good again whose account could not be made. */
export function giveBackInvitation(db: Db, token: string): void {
  prepared(db, 'update invitation set used_at = null where token_hash = ?').run(hashOfToken(token))
}
