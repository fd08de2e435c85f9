import { z } from 'zod'
import type { Challenge } from './challenge.ts'
import { type Connections, type Response, readCapped } from './exchange.ts'
import { isLoopbackHost } from './loopback.ts'
import { exchangeFollowing, strangersRequest } from './redirects.ts'
import { refusedAnonymous, refusedPassword, refusedToken, unauthorized } from './refused.ts'
import type { Timing } from './retry.ts'
import { isWritingScope, noScope, readOnlyScope } from './scope.ts'
import { SourceError } from './source-error.ts'
import { statusFailure } from './status-failure.ts'
import { userAgent } from './user-agent.ts'

/** A bearer challenge that was read and found sound. */
export interface TokenServer {
  readonly realm: URL
  readonly service: string | null
  readonly scope: string
}

export interface Token {
  readonly header: string
  readonly expiresAtMs: number
}

const maxTokenBytes = 1024 * 1024
/** Of the token specification: what a token lasts when its answer does not say. */
const defaultLifetimeS = 60
/** A token that would last for ever still is renewed now and then. */
const maxLifetimeS = 24 * 60 * 60

const tokenSchema = z.object({
  token: z.string().nullish(),
  access_token: z.string().nullish(),
  expires_in: z.number().nullish(),
})

/** @throws SourceError `registry-error` when the challenge names none that could be asked */
export function tokenServer(registry: URL, challenge: Challenge, scope: string): TokenServer {
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
    // Asked whether it is there at all, a registry may answer with a made-up repository as an example.
    scope: scopeToAsk(scope, challenge.parameters.get('scope')),
  }
}

function scopeToAsk(scope: string, challenged: string | undefined): string {
  if (scope === noScope || isWritingScope(scope)) return scope
  return readOnlyScope(challenged) ?? scope
}

/**
 * Asks a token server (https://distribution.github.io/distribution/spec/auth/token/). It is a stranger that the
 * registry names: it gets the password only where nobody listens in, and never has us sent to this machine itself.
 *
 * @param basic the credentials as a header, null to ask anonymously
 * @throws SourceError, or Transient when another attempt may help
 */
export async function askForToken(
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

/**
 * Exchanges a refresh token for an access token
 * (https://distribution.github.io/distribution/spec/auth/oauth/; for ACR https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md).
 * It is as good as a password, and goes where one may go.
 * @throws SourceError, or Transient when another attempt may help
 */
export async function refreshAccess(
  registry: URL,
  server: TokenServer,
  refreshToken: string,
  deps: { connections: Connections; timing: Timing },
  signal: AbortSignal,
): Promise<Token> {
  const url = server.realm
  if (!mayCarryPassword(url, registry)) {
    throw unauthorized(
      `${registry.origin} wants the token sent to ${url.origin} unencrypted, which is refused.`,
      'Have the registry name its token server with https.',
    )
  }
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
  form.set('client_id', 'plimsoll')
  if (server.service !== null) form.set('service', server.service)
  if (server.scope !== '') form.set('scope', server.scope)
  const body = Buffer.from(form.toString())
  const headers = {
    'user-agent': userAgent,
    accept: 'application/json',
    'accept-encoding': 'identity',
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  }
  const askedAtMs = deps.timing.now()
  const request = strangersRequest({ method: 'POST', url, headers, body }, registry)
  const response = await exchangeFollowing(request, deps.connections, signal)
  if ([400, 401, 403].includes(response.status)) {
    response.discard()
    throw refusedToken(registry)
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
