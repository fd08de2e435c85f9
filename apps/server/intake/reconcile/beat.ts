/** Work that is done again and again, never twice at a time. */
export interface Beat {
  /** Does it now, or once more when what goes on has ended. */
  wake(): void
  /** Resolves when what goes on has ended. */
  stop(): Promise<void>
}

/**
 * @param work one round. @returns after how many milliseconds the next begins; null for not before `wake`.
 */
export function startBeat(work: (signal: AbortSignal) => Promise<number | null>): Beat {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let going: Promise<void> | null = null
  let again = false

  const round = async (): Promise<void> => {
    const next = await work(ending.signal)
    going = null
    if (ending.signal.aborted) return
    if (again) start()
    else if (next !== null) timer = setTimeout(start, next)
  }
  const start = (): void => {
    clearTimeout(timer)
    again = false
    going = round()
  }
  start()
  return {
    wake() {
      if (ending.signal.aborted) return
      if (going === null) start()
      else again = true
    },
    async stop() {
      ending.abort()
      clearTimeout(timer)
      await going
    },
  }
}
