import { Line, LineChart, ReferenceLine, Tooltip, type TooltipContentProps, XAxis, YAxis } from 'recharts'
import { count, counted, points } from '../../lib/quantity.ts'
import { dayOf } from '../../lib/relative-time.ts'
import { totalOf } from '../../lib/severity.ts'
import { DayHint, ink, tickStyle, timeAxis, timeAxisProps } from './time-axis.ts'
import { causeSentence, type TrendDay, trendHeight } from './trend.ts'

const accent = 'var(--pl-palette-primary-main)'

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
  const axis = timeAxis(data.map(({ time }) => time))
  return (
    <LineChart
      responsive
      data={data}
      title={title}
      margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
      style={{ width: '100%', height: trendHeight }}
    >
      <XAxis {...timeAxisProps(axis)} />
      <YAxis
        width={24}
        domain={[0, max]}
        ticks={[0, max / 2, max]}
        tick={tickStyle}
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
      <Tooltip content={Told} isAnimationActive={false} cursor={{ stroke: accent }} />
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

function Told({ active, payload }: TooltipContentProps) {
  const shown = payload[0]?.payload as Shown | undefined
  if (!active || shown === undefined) return null
  const { point, causes } = shown.day
  return (
    <DayHint>
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
    </DayHint>
  )
}
