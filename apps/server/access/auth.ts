import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AcceptInvitation, Role } from '@plimsoll/types'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { isAPIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import * as schema from '../db/schema.ts'
import { Refusal } from '../refusal.ts'

/** Set by the server on every request to the peer's address, whatever the request says. */
export const peerHeader = 'x-plimsoll-peer'

export interface AuthOptions {
  readonly db: Db
  readonly log: Logger
  readonly secret: string
  /** The addresses browsers may use, the first being the one that is printed. */
  readonly origins: readonly string[]
  /** The first of them is https: cookies go by that alone. */
  readonly secure: boolean
}

/** A local user as signed in. */
export interface LocalUser {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

/**
 * Local users with e-mail and password, by better-auth: hashing (scrypt), sessions, cookies and their checks are the
 * library's, and this file is all that knows it. Nobody signs up; accounts come from one-time links (invitations.ts).
 */
export interface Auth {
  /** Answers the requests of `authPaths`. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** Whom the request's cookie signs in, or null. */
  userOf(headers: IncomingHttpHeaders): Promise<LocalUser | null>
  /** Ends the session. @returns Set-Cookie headers. */
  signOut(headers: IncomingHttpHeaders): Promise<string[]>
  /** @returns Set-Cookie headers. @throws Refusal */
  signIn(account: { email: string; password: string }, headers: IncomingHttpHeaders): Promise<string[]>
  /** @throws Refusal when the address is taken. */
  createUser(account: Omit<AcceptInvitation, 'token'>, role: Role): Promise<LocalUser>
}

const daySeconds = 24 * 60 * 60

export function createAuth(options: AuthOptions): Auth {
  const auth = configure(options)
  const handle = toNodeHandler(auth)
  return {
    handler: (request, response) => handle(request, response),
    async userOf(headers) {
      const session = await auth.api.getSession({ headers: fromNodeHeaders(headers) })
      if (session === null) return null
      const { id, name, email, role } = session.user
      return { id, name, email, role: role as Role }
    },
    async signOut(headers) {
      const answer = await auth.api.signOut({ headers: fromNodeHeaders(headers), returnHeaders: true })
      return answer.headers.getSetCookie()
    },
    async signIn(body, headers) {
      try {
        const answer = await auth.api.signInEmail({
          body,
          headers: fromNodeHeaders(headers),
          returnHeaders: true,
        })
        return answer.headers.getSetCookie()
      } catch (error) {
        if (isAPIError(error)) throw new Refusal('unauthorized', error.message, { cause: error })
        throw error
      }
    },
    async createUser({ name, email, password }, role) {
      const { internalAdapter, password: passwords } = await auth.$context
      const address = email.toLowerCase()
      if ((await internalAdapter.findUserByEmail(address)) !== null) {
        throw new Refusal('conflict', 'There is a user with this e-mail address already.')
      }
      const hash = await passwords.hash(password)
      const { id } = await internalAdapter.createUser(
        { name, email: address, role },
        { method: 'email-password' },
      )
      try {
        await internalAdapter.linkAccount({
          userId: id,
          accountId: id,
          providerId: 'credential',
          password: hash,
        })
      } catch (error) {
        await internalAdapter.deleteUser(id)
        throw error
      }
      return { id, name, email: address, role }
    },
  }
}

function configure({ db, log, secret, origins, secure }: AuthOptions) {
  const [baseURL = ''] = origins
  return betterAuth({
    appName: 'Plimsoll',
    baseURL,
    basePath: '/api/auth',
    secret,
    trustedOrigins: [...origins],
    telemetry: { enabled: false },
    database: drizzleAdapter(db, { provider: 'sqlite', schema }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 256,
    },
    user: { additionalFields: { role: { type: 'string', input: false, required: true } } },
    session: { expiresIn: 7 * daySeconds, updateAge: daySeconds },
    // Ten tries a minute and address at the password; the rest is not expensive.
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
    advanced: {
      cookiePrefix: 'plimsoll',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict' },
      ipAddress: { ipAddressHeaders: [peerHeader] },
    },
    logger: {
      level: 'warn',
      log: (level, message) => log[level === 'debug' ? 'debug' : level]({ from: 'better-auth' }, message),
    },
    databaseHooks: {
      session: {
        create: {
          after: async ({ userId }) => {
            log.info({ audit: 'signed-in', user: userId }, 'a user signed in')
          },
        },
      },
    },
  })
}

/** The paths of the library that are let through; everything else under /api/auth is not there. */
export const authPaths: ReadonlySet<string> = new Set([
  'POST /api/auth/sign-in/email',
  'POST /api/auth/change-password',
])
