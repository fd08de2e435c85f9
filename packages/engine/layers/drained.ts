import type { Writable } from 'node:stream'

/**
 * Resolves when a stream that took all it could wants more, and also when it never will: ended, failed or closed.
 * Listeners go away with it, however often it is asked.
 */
export function drained(stream: Writable): Promise<void> {
  const events = ['drain', 'end', 'error', 'close']
  return new Promise(resolve => {
    const done = (): void => {
      for (const event of events) stream.removeListener(event, done)
      resolve()
    }
    for (const event of events) stream.once(event, done)
    if (stream.destroyed || !stream.writableNeedDrain) done()
  })
}
