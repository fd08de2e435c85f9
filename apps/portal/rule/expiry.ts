/** Days that a rule holds for unless another end is given, and how long words for one without an end must be. */
export const defaultDays = 90
export const minEndlessNote = 20

const dayMs = 24 * 60 * 60_000

/** The day in UTC that a rule begun now ends with unless told otherwise: `2027-02-26`. */
export const defaultLastDay = (now: number): string => isoDay(now + defaultDays * dayMs)

/** The last day on which a rule holds. */
export const lastDayOf = (expiresAt: string): string => isoDay(Date.parse(expiresAt) - 1)

/** The moment when a day in UTC is over; null for what is no day. */
export function endOfDay(day: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const start = Date.parse(`${day}T00:00:00.000Z`)
  return Number.isNaN(start) ? null : new Date(start + dayMs).toISOString()
}

const isoDay = (time: number): string => new Date(time).toISOString().slice(0, 'yyyy-mm-dd'.length)
