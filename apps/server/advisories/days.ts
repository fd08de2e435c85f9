const checkEveryMs = 15 * 60_000

/**
 * Calls `newDay` now, and again when another day (in UTC) has begun: a timer for the day's end would be late after the
 * machine slept.
 * @param newDay gets the day, `2024-03-29`.
 * @returns what stops it.
 */
export function everyDay(newDay: (today: string) => void, now: () => Date): () => void {
  let today: string | null = null
  const check = (): void => {
    const day = dayOf(now())
    if (day === today) return
    today = day
    newDay(day)
  }
  check()
  const timer = setInterval(check, checkEveryMs)
  return () => clearInterval(timer)
}

/** The day in UTC, `2024-03-29`. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 'yyyy-mm-dd'.length)
