import { Writable } from 'node:stream'
import type { Logger } from 'pino'
import { createLog } from '../log.ts'

export interface CapturedLog {
  readonly log: Logger
  /** All that was logged since it was last forgotten. */
  logged(): string
  forget(): void
}

/** A log that is kept in memory. */
export function capturedLog(level: Parameters<typeof createLog>[0] = 'info'): CapturedLog {
  let text = ''
  const kept = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return {
    log: createLog(level, kept),
    logged: () => text,
    forget() {
      text = ''
    },
  }
}
