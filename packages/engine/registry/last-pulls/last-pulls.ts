import type { ConnectableKind } from '@plimsoll/types'
import type { RegistryOptions } from '../client.ts'
import { passwordOf } from '../credentials.ts'
import { defaultTimeouts, openConnections } from '../exchange.ts'
import { parseRegistryUrl } from '../registry-url.ts'
import { realTiming } from '../retry.ts'
import { dockerHubPulls, dockerHubSignIn } from './docker-hub.ts'
import { harborPulls } from './harbor.ts'
import { jsonApi } from './json-api.ts'
import type { LastPull } from './last-pull.ts'

/** The last pulls that a registry keeps; one serves all of its repositories, and keeps connections and tokens. */
export interface LastPulls {
  /**
   * When each of a repository's images was pulled last; none of those that never were. In no order.
   * @throws SourceError; `image-not-found` when there is no such repository
   */
  of(repository: string, signal: AbortSignal): AsyncIterable<LastPull>
}

export interface LastPullsOptions extends RegistryOptions {
  readonly kind: ConnectableKind
  /** Docker Hub's own interface is at another address than its registry. Handed in by tests. */
  readonly hubUrl?: string
}

/**
 * The last pulls of a Harbor or of Docker Hub; null for a kind that keeps none where this could ask. (Amazon ECR does,
 * behind its own protocol.)
 * @throws SourceError `source-unreadable` when the URL is not one of a registry
 */
export function lastPulls(options: LastPullsOptions): LastPulls | null {
  const { kind, certificateAuthority, proxy, credentials = null, timing = realTiming } = options
  if (kind !== 'harbor' && kind !== 'docker-hub') return null
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const base = kind === 'harbor' ? options.url : (options.hubUrl ?? 'https://hub.docker.com')
  const connections = openConnections(timeouts, certificateAuthority, proxy)
  const api = jsonApi(parseRegistryUrl(base), { connections, timing })
  if (kind === 'docker-hub') {
    const signIn = dockerHubSignIn(api, credentials, timing)
    return { of: (repository, signal) => dockerHubPulls(api, signIn, repository, signal) }
  }
  if (credentials !== null && 'token' in credentials) {
    const bearer = () => Promise.resolve(`Bearer ${credentials.token}`)
    return { of: (repository, signal) => harborPulls(api, bearer, repository, signal) }
  }
  // Harbor knows no refresh tokens: whoever has one asks for what is public.
  const { header } = passwordOf(
    credentials !== null && 'refreshToken' in credentials ? null : credentials,
    timing,
  )
  return { of: (repository, signal) => harborPulls(api, header, repository, signal) }
}
