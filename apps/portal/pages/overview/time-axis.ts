import { styled } from '@mui/material/styles'

/** What charts over days have in common. */

/** A time axis over days, given by the milliseconds since the epoch at which they begin. */
export interface TimeAxis {
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
}

export const dayMs = 24 * 60 * 60_000

export function timeAxis(times: readonly number[]): TimeAxis {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  // A single day stands in the middle.
  return {
    domain: first === last ? [first - dayMs, last + dayMs] : [first, last],
    ticks: ticksOf(first, last),
  }
}

/** The first day, the last, and two between them where there is room. */
function ticksOf(first: number, last: number): number[] {
  const days = Math.round((last - first) / dayMs)
  if (days === 0) return [first]
  const steps = days < 3 ? days : 3
  return Array.from({ length: steps + 1 }, (_, step) => first + Math.round((days * step) / steps) * dayMs)
}

/** Those of recharts’ axis that show it. */
export const timeAxisProps = ({ domain, ticks }: TimeAxis) => ({
  type: 'number' as const,
  dataKey: 'time',
  domain: [...domain],
  ticks: [...ticks],
  tickFormatter: shortDay,
  tick: tickStyle,
  tickLine: false,
  axisLine: { stroke: 'var(--pl-palette-divider)' },
  height: timeAxisHeight,
})

export const timeAxisHeight = 24
export const ink = 'var(--pl-palette-text-secondary)'
export const tickStyle = { fill: ink, fontSize: 12 }

const shortDay = (time: number): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(time)

/** What a chart says of the day that is pointed at. */
export const DayHint = styled('div')(({ theme }) => ({
  maxWidth: 320,
  padding: '8px 12px',
  borderRadius: 6,
  border: `1px solid ${theme.vars.palette.divider}`,
  background: theme.vars.palette.background.paper,
  fontSize: '0.8125rem',
  '& p': { margin: 0 },
  '& ul': { margin: '4px 0 0', paddingLeft: 16 },
}))
