const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

const units = [
  { unit: 'year', seconds: 31_557_600 },
  { unit: 'month', seconds: 2_629_800 },
  { unit: 'week', seconds: 604_800 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const

/**
 * A moment as people say it, seen from `now`: `just now`, `3 hours ago`, `last month`. Steps to a larger unit only when
 * one whole unit is over, and never rounds up, so that "2 days ago" is at least two days.
 */
export function relativeTime(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000
  const unit = units.find(candidate => Math.abs(seconds) >= candidate.seconds)
  if (!unit) return 'just now'
  return relative.format(Math.trunc(seconds / unit.seconds), unit.unit)
}

/** A moment without doubt, for titles: `2026-11-21 05:12:33 UTC`. */
export const absoluteTime = (iso: string): string =>
  `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** The day of a moment in UTC: `21 Nov 2026`. */
export const dayOf = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(iso))

/** How long something took: `under 0.1 s`, `0.8 s`, `42 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 0.1) return 'under 0.1 s'
  if (seconds < 9.95) return `${(Math.round(seconds * 10) / 10).toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}
