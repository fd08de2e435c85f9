import type { IncomingMessage } from 'node:http'
import { connectionFailure } from './connection-failure.ts'
import { cancelled } from './retry.ts'
import { SourceError } from './source-error.ts'

/** The body, failing when no byte comes for a while. Time that the reader takes is not counted. */
export async function* bodyOf(
  response: IncomingMessage,
  url: URL,
  idleMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let waiting = false
  const timer = setTimeout(() => {
    if (waiting) response.destroy(timeoutError(url, 'send more', idleMs))
  }, idleMs)
  try {
    const chunks: AsyncIterator<Uint8Array> = response[Symbol.asyncIterator]()
    for (;;) {
      waiting = true
      timer.refresh()
      const next = await chunks.next()
      waiting = false
      if (next.done) return
      yield next.value
    }
  } catch (error) {
    throw signal.aborted ? cancelled(signal) : connectionFailure(error, url.origin)
  } finally {
    clearTimeout(timer)
    response.destroy()
  }
}

/** Lets a short rest of a body pass so that the connection can be used again; a long one ends the connection. */
export function discard(response: IncomingMessage, idleMs: number): void {
  let bytes = 0
  const timer = setTimeout(() => response.destroy(), Math.min(idleMs, 2_000)).unref()
  response.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > 64 * 1024) response.destroy()
  })
  response.on('error', () => undefined)
  response.once('close', () => clearTimeout(timer))
}

export const timeoutError = (url: URL, verb: string, limitMs: number): SourceError =>
  new SourceError('registry-timeout', `${url.origin} did not ${verb} within ${limitMs / 1000} s.`, {
    hint: 'The registry may be overloaded or a firewall may swallow the packets. The scan can be tried again.',
  })
