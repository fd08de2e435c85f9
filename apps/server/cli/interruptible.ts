import { UnreadableFeed } from '@plimsoll/engine'
import { InvalidSetting } from '../config.ts'
import { plain } from './print.ts'

/** Says on standard error why something was not done. @returns the exit code */
export function complain(line: string): 2 {
  console.error(`plimsoll: ${line}`)
  return 2
}

/** Runs a command until it is done or the user has had enough; what the world did wrong is said in a line. */
export async function interruptible(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    return await run(interrupted.signal)
  } catch (error) {
    if (interrupted.signal.aborted) return complain('interrupted')
    if (error instanceof UnreadableFeed || error instanceof InvalidSetting)
      return complain(plain(error.message))
    throw error
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}
