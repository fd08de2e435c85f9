import { authorization } from './authorization.ts'
import type { Credentials } from './credentials.ts'
import { type Connections, type Response, within } from './exchange.ts'
import { exchangeFollowing } from './redirects.ts'
import { credentialsHint } from './registry-url.ts'
import { type Timing, withRetries } from './retry.ts'
import { isWritingScope } from './scope.ts'
import { type Advice, advised, SourceError } from './source-error.ts'
import { mayWriteHint, statusFailure } from './status-failure.ts'
import { userAgent } from './user-agent.ts'

export interface RegistryRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From the root on, with the query. */
  readonly path: string
  /** What has to be allowed for it, in the words of token servers: `repository:team/app:pull`. */
  readonly scope: string
  /** The subject of error messages. */
  readonly what: string
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes are sent again with each attempt. A stream can be sent once, with its `content-length` among the headers. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>
}

export interface SignedInRequests {
  /** One success: 200, 206 where a range was asked for, 304 where it was asked whether something has changed. Throws SourceError, or Transient where trying again may help. */
  sendOnce(request: RegistryRequest, signal: AbortSignal): Promise<Response>
  /** As `sendOnce`, tried again where that may help. Reading the answer is part of each attempt, and of its time. */
  send<T>(
    request: RegistryRequest,
    read: (response: Response) => Promise<T> | T,
    signal: AbortSignal,
  ): Promise<T>
}

/**
 * Requests to one registry, signed in the way that it asks for.
 * @param advice where credentials and certificates are given; left out: as the command line is given them.
 */
export function signedInRequests(
  registry: URL,
  credentials: Credentials | null,
  deps: { connections: Connections; timing: Timing },
  advice?: Advice,
): SignedInRequests {
  const access = authorization(registry, credentials, deps)

  const answerTo = async (request: RegistryRequest, signal: AbortSignal): Promise<Response> => {
    const { method = 'GET', path, scope, headers, body } = request
    for (let refusals = 0; ; refusals++) {
      const signIn = await access.header(scope, signal)
      const response = await exchangeFollowing(
        {
          method,
          // Not resolved against it: a path may be the registry's own words, and `//elsewhere` would be another host.
          url: new URL(`${registry.origin}${path}`),
          headers: {
            'user-agent': userAgent,
            'accept-encoding': 'identity',
            ...headers,
            ...(body instanceof Uint8Array ? { 'content-length': String(body.length) } : {}),
            ...(signIn === null ? {} : { authorization: signIn }),
          },
          ...(body === undefined ? {} : { body }),
        },
        deps.connections,
        signal,
      )
      if (response.status !== 401) return response
      response.discard()
      // Storage that a redirect led to has no claim on our credentials, and a fresh token that is refused is the answer.
      const hadToken = signIn?.startsWith('Bearer ') ?? false
      if (response.url.origin !== registry.origin || refusals === 2 || (refusals === 1 && hadToken)) {
        throw stillRefused(request, credentials === null, advice)
      }
      access.challenged(scope, response.headers['www-authenticate'], signIn)
    }
  }

  const sendOnce = async (request: RegistryRequest, signal: AbortSignal): Promise<Response> => {
    const response = await answerTo(request, signal).catch((error: unknown) => {
      throw advised(error, advice)
    })
    const partial = response.status === 206 && request.headers?.['range'] !== undefined
    const unchanged = response.status === 304 && request.headers?.['if-none-match'] !== undefined
    const written = request.method !== undefined && [201, 202, 204].includes(response.status)
    if (response.status === 200 || partial || unchanged || written) return response
    throw await statusFailure(response, request.what, deps.timing.now(), purposeOf(request))
  }

  return {
    sendOnce,
    send: (request, read, signal) => {
      const { answerMs } = deps.connections.timeouts
      const attempt = () =>
        within(answerMs, registry, signal, async inTime => await read(await sendOnce(request, inTime)))
      return withRetries(attempt, deps.timing, signal)
    },
  }
}

const purposeOf = ({ scope }: RegistryRequest): 'read' | 'write' => (isWritingScope(scope) ? 'write' : 'read')

function stillRefused(request: RegistryRequest, anonymous: boolean, advice: Advice | undefined): SourceError {
  const { what } = request
  if (purposeOf(request) === 'write') {
    return new SourceError('unauthorized', `${what}: the registry does not allow it.`, { hint: mayWriteHint })
  }
  return anonymous
    ? new SourceError('unauthorized', `${what} is not open to everyone.`, {
        hint: `${advice?.credentials ?? credentialsHint} The name may also be misspelt: some registries hide what is not there.`,
      })
    : new SourceError('unauthorized', `${what} may not be read by the user whose credentials were given.`, {
        hint: 'Give the user the right to pull it.',
      })
}
