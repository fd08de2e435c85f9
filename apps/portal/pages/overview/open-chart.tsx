import { styled } from '@mui/material/styles'
import type { ScorePoint, Severity } from '@plimsoll/types'
import { Area, AreaChart, ReferenceLine, Tooltip, type TooltipContentProps, XAxis, YAxis } from 'recharts'
import { findingsPath } from '../../finding/finding-query.ts'
import { count, counted } from '../../lib/quantity.ts'
import { dayOf } from '../../lib/relative-time.ts'
import { totalOf } from '../../lib/severity.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { SeverityLabel, severityColor } from '../../ui/severity.tsx'
import { openHeight, roundAbove, shownSeverities, spread } from './open-trend.ts'
import { DayHint, dayMs, tickStyle, timeAxis, timeAxisHeight, timeAxisProps } from './time-axis.ts'

const Frame = styled('div')({ position: 'relative', paddingRight: 136 })
const Labels = styled('ul')({
  position: 'absolute',
  top: 0,
  right: 0,
  width: 128,
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '24px',
  '& li': {
    position: 'absolute',
    width: '100%',
    display: 'flex',
    justifyContent: 'space-between',
    fontVariantNumeric: 'tabular-nums',
  },
  '& a': { minWidth: 24, textAlign: 'right' },
})

const top = 8
const plotHeight = openHeight - top - timeAxisHeight
const labelHeight = 24

type Shown = { readonly time: number; readonly point: ScorePoint }

/** The open findings of each day, stacked by severity, the worst at the bottom; what is open now stands beside. */
export function OpenChart({ points, title }: { points: readonly ScorePoint[]; title: string }) {
  const shown = shownSeverities(points)
  const times = points.map(({ day }) => Date.parse(day))
  const data = points.map((point, index): Shown => ({ time: times[index] ?? 0, point }))
  const max = roundAbove(Math.max(...points.map(({ open }) => totalOf(open))))
  return (
    <Frame>
      <AreaChart
        responsive
        data={data.length === 1 ? aDayWide(data) : data}
        title={title}
        margin={{ top, right: 0, bottom: 0, left: 0 }}
        style={{ width: '100%', height: openHeight }}
      >
        <XAxis {...timeAxisProps(timeAxis(times))} />
        <YAxis
          width={8 + 8 * count(max).length}
          domain={[0, max]}
          ticks={[0, max / 2, max]}
          tickFormatter={count}
          tick={tickStyle}
          tickLine={false}
          axisLine={false}
        />
        {[max / 2, max].map(level => (
          <ReferenceLine key={level} y={level} stroke="var(--pl-palette-divider)" />
        ))}
        <Tooltip
          content={tooltip => <Told {...tooltip} shown={shown} />}
          isAnimationActive={false}
          cursor={{ stroke: 'var(--pl-palette-text-primary)' }}
        />
        {shown.map(severity => (
          <Area
            key={severity}
            dataKey={(each: Shown) => each.point.open[severity]}
            name={severity}
            stackId="open"
            fill={severityColor[severity]}
            fillOpacity={1}
            // A gap parts the severities where colours do not.
            stroke="var(--pl-palette-background-default)"
            strokeWidth={1.5}
            activeDot={false}
            isAnimationActive={false}
          />
        ))}
      </AreaChart>
      <NowLabels point={points.at(-1)} shown={shown} max={max} />
    </Frame>
  )
}

/** A single day would be a line that nobody sees. */
const aDayWide = (data: readonly Shown[]): Shown[] =>
  data.flatMap(({ time, point }) => [
    { time: time - dayMs / 2, point },
    { time: time + dayMs / 2, point },
  ])

interface NowLabelsProps {
  readonly point: ScorePoint | undefined
  readonly shown: readonly Severity[]
  readonly max: number
}

/** What is open now, each severity beside its band and with the way to its findings. */
function NowLabels({ point, shown, max }: NowLabelsProps) {
  if (point === undefined) return null
  const fromTop = shown.toReversed()
  const yOf = (value: number): number => top + plotHeight * (1 - value / max)
  const middles = fromTop.map((severity, index) => {
    const below = fromTop.slice(index + 1).reduce((sum, each) => sum + point.open[each], 0)
    return yOf(below + point.open[severity] / 2) - labelHeight / 2
  })
  const placed = spread(middles, labelHeight, top + plotHeight - labelHeight / 2)
  return (
    <Labels aria-label="Open now">
      {fromTop.map((severity, index) => (
        <li key={severity} style={{ top: placed[index] }}>
          <SeverityLabel severity={severity} />
          {point.open[severity] === 0 ? (
            <Muted>0</Muted>
          ) : (
            <NavLink to={findingsPath({ severity: [severity] })}>{count(point.open[severity])}</NavLink>
          )}
        </li>
      ))}
    </Labels>
  )
}

function Told({ active, payload, shown }: TooltipContentProps & { shown: readonly Severity[] }) {
  const day = payload[0]?.payload as Shown | undefined
  if (!active || day === undefined) return null
  const { open } = day.point
  return (
    <DayHint>
      <p>
        <b>{dayOf(day.point.day)}</b>
      </p>
      <p>{counted(totalOf(open), 'open finding')}</p>
      {shown.map(severity => (
        <p key={severity}>
          <SeverityLabel severity={severity} /> {count(open[severity])}
        </p>
      ))}
    </DayHint>
  )
}
