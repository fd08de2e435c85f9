/** Lets only so many requests to a registry go on at a time, in the order in which they were asked for. */
export type Gate = <T>(request: () => Promise<T>) => Promise<T>

/**
 * @param atOnce how many go on at a time.
 * @param perSecond how many begin in a second; null for as many as the registry answers.
 */
export function createGate(atOnce: number, perSecond: number | null): Gate {
  const waiting: (() => void)[] = []
  let going = 0
  let nextAt = 0

  const enter = async (): Promise<void> => {
    if (going >= atOnce) {
      await new Promise<void>(resolve => {
        waiting.push(resolve)
      })
    } else going += 1
    if (perSecond === null) return
    const now = performance.now()
    const startAt = Math.max(now, nextAt)
    nextAt = startAt + 1000 / perSecond
    if (startAt > now) await new Promise(resolve => setTimeout(resolve, startAt - now))
  }
  const leave = (): void => {
    const next = waiting.shift()
    // Whoever waited longest has the place now, so that none comes in between.
    if (next === undefined) going -= 1
    else next()
  }
  return async request => {
    await enter()
    try {
      return await request()
    } finally {
      leave()
    }
  }
}
