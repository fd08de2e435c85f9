import { parseChallenges } from './challenge.ts'
import { asPassword, type BearerToken, type Credentials, passwordOf } from './credentials.ts'
import type { Connections } from './exchange.ts'
import { refusedAnonymous, refusedPassword, refusedToken, unauthorized } from './refused.ts'
import { type Renewal, renewal } from './renewal.ts'
import type { Timing } from './retry.ts'
import { SourceError } from './source-error.ts'
import { askForToken, refreshAccess, type Token, type TokenServer, tokenServer } from './token.ts'

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
  const refresh = credentials !== null && 'refreshToken' in credentials ? credentials : null
  const password = passwordOf(
    credentials !== null && 'refreshToken' in credentials ? asPassword(credentials) : credentials,
    deps.timing,
  )
  let basicWanted = false
  const tokens = new Map<string, Renewal<Token>>()

  const askWithPassword = async (server: TokenServer, signal: AbortSignal): Promise<Token> => {
    const header = await password.header(signal)
    try {
      return await askForToken(registry, server, header, deps, signal)
    } catch (error) {
      const isRefused = error instanceof SourceError && error.code === 'unauthorized'
      if (!isRefused || header === null || !password.refused(header)) throw error
      return await askForToken(registry, server, await password.header(signal), deps, signal)
    }
  }

  return {
    async header(scope, signal) {
      const token = tokens.get(scope)
      if (token !== undefined) return (await token.current(signal)).header
      return basicWanted ? await password.header(signal) : null
    },
    challenged(scope, wwwAuthenticate, sent) {
      const challenges = parseChallenges(wwwAuthenticate ?? '')
      const bearer = challenges.find(
        challenge => challenge.scheme === 'bearer' && challenge.parameters.has('realm'),
      )
      if (bearer !== undefined) {
        const server = tokenServer(registry, bearer, scope)
        const ask = (signal: AbortSignal): Promise<Token> =>
          refresh === null
            ? askWithPassword(server, signal)
            : refreshAccess(registry, server, refresh.refreshToken, deps, signal)
        remember(tokens, scope, renewal(ask, deps.timing))
        return
      }
      if (!challenges.some(challenge => challenge.scheme === 'basic')) {
        throw unauthorized(`${registry.origin} asks for a way of signing in that Plimsoll does not have.`)
      }
      if (!password.isThere) throw refusedAnonymous(registry)
      if (sent?.startsWith('Basic ') && !password.refused(sent)) throw refusedPassword(registry)
      basicWanted = true
    },
  }
}

/** One token for everything; a registry that refuses it is not asked in another way. */
const bearer = (registry: URL, { token }: BearerToken): Authorization => ({
  header: () => Promise.resolve(`Bearer ${token}`),
  challenged() {
    throw refusedToken(registry)
  },
})

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > maxScopes && oldest !== undefined) map.delete(oldest)
}
