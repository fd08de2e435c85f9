import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Role } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { peerHeader } from './auth.ts'
import { sameSecret } from './secrets.ts'
import { hasUsers } from './users.ts'

/**
 * The demonstration may be looked at without an account, as a reader or as an admin: only while there is no real user,
 * and only from this machine. With the first user it ends, for those who are at it too.
 */
export function mayViewAs(db: Db, request: IncomingMessage): boolean {
  return isFromThisMachine(request) && hasDemonstration(db) && !hasUsers(db)
}

export const hasDemonstration = (db: Db): boolean =>
  prepared(db, `select 1 from registry where kind = 'demonstration' limit 1`).get() !== undefined

/** A proxy on this machine would make everyone's requests look local; it says so in its headers, or is a trusted one. */
function isFromThisMachine({ headers }: IncomingMessage): boolean {
  const peer = String(headers[peerHeader] ?? '')
  const local = peer === '::1' || /^(::ffff:)?127\./.test(peer)
  return local && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined
}

const cookieName = 'plimsoll.view-as'
const names: Readonly<Record<string, Role>> = { reader: 'Security Reader', admin: 'Security Admin' }

/** The Set-Cookie header that makes this browser view as `role`. */
export function viewAsCookie(role: Role, { secret, secure }: { secret: string; secure: boolean }): string {
  const name = role === 'Security Admin' ? 'admin' : 'reader'
  return `${cookieName}=${name}.${signature(name, secret)}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
}

export const endViewAsCookie = `${cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`

/** The role this browser chose to view as, or null. */
export function viewedAs(request: IncomingMessage, secret: string): Role | null {
  const cookies = (request.headers.cookie ?? '').split(';').map(cookie => cookie.trim())
  const value = cookies.find(cookie => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)
  const [name = '', given = ''] = value?.split('.') ?? []
  return sameSecret(given, signature(name, secret)) ? (names[name] ?? null) : null
}

const signature = (name: string, secret: string): string =>
  createHmac('sha256', secret).update(`view as ${name}`).digest('base64url')
