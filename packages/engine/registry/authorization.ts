import { z } from 'zod'
import { type Challenge, parseChallenges } from './challenge.ts'
import { type Connections, type Response, readCapped } from './exchange.ts'
import { isLoopbackHost } from './loopback.ts'
import { exchangeFollowing, strangersRequest } from './redirects.ts'
import { credentialsHint } from './registry-url.ts'
import type { Timing } from './retry.ts'
import { SourceError } from './source-error.ts'
import { statusFailure } from './status-failure.ts'
import { userAgent } from './user-agent.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
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

/** A bearer challenge that was read and found sound. */
interface TokenServer {
  readonly realm: URL
  readonly service: string | null
  readonly scope: string
}

interface Token {
  readonly header: string
  readonly expiresAtMs: number
}

const maxTokenBytes = 1024 * 1024
/** Of the token specification: what a token lasts when its answer does not say. */
const defaultLifetimeS = 60
/** Renewed this long before the end, for clocks that differ and requests under way. */
const renewBeforeMs = 10_000
/** A token that would last for ever still is renewed now and then. */
const maxLifetimeS = 24 * 60 * 60

const tokenSchema = z.object({
  token: z.string().nullish(),
  access_token: z.string().nullish(),
  expires_in: z.number().nullish(),
})

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
  const basic = credentials === null ? null : basicHeader(credentials)
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
    const asked = askForToken(registry, server, basic, deps, signal)
    tokens.set(scope, asked)
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
      return basicWanted ? basic : null
    },
    challenged(scope, wwwAuthenticate, sent) {
      const challenges = parseChallenges(wwwAuthenticate ?? '')
      const bearer = challenges.find(
        challenge => challenge.scheme === 'bearer' && challenge.parameters.has('realm'),
      )
      if (bearer !== undefined) {
        servers.set(scope, tokenServer(registry, bearer, scope))
        tokens.delete(scope)
        return
      }
      if (!challenges.some(challenge => challenge.scheme === 'basic')) {
        throw unauthorized(`${registry.origin} asks for a way of signing in that Plimsoll does not have.`)
      }
      if (basic === null) throw refusedAnonymous(registry)
      if (sent === basic) throw refusedPassword(registry)
      basicWanted = true
    },
  }
}

function tokenServer(registry: URL, challenge: Challenge, scope: string): TokenServer {
  const realm = challenge.parameters.get('realm') ?? ''
  const url = URL.canParse(realm) ? new URL(realm) : null
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw new SourceError(
      'registry-error',
      `${registry.origin} names a token server that is not an http or https address.`,
    )
  }
  return {
    realm: url,
    service: challenge.parameters.get('service') ?? null,
    scope: readOnly(challenge.parameters.get('scope')) ?? scope,
  }
}

/**
 * The scope that a challenge asks for, without anything but reading in it: a registry may spell a repository in its
 * own way, and may not have us fetch a token with which it could push somewhere else. Null when nothing is left.
 */
function readOnly(scope: string | undefined): string | null {
  const kept = (scope ?? '').split(' ').flatMap(part => {
    const [, resource, actions] = /^(repository(?:\([a-z]+\))?:[\w./:-]{1,400}):([a-z*,]+)$/.exec(part) ?? []
    if (resource !== undefined) return actions?.split(',').includes('pull') ? [`${resource}:pull`] : []
    return part === catalogScope ? [part] : []
  })
  return kept.length === 0 ? null : kept.slice(0, 4).join(' ')
}

export const catalogScope = 'registry:catalog:*'
export const pullScope = (repository: string): string => `repository:${repository}:pull`

async function askForToken(
  registry: URL,
  server: TokenServer,
  basic: string | null,
  deps: { connections: Connections; timing: Timing },
  signal: AbortSignal,
): Promise<Token> {
  const url = new URL(server.realm)
  if (server.service !== null) url.searchParams.set('service', server.service)
  for (const scope of server.scope.split(' ').filter(Boolean)) url.searchParams.append('scope', scope)
  if (basic !== null && !mayCarryPassword(server.realm, registry)) {
    throw unauthorized(
      `${registry.origin} wants the password sent to ${server.realm.origin} unencrypted, which is refused.`,
      'Have the registry name its token server with https.',
    )
  }
  const request = {
    method: 'GET' as const,
    url,
    headers: {
      'user-agent': userAgent,
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...(basic === null ? {} : { authorization: basic }),
    },
  }
  const askedAtMs = deps.timing.now()
  const response = await exchangeFollowing(strangersRequest(request, registry), deps.connections, signal)
  if (response.status === 401 || response.status === 403) {
    response.discard()
    throw basic === null ? refusedAnonymous(registry) : refusedPassword(registry)
  }
  if (response.status === 404) {
    response.discard()
    throw new SourceError(
      'registry-error',
      `The token server that ${registry.origin} names is not at ${url.origin}.`,
    )
  }
  if (response.status !== 200) {
    throw await statusFailure(response, `The token server ${url.origin}`, deps.timing.now())
  }
  return await readToken(response, url, askedAtMs)
}

/** Encrypted, or to this machine, or to the very host that the user chose to speak plain HTTP with. */
function mayCarryPassword(realm: URL, registry: URL): boolean {
  if (realm.protocol === 'https:' || isLoopbackHost(realm.hostname)) return true
  return registry.protocol === 'http:' && realm.hostname === registry.hostname
}

async function readToken(response: Response, url: URL, askedAtMs: number): Promise<Token> {
  const bytes = await readCapped(response, maxTokenBytes, `The answer of the token server ${url.origin}`)
  const answer = tokenSchema.safeParse(jsonOrNull(bytes))
  const token = answer.data?.token || answer.data?.access_token
  // Nothing that could end the header, or be no header value at all.
  if (!token || !/^[\x21-\x7e]+$/.test(token)) {
    throw new SourceError('registry-error', `The token server ${url.origin} answered without a usable token.`)
  }
  const lifetimeS = Math.min(Math.max(answer.data?.expires_in || defaultLifetimeS, 0), maxLifetimeS)
  return { header: `Bearer ${token}`, expiresAtMs: askedAtMs + lifetimeS * 1000 }
}

function jsonOrNull(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    // The parser quotes what it read, which may be a token: its error is not kept.
    return null
  }
}

const basicHeader = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`

const unauthorized = (message: string, hint: string = credentialsHint): SourceError =>
  new SourceError('unauthorized', message, { hint })

const refusedAnonymous = (registry: URL): SourceError =>
  unauthorized(`${registry.origin} lets nobody in without a user name and password.`)

const refusedPassword = (registry: URL): SourceError =>
  unauthorized(
    `${registry.origin} does not accept the user name and password.`,
    'Correct PLIMSOLL_REGISTRY_USERNAME and PLIMSOLL_REGISTRY_PASSWORD, or check that the user still exists.',
  )
