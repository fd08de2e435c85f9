import { constants } from 'node:os'
import { UnreadableFeed } from '@plimsoll/engine'
import { InvalidSetting } from '../config.ts'
import { plain } from './print.ts'

/** Says on standard error why something was not done. @returns the exit code */
export function complain(line: string): 2 {
  console.error(`plimsoll: ${line}`)
  return 2
}

const sameMomentMs = 1000

/**
 * Does something until it is done or the user has had enough: Ctrl-C and SIGTERM abort the signal. A later one ends the
 * process at once; those of the same moment are the first again, for a terminal gives one Ctrl-C to npm, to its script
 * and to this process, and the others may pass it on.
 */
export async function withInterrupt<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController()
  let since: number | null = null
  const interrupt = (name: NodeJS.Signals): void => {
    if (since !== null && performance.now() - since > sameMomentMs)
      process.exit(128 + constants.signals[name])
    since ??= performance.now()
    interrupted.abort()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    return await run(interrupted.signal)
  } finally {
    // Those of the same moment may come when it has ended, and what is said of that is to be read.
    if (since === null) process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

/** Runs a command until it is done or the user has had enough; what the world did wrong is said in a line. */
export const interruptible = (run: (signal: AbortSignal) => Promise<number>): Promise<number> =>
  withInterrupt(async signal => {
    try {
      return await run(signal)
    } catch (error) {
      if (signal.aborted) return complain('interrupted')
      if (error instanceof UnreadableFeed || error instanceof InvalidSetting)
        return complain(plain(error.message))
      throw error
    }
  })
