import { styled } from '@mui/material/styles'
import { Line, LineChart, ReferenceLine, Tooltip, type TooltipContentProps, XAxis, YAxis } from 'recharts'
import { count, counted, points } from '../../lib/quantity.ts'
import { dayOf } from '../../lib/relative-time.ts'
import { totalOf } from '../../lib/severity.ts'
import { causeSentence, type TrendDay, trendHeight } from './trend.ts'

const Hint = styled('div')(({ theme }) => ({
  maxWidth: 320,
  padding: '8px 12px',
  borderRadius: 6,
  border: `1px solid ${theme.vars.palette.divider}`,
  background: theme.vars.palette.background.paper,
  fontSize: '0.8125rem',
  '& p': { margin: 0 },
  '& ul': { margin: '4px 0 0', paddingLeft: 16 },
}))

const ink = 'var(--pl-palette-text-secondary)'
const accent = 'var(--pl-palette-primary-main)'
const tick = { fill: ink, fontSize: 12 }
const dayMs = 24 * 60 * 60_000

interface Shown {
  readonly time: number
  /** Null where nothing was assessed: the line has a gap. */
  readonly score: number | null
  readonly day: TrendDay
}

/** The score of each day as a line; a dashed one stands where something happened that may have changed it. */
export function TrendChart({ days, title }: { days: readonly TrendDay[]; title: string }) {
  const data = days.map(
    (day): Shown => ({
      time: Date.parse(day.point.day),
      score: day.point.score.percentage === null ? null : day.point.score.current,
      day,
    }),
  )
  const max = days.at(-1)?.point.score.max ?? 0
  const [first = 0, last = 0] = [data[0]?.time, data.at(-1)?.time]
  // A single day stands in the middle.
  const domain = first === last ? [first - dayMs, last + dayMs] : [first, last]
  return (
    <LineChart
      responsive
      data={data}
      title={title}
      margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
      style={{ width: '100%', height: trendHeight }}
    >
      <XAxis
        type="number"
        dataKey="time"
        domain={domain}
        ticks={ticksOf(first, last)}
        tickFormatter={shortDay}
        tick={tick}
        tickLine={false}
        axisLine={{ stroke: 'var(--pl-palette-divider)' }}
        height={24}
      />
      <YAxis
        width={24}
        domain={[0, max]}
        ticks={[0, max / 2, max]}
        tick={tick}
        tickLine={false}
        axisLine={false}
      />
      {[max / 2, max].map(level => (
        <ReferenceLine key={level} y={level} stroke="var(--pl-palette-divider)" />
      ))}
      {data
        .filter(({ day }) => day.causes.length > 0)
        .map(({ time }) => (
          <ReferenceLine key={`cause ${time}`} x={time} stroke={ink} strokeDasharray="3 3" />
        ))}
      <Tooltip content={DayHint} isAnimationActive={false} cursor={{ stroke: accent }} />
      <Line
        dataKey="score"
        stroke={accent}
        strokeWidth={2}
        dot={data.length < 2 ? { r: 4, fill: accent } : false}
        activeDot={{ r: 4, fill: accent, stroke: 'none' }}
        isAnimationActive={false}
      />
    </LineChart>
  )
}

function DayHint({ active, payload }: TooltipContentProps) {
  const shown = payload[0]?.payload as Shown | undefined
  if (!active || shown === undefined) return null
  const { point, causes } = shown.day
  return (
    <Hint>
      <p>
        <b>{dayOf(point.day)}</b>
      </p>
      <p>
        {shown.score === null ? 'Nothing assessed' : counted(point.score.current, 'point')},{' '}
        {count(totalOf(point.open))} open findings
      </p>
      {causes.length > 0 && (
        <ul>
          {causes.slice(0, 4).map(cause => (
            <li key={cause.at + cause.kind + cause.name}>{causeSentence(cause)}</li>
          ))}
          {causes.length > 4 && <li>and {points(causes.length - 4)} more</li>}
        </ul>
      )}
    </Hint>
  )
}

/** The first day, the last, and two between them where there is room. */
function ticksOf(first: number, last: number): number[] {
  const days = Math.round((last - first) / dayMs)
  if (days === 0) return [first]
  const steps = days < 3 ? days : 3
  return Array.from({ length: steps + 1 }, (_, step) => first + Math.round((days * step) / steps) * dayMs)
}

const shortDay = (time: number): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(time)
