import type { ConnectableKind, ConnectionTest } from '@plimsoll/types'
import type { RegistryClient } from './client.ts'
import { Obstacle } from './connection-obstacle.ts'
import { listRepositories, listTags } from './discovery.ts'
import { type Connections, readCapped } from './exchange.ts'
import { kindOfChallenge } from './kinds.ts'
import { exchangeFollowing } from './redirects.ts'
import { SourceError } from './source-error.ts'
import { userAgent } from './user-agent.ts'

/** The steps of a connection test that speak the registry's API. */
type Outcome<T> = Promise<readonly [string | null, T]>

const maxErrorBytes = 16 * 1024

/** Whether there is a registry: GET /v2/ without signing in. @returns its kind, as far as that tells, and whether it lets anybody in. */
export async function apiStep(
  url: URL,
  connections: Connections,
  signal: AbortSignal,
): Outcome<{ readonly kind: ConnectableKind; readonly isOpen: boolean }> {
  const request = { method: 'GET' as const, url: new URL('/v2/', url), headers: { 'user-agent': userAgent } }
  const response = await exchangeFollowing(request, connections, signal)
  const { status, headers } = response
  const challenge = headers['www-authenticate']
  const isRegistry = headers['docker-distribution-api-version'] !== undefined || status === 401
  if (status === 200 || (status === 401 && challenge !== undefined)) {
    const isPage = /^text\/html/i.test(headers['content-type'] ?? '')
    response.discard()
    if (isPage && !isRegistry) throw noRegistry(url)
    const found = { kind: kindOfChallenge(challenge), isOpen: status === 200 }
    return ['It answers as a container registry does.', found]
  }
  if (status === 429) {
    response.discard()
    const hint = 'Try again later, or give credentials: signed-in users are often allowed more.'
    throw new Obstacle('rate-limited', `${url.origin} takes no more requests for now.`, hint)
  }
  const text = await readCapped(response, maxErrorBytes, 'The answer').then(
    bytes => Buffer.from(bytes).toString('utf8'),
    () => '',
  )
  // Whoever has not signed in yet is denied for where he comes from, as Azure's registries do by their network rules.
  if (status === 403 && /client with IP .{1,80} is not allowed access|"errors"\s*:/i.test(text)) {
    const hint = 'Allow the address of this machine in the network rules of the registry.'
    throw new Obstacle('firewalled', `${url.origin} denies access from this machine's address.`, hint)
  }
  if (status === 400 && text.includes('HTTP request to an HTTPS server')) {
    throw new Obstacle('tls-failed', `${url.origin} speaks HTTPS.`, 'Write https:// before its name.')
  }
  if (status >= 500) throw new Obstacle('registry-error', `${url.origin} fails (${status}).`)
  throw noRegistry(url)
}

const noRegistry = (url: URL): Obstacle =>
  new Obstacle(
    'not-a-registry',
    `${url.origin} answers, but not as a container registry.`,
    'A registry has /v2/. Check host and port.',
  )

export async function signInStep(
  client: RegistryClient,
  { hasCredentials, isOpen }: { readonly hasCredentials: boolean; readonly isOpen: boolean },
  signal: AbortSignal,
): Outcome<null> {
  try {
    await client.ping(signal)
  } catch (error) {
    throw refusal(error, hasCredentials)
  }
  if (!isOpen) return [hasCredentials ? 'The credentials are taken.' : 'It lets anybody in.', null]
  return [
    hasCredentials ? 'It lets anybody in, so it did not ask for the credentials.' : 'It lets anybody in.',
    null,
  ]
}

function refusal(error: unknown, hasCredentials: boolean): unknown {
  if (!(error instanceof SourceError) || error.code !== 'unauthorized') return error
  return hasCredentials
    ? new Obstacle('credentials-refused', error.message, 'Check them, and that they have not expired.')
    : new Obstacle(
        'credentials-missing',
        error.message,
        'Choose how to sign in (on the command line --credentials FILE).',
      )
}

const shown = 20

export interface Catalogue {
  readonly repositories: string[] | null
  readonly problem: ConnectionTest['problem']
}

/** The first repositories; where they are named by whoever connects it, whether the first of those can be read. */
export async function cataloguesOf(
  client: RegistryClient,
  { named, hasCredentials }: { named: readonly string[]; hasCredentials: boolean },
  signal: AbortSignal,
): Outcome<Catalogue> {
  const [first] = named
  if (first !== undefined) {
    try {
      for await (const _tag of listTags(client, first, signal)) break
    } catch (error) {
      throw refusal(error, hasCredentials)
    }
    return [`The repository ${first} can be read.`, { repositories: null, problem: null }]
  }
  const repositories: string[] = []
  try {
    for await (const repository of listRepositories(client, signal)) {
      repositories.push(repository)
      if (repositories.length === shown) break
    }
  } catch (error) {
    const refused = error instanceof SourceError && ['unauthorized', 'image-not-found'].includes(error.code)
    if (!refused) throw error
    const message = 'It does not list its repositories.'
    const hint = 'Name the repositories to watch.'
    return ['', { repositories: null, problem: { code: 'no-catalogue', message, hint } }]
  }
  const count = repositories.length === shown ? `${shown} or more` : String(repositories.length)
  return [`It lists ${count} repositories.`, { repositories, problem: null }]
}
