import { parseChallenges } from './challenge.ts'
import type { Connections } from './exchange.ts'
import { refusedAnonymous, refusedPassword, unauthorized } from './refused.ts'
import type { Timing } from './retry.ts'
import { askForToken, refreshAccess, type Token, type TokenServer, tokenServer } from './token.ts'

/** What a registry is asked with. */
export type Credentials = PasswordCredentials | BearerToken | RefreshToken | PasswordProvider

export interface PasswordCredentials {
  readonly username: string
  readonly password: string
}

/** A bearer token that is sent as it is. */
export interface BearerToken {
  readonly token: string
}

/** Exchanged for access tokens by OAuth 2 (https://distribution.github.io/distribution/spec/auth/oauth/), as ACR's are. */
export interface RefreshToken {
  readonly refreshToken: string
}

/** A password that somebody else gives out for a while, as Amazon ECR does; asked for again before it expires. */
export interface PasswordProvider {
  obtain(signal: AbortSignal): Promise<PasswordCredentials & { readonly expiresAtMs: number }>
}

/** What requests to one registry carry to be let in. */
export interface Authorization {
  /** The Authorization header for a scope such as `repository:team/app:pull`; null to ask without one. */
  header(scope: string, signal: AbortSignal): Promise<string | null>
  /**
   * Learns from a 401 how the registry wants to be asked. `sent` is the header that was refused.
   * @throws SourceError `unauthorized` when asking again would not help
   */
  challenged(scope: string, wwwAuthenticate: string | undefined, sent: string | null): void
}

/** Renewed this long before the end, for clocks that differ and requests under way. */
const renewBeforeMs = 10_000
/** Scopes that are remembered: a registry may have any number of repositories. The oldest costs another challenge. */
const maxScopes = 500

/**
 * Signs in to a registry: not at all, with basic authentication, or with tokens of the server that its challenge
 * names (https://distribution.github.io/distribution/spec/auth/token/). One token serves all requests of its scope
 * until shortly before it expires; requests that need one at the same time share the asking.
 */
export function authorization(
  registry: URL,
  credentials: Credentials | null,
  deps: { connections: Connections; timing: Timing },
): Authorization {
  if (credentials !== null && 'token' in credentials) return bearer(registry, credentials)
  const refreshToken = credentials !== null && 'refreshToken' in credentials ? credentials.refreshToken : null
  const password = passwordOf(credentials, deps.timing)
  let basicWanted = false
  const servers = new Map<string, TokenServer>()
  const tokens = new Map<string, Promise<Token>>()

  const tokenOf = async (scope: string, server: TokenServer, signal: AbortSignal): Promise<Token> => {
    for (let shared = tokens.get(scope); shared !== undefined; shared = tokens.get(scope)) {
      // Whoever asked may have failed for a reason of its own, such as being cancelled.
      const token = await shared.catch(() => null)
      if (token !== null && token.expiresAtMs - renewBeforeMs > deps.timing.now()) return token
      if (tokens.get(scope) === shared) tokens.delete(scope)
    }
    const asked =
      refreshToken === null
        ? password.header(signal).then(basic => askForToken(registry, server, basic, deps, signal))
        : refreshAccess(registry, server, refreshToken, deps, signal)
    remember(tokens, scope, asked)
    try {
      return await asked
    } catch (error) {
      if (tokens.get(scope) === asked) tokens.delete(scope)
      throw error
    }
  }

  return {
    async header(scope, signal) {
      const server = servers.get(scope)
      if (server !== undefined) return (await tokenOf(scope, server, signal)).header
      return basicWanted ? await password.header(signal) : null
    },
    challenged(scope, wwwAuthenticate, sent) {
      const challenges = parseChallenges(wwwAuthenticate ?? '')
      const bearer = challenges.find(
        challenge => challenge.scheme === 'bearer' && challenge.parameters.has('realm'),
      )
      if (bearer !== undefined) {
        remember(servers, scope, tokenServer(registry, bearer, scope))
        tokens.delete(scope)
        return
      }
      if (!challenges.some(challenge => challenge.scheme === 'basic')) {
        throw unauthorized(`${registry.origin} asks for a way of signing in that Plimsoll does not have.`)
      }
      if (!password.isThere) throw refusedAnonymous(registry)
      if (sent?.startsWith('Basic ')) {
        password.forget()
        throw refusedPassword(registry)
      }
      basicWanted = true
    },
  }
}

/** One token for everything; a registry that refuses it is not asked in another way. */
const bearer = (registry: URL, { token }: BearerToken): Authorization => ({
  header: () => Promise.resolve(`Bearer ${token}`),
  challenged() {
    throw refusedPassword(registry)
  },
})

/** The header of basic authentication, from a password that is there or one that is given out for a while. */
function passwordOf(
  credentials: Exclude<Credentials, BearerToken> | null,
  timing: Timing,
): {
  readonly isThere: boolean
  header(signal: AbortSignal): Promise<string | null>
  /** It was refused: the next one is asked for anew. */
  forget(): void
} {
  if (credentials === null || 'refreshToken' in credentials) {
    return { isThere: false, header: () => Promise.resolve(null), forget: () => undefined }
  }
  if (!('obtain' in credentials)) {
    const header = basicHeader(credentials)
    return { isThere: true, header: () => Promise.resolve(header), forget: () => undefined }
  }
  let given: Promise<PasswordCredentials & { readonly expiresAtMs: number }> | null = null
  return {
    isThere: true,
    async header(signal) {
      const known = await given?.catch(() => null)
      if (known != null && known.expiresAtMs - renewBeforeMs > timing.now()) return basicHeader(known)
      const asked = credentials.obtain(signal)
      given = asked
      return basicHeader(await asked)
    },
    forget() {
      given = null
    },
  }
}

const basicHeader = ({ username, password }: PasswordCredentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > maxScopes && oldest !== undefined) map.delete(oldest)
}
