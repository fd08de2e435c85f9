import Button from '@mui/material/Button'
import type { ScorePoint, Severity } from '@plimsoll/types'
import { lazy, Suspense, useState } from 'react'
import { findingsPath } from '../../finding/finding-query.ts'
import { count } from '../../lib/quantity.ts'
import { dayOf } from '../../lib/relative-time.ts'
import { totalOf } from '../../lib/severity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { openHeight, openSentence, shownSeverities } from './open-trend.ts'
import { assessedPoints } from './trend.ts'
import { useTrend } from './use-trend.ts'

// Charts are a fifth of a megabyte; only this page has any.
const OpenChart = lazy(async () => ({ default: (await import('./charts.ts')).OpenChart }))

/** The open findings of the last days by severity: as a chart, or as a table of the same numbers. */
export function FindingsOverTime() {
  const trend = useTrend()
  const [asTable, setAsTable] = useState(false)
  const points = trend.data === undefined ? [] : assessedPoints(trend.data.points)
  const title = trend.data === undefined ? copy.open : openSentence(points)
  return (
    <Section
      id="open"
      title={title}
      aside={
        points.length > 0 && (
          <Button variant="text" onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Show as chart' : 'Show as table'}
          </Button>
        )
      }
    >
      <QueryPanel query={trend} what="the trend" skeleton={<BlockSkeleton height={openHeight} />}>
        {() =>
          points.length > 0 &&
          (asTable ? (
            <DataTable
              caption={copy.open}
              columns={columnsOf(points)}
              rows={points.toReversed()}
              rowKey={({ day }) => day}
            />
          ) : (
            <div style={{ minHeight: openHeight }}>
              <Suspense fallback={<BlockSkeleton height={openHeight} />}>
                <OpenChart points={points} title={title} />
              </Suspense>
            </div>
          ))
        }
      </QueryPanel>
    </Section>
  )
}

/** Numbers of the last day are those of now, and lead to their findings. */
function columnsOf(points: readonly ScorePoint[]): readonly Column<ScorePoint>[] {
  const now = points.at(-1)
  const linked = (point: ScorePoint, value: number, to: string) =>
    point === now && value > 0 ? <NavLink to={to}>{count(value)}</NavLink> : count(value)
  const bySeverity = (severity: Severity): Column<ScorePoint> => ({
    id: severity,
    header: severity,
    align: 'right',
    cell: point => linked(point, point.open[severity], findingsPath({ severity: [severity] })),
  })
  return [
    { id: 'day', header: 'Day', cell: ({ day }) => dayOf(day) },
    ...shownSeverities(points).map(bySeverity),
    {
      id: 'all',
      header: 'All open',
      align: 'right',
      cell: point => linked(point, totalOf(point.open), findingsPath({})),
    },
    {
      id: 'fixable',
      header: 'Fixable',
      align: 'right',
      cell: point => linked(point, point.fixable, findingsPath({ fix: 'available' })),
    },
  ]
}
