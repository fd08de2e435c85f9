import { dayOf, relativeTime } from './relative-time.ts'

const dayMs = 86_400_000

/** Whether the last day of something is over, in UTC. */
export const hasEnded = (lastDay: string, now: number): boolean => now >= Date.parse(lastDay) + dayMs

/** A last day with how long it is until then or since: `10 Jun 2026, 5 months ago`. */
export const lastDayText = (lastDay: string, now: number): string =>
  `${dayOf(lastDay)}, ${relativeTime(new Date(Date.parse(lastDay) + dayMs - 1).toISOString(), now)}`
