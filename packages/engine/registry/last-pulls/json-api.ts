import { type Connections, readCapped, within } from '../exchange.ts'
import { exchangeFollowing } from '../redirects.ts'
import { type Timing, withRetries } from '../retry.ts'
import { SourceError } from '../source-error.ts'
import { statusFailure } from '../status-failure.ts'
import { userAgent } from '../user-agent.ts'

/** A registry's own interface beside that of the distribution specification, which answers in JSON. */
export interface JsonApi {
  readonly base: URL
  /**
   * One answer, tried again where that may help. `body` is posted as JSON.
   * @param path from the root on, with the query
   * @throws SourceError; `image-not-found` for a 404, `unauthorized` for 401 and 403
   */
  ask(
    request: {
      readonly path: string
      /** The subject of error messages. */
      readonly what: string
      readonly authorization: string | null
      readonly body?: unknown
    },
    signal: AbortSignal,
  ): Promise<unknown>
}

const maxAnswerBytes = 8 * 1024 * 1024

export function jsonApi(base: URL, deps: { connections: Connections; timing: Timing }): JsonApi {
  const { connections, timing } = deps
  return {
    base,
    ask({ path, what, authorization, body }, signal) {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
      const request = {
        method: bytes === undefined ? ('GET' as const) : ('POST' as const),
        url: new URL(path, base),
        headers: {
          'user-agent': userAgent,
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(authorization === null ? {} : { authorization }),
          ...(bytes === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
        },
        ...(bytes === undefined ? {} : { body: bytes }),
      }
      const attempt = () =>
        within(connections.timeouts.answerMs, base, signal, async inTime => {
          const response = await exchangeFollowing(request, connections, inTime)
          if (response.status !== 200) throw await statusFailure(response, what, timing.now())
          return parsed(await readCapped(response, maxAnswerBytes, what), what)
        })
      return withRetries(attempt, timing, signal)
    },
  }
}

function parsed(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    // The parser quotes what it read, which may be a token.
    throw notAsDocumented(what)
  }
}

export const notAsDocumented = (what: string): SourceError =>
  new SourceError('registry-error', `${what} did not come as its documentation has it.`)
