/** Work in the background: once at its start, and whenever there is more of it. */
export interface Background {
  /** There is something to do. */
  wake(): void
  stop(): Promise<void>
}

const firstRetryMs = 1000
const longestRetryMs = 5 * 60_000

/**
 * Does work now and each time it is woken, never twice at once. Work that fails, because the database is busy or the disk
 * full, is done anew by itself: after a second, then after twice as long each time, at most five minutes.
 * @param failed is told of each failure, and in how many milliseconds it is tried again.
 */
export function startRetrying(
  work: (signal: AbortSignal) => Promise<void>,
  failed: (error: unknown, inMs: number) => void,
  { retryMs = firstRetryMs }: { readonly retryMs?: number } = {},
): Background {
  const ending = new AbortController()
  let working = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let failures = 0

  async function once(): Promise<void> {
    if (ending.signal.aborted) return
    try {
      await work(ending.signal)
      failures = 0
    } catch (error) {
      if (ending.signal.aborted) return
      const inMs = Math.min(retryMs * 2 ** failures, longestRetryMs)
      failures += 1
      clearTimeout(timer)
      timer = setTimeout(wake, inMs).unref()
      failed(error, inMs)
    }
  }
  function wake(): void {
    clearTimeout(timer)
    working = working.then(once)
  }
  wake()
  return {
    wake,
    async stop() {
      ending.abort()
      clearTimeout(timer)
      await working
    },
  }
}
