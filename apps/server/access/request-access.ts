import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AcceptInvitation, Role, Session } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { RequestAccess, Viewer } from '../api/context.ts'
import type { Db } from '../db/open.ts'
import { Refusal } from '../refusal.ts'
import type { Auth } from './auth.ts'
import { giveBackInvitation, useInvitation } from './invitations.ts'
import { hasUsers } from './users.ts'
import { endViewAsCookie, hasDemonstration, mayViewAs, viewAsCookie, viewedAs } from './view-as.ts'

export interface AccessDeps {
  readonly db: Db
  readonly auth: Auth
  readonly log: Logger
  /** Signs the cookie of "view as". */
  readonly secret: string
  /** Browsers speak https with this server, so that cookies are for that alone. */
  readonly secure: boolean
  readonly version: string
}

type SignedIn = NonNullable<Session['user']>

/** Who a request is from, and what it may do about that. */
export async function accessOf(
  request: IncomingMessage,
  response: ServerResponse,
  deps: AccessDeps,
): Promise<{ viewer: Viewer | null; access: RequestAccess }> {
  const { db, auth, log } = deps
  const whoNow = async () => (await signedIn(request, auth)) ?? viewingAs(request, deps)
  const user = await whoNow()
  const viewer =
    user === null ? null : { id: user.id === viewAsId ? null : user.id, name: user.name, role: user.role }
  const setCookie = (...cookies: string[]): void => {
    for (const cookie of cookies) response.appendHeader('set-cookie', cookie)
  }
  const sessionOf = (one: SignedIn | null): Session => ({
    user: one,
    viewAs: mayViewAs(db, request),
    setupNeeded: !hasUsers(db),
    demonstration: hasDemonstration(db),
    version: deps.version,
  })
  return {
    viewer,
    access: {
      session: () => sessionOf(user),
      viewAs(role) {
        if (!mayViewAs(db, request)) {
          throw new Refusal('forbidden', 'Only the demonstration can be viewed without signing in.')
        }
        setCookie(viewAsCookie(role, deps))
        log.info({ audit: 'viewing-as', role }, 'the demonstration is viewed')
        return sessionOf(viewAsUser(role))
      },
      async acceptInvitation(input) {
        const { user: made, cookies } = await accept(input, request, deps)
        setCookie(...cookies, endViewAsCookie)
        return sessionOf(made)
      },
      async signOut() {
        setCookie(...(await auth.signOut(request.headers)), endViewAsCookie)
        if (viewer !== null) log.info({ audit: 'signed-out', user: viewer.name }, 'a user signed out')
        return sessionOf(null)
      },
      async stillHolds() {
        const now = await whoNow()
        return now?.id === user?.id && now?.role === user?.role
      },
    },
  }
}

const signedIn = async ({ headers }: IncomingMessage, auth: Auth): Promise<SignedIn | null> =>
  headers.cookie === undefined ? null : await auth.userOf(headers)

const viewAsId = 'view-as'
const viewAsUser = (role: Role): SignedIn => ({ id: viewAsId, name: 'Demonstration', email: '', role })

function viewingAs(request: IncomingMessage, { db, secret }: AccessDeps): SignedIn | null {
  const role = viewedAs(request, secret)
  return role !== null && mayViewAs(db, request) ? viewAsUser(role) : null
}

/** Makes the account that a one-time link is for, and signs it in. @throws Refusal */
async function accept(
  { token, ...account }: AcceptInvitation,
  { headers }: IncomingMessage,
  { db, auth, log }: AccessDeps,
): Promise<{ user: SignedIn; cookies: string[] }> {
  const role = useInvitation(db, token, new Date())
  let user: SignedIn
  try {
    user = await auth.createUser(account, role)
  } catch (error) {
    giveBackInvitation(db, token)
    throw error
  }
  log.info({ audit: 'user-created', user: user.id, role }, 'a one-time link was used')
  return { user, cookies: await auth.signIn({ email: user.email, password: account.password }, headers) }
}
