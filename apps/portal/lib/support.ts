import { dayOf, relativeTime } from './relative-time.ts'

const dayMs = 86_400_000

/** Whether the last day of something is over, in UTC. */
export const hasEnded = (lastDay: string, now: number): boolean => now >= Date.parse(lastDay) + dayMs

/** The last day of updates in words: `Until 30 Jun 2028`, `Ended 31 May 2023, 3 years ago`. */
export function updatesText(lastDay: string, now: number): string {
  if (!hasEnded(lastDay, now)) return `Until ${dayOf(lastDay)}`
  return `Ended ${dayOf(lastDay)}, ${relativeTime(new Date(Date.parse(lastDay) + dayMs).toISOString(), now)}`
}
