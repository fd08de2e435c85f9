import { styled } from '@mui/material/styles'
import type { Severity } from '@plimsoll/types'
import { Bar, BarChart, type BarShapeProps, XAxis, YAxis, type YAxisTickContentProps } from 'recharts'
import { useLinkProps } from '../../app/scoped-link.tsx'
import { findingsPath } from '../../finding/finding-query.ts'
import { count, counted } from '../../lib/quantity.ts'
import { SeverityShape, severityColor } from '../../ui/severity.tsx'
import { chartHeight, type SeverityRow } from './severity-row.ts'

const Legend = styled('ul')(({ theme }) => ({
  display: 'flex',
  gap: 20,
  margin: '0 0 0 96px',
  padding: 0,
  listStyle: 'none',
  fontSize: '0.75rem',
  color: theme.vars.palette.text.secondary,
  '& li': { display: 'inline-flex', alignItems: 'center', gap: 6 },
}))
const Chart = styled('div')(({ theme }) => ({
  '& a:focus-visible': { outline: 'none' },
  '& a:focus-visible rect': { stroke: theme.vars.palette.primary.main, strokeWidth: 3 },
  '& a:hover rect': { filter: 'brightness(1.12)' },
}))

const legendHeight = 20
const ink = 'var(--pl-palette-text-secondary)'

/** Stacked bars; each is a link to the findings it stands for. */
export function SeverityChart({ rows }: { rows: readonly SeverityRow[] }) {
  return (
    <Chart>
      <BarChart
        responsive
        layout="vertical"
        data={rows}
        margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
        barCategoryGap={10}
        // Its layer would be one more stop for the keyboard: the bars themselves are links with names.
        accessibilityLayer={false}
        style={{ width: '100%', height: chartHeight - legendHeight }}
      >
        <defs>
          {rows.map(({ severity }) => (
            <Hatch key={severity} severity={severity} />
          ))}
        </defs>
        <XAxis type="number" hide allowDecimals={false} domain={[0, 'dataMax']} />
        <YAxis
          type="category"
          dataKey="severity"
          width={96}
          axisLine={false}
          tickLine={false}
          interval={0}
          tick={NameTick}
        />
        <YAxis
          yAxisId="totals"
          orientation="right"
          type="category"
          dataKey="severity"
          width={132}
          axisLine={false}
          tickLine={false}
          interval={0}
          tick={tick => <TotalTick {...tick} rows={rows} />}
        />
        <Bar
          dataKey="fixable"
          stackId="all"
          barSize={18}
          isAnimationActive={false}
          shape={bar => <Segment {...bar} rows={rows} fix="available" />}
        />
        <Bar
          dataKey="notFixable"
          stackId="all"
          barSize={18}
          isAnimationActive={false}
          shape={bar => <Segment {...bar} rows={rows} fix="none" />}
        />
        {/* An axis is drawn only where something is measured on it. */}
        <Bar yAxisId="totals" dataKey={() => 0} isAnimationActive={false} />
      </BarChart>
      <Legend aria-hidden="true">
        <li>
          <svg width="14" height="10">
            <rect width="14" height="10" rx="2" fill={ink} />
          </svg>
          Fixed by an upgrade
        </li>
        <li>
          <svg width="14" height="10">
            <rect x="0.5" y="0.5" width="13" height="9" rx="2" fill="url(#hatch-Unknown)" stroke={ink} />
          </svg>
          No free fix
        </li>
      </Legend>
    </Chart>
  )
}

/** The pattern of what cannot be fixed, so that it is told apart without colour. */
const Hatch = ({ severity }: { severity: Severity }) => (
  <pattern
    id={`hatch-${severity}`}
    width="5"
    height="5"
    patternUnits="userSpaceOnUse"
    patternTransform="rotate(45)"
  >
    <path d="M0 0V5" stroke={severityColor[severity]} strokeWidth="2.5" />
  </pattern>
)

interface SegmentProps extends BarShapeProps {
  readonly rows: readonly SeverityRow[]
  readonly fix: 'available' | 'none'
}

function Segment({ x, y, width, height, index, rows, fix }: SegmentProps) {
  const row = rows[index]
  const to = findingsPath(row ? { severity: [row.severity], fix } : {})
  const link = useLinkProps(to)
  const value = row ? (fix === 'available' ? row.fixable : row.notFixable) : 0
  if (!row || value === 0) return null
  const color = severityColor[row.severity]
  return (
    <a
      {...link}
      aria-label={`${counted(value, `${row.severity} finding`)} ${fix === 'available' ? 'that an upgrade fixes' : 'without a fix'}`}
    >
      {/* The whole height answers the pointer, 24 px at least. */}
      <rect x={x} y={y - 4} width={Math.max(width, 4)} height={height + 8} fill="transparent" stroke="none" />
      <rect
        x={x}
        y={y}
        width={Math.max(width, 4)}
        height={height}
        rx={2}
        fill={fix === 'available' ? color : `url(#hatch-${row.severity})`}
        stroke={color}
      />
    </a>
  )
}

/** Severity with its shape, left of the bar. */
function NameTick({ y, payload }: YAxisTickContentProps) {
  const severity = payload.value as Severity
  return (
    <g transform={`translate(0 ${y})`}>
      <svg x={0} y={-6} width={12} height={12}>
        <SeverityShape severity={severity} />
      </svg>
      <text x={19} dy="0.34em" fontSize={13} fill="var(--pl-palette-text-primary)">
        {severity}
      </text>
    </g>
  )
}

/** The numbers, right of the bar. */
function TotalTick({ x, y, payload, rows }: YAxisTickContentProps & { rows: readonly SeverityRow[] }) {
  const row = rows.find(each => each.severity === payload.value)
  if (!row) return <g />
  const total = row.fixable + row.notFixable
  return (
    <text
      x={Number(x) + 4}
      y={y}
      dy="0.34em"
      fontSize={13}
      fill="var(--pl-palette-text-primary)"
      fontWeight={550}
    >
      {count(total)}
      {total > 0 && (
        <tspan fill={ink} fontWeight={400}>
          {'  '}
          {row.fixable === total ? 'all' : row.fixable === 0 ? 'none' : count(row.fixable)} fixable
        </tspan>
      )}
    </text>
  )
}
