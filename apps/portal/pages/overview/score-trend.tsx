import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { ScoreCause } from '@plimsoll/types'
import { lazy, Suspense, useState } from 'react'
import { count, points } from '../../lib/quantity.ts'
import { dayOf } from '../../lib/relative-time.ts'
import { totalOf } from '../../lib/severity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { causePath, causeSentence, type TrendDay, trendDays, trendHeight, trendSentence } from './trend.ts'
import { useTrend } from './use-trend.ts'

// Charts are a fifth of a megabyte; only this page has any.
const TrendChart = lazy(async () => ({ default: (await import('./charts.ts')).TrendChart }))

const Causes = styled('ul')(({ theme }) => ({
  margin: '8px 0 0',
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  lineHeight: '24px',
  '& li': { display: 'grid', gridTemplateColumns: '92px minmax(0, 1fr)', overflowWrap: 'anywhere' },
  '& time': { color: theme.vars.palette.text.secondary },
}))

/** Links of several causes stand close to each other. */
const TallLink = styled(NavLink)({ display: 'block', lineHeight: '24px' })

const NoWrap = styled('span')({ whiteSpace: 'nowrap' })

const shownCauses = 3

/** The score of the last days: as a chart, or as a table of the same numbers, with what may have changed it. */
export function ScoreTrend() {
  const trend = useTrend()
  const [asTable, setAsTable] = useState(false)
  const title = trend.data === undefined ? copy.trend : trendSentence(trend.data.points)
  return (
    <Section
      id="trend"
      first
      title={title}
      aside={
        trend.data && (
          <Button variant="text" onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Show as chart' : 'Show as table'}
          </Button>
        )
      }
    >
      <QueryPanel query={trend} what="the trend" skeleton={<BlockSkeleton height={trendHeight} />}>
        {data => {
          const days = trendDays(data)
          if (asTable) {
            return (
              <DataTable
                caption={copy.trend}
                columns={columns}
                rows={days.toReversed()}
                rowKey={({ point }) => point.day}
              />
            )
          }
          return (
            <>
              <div style={{ minHeight: trendHeight }}>
                <Suspense fallback={<BlockSkeleton height={trendHeight} />}>
                  <TrendChart days={days} title={title} />
                </Suspense>
              </div>
              <CauseList causes={data.causes.toReversed().slice(0, shownCauses)} />
            </>
          )
        }}
      </QueryPanel>
    </Section>
  )
}

/** The newest of what the dashed lines stand for. */
function CauseList({ causes }: { causes: readonly ScoreCause[] }) {
  return (
    <Causes aria-label={copy.causes}>
      {causes.map(cause => (
        <li key={cause.at + cause.kind + cause.name}>
          <time dateTime={cause.at}>{dayOf(cause.at)}</time>
          <Cause cause={cause} />
        </li>
      ))}
    </Causes>
  )
}

function Cause({ cause }: { cause: ScoreCause }) {
  const to = causePath(cause)
  const sentence = causeSentence(cause)
  return to === null ? <span>{sentence}</span> : <TallLink to={to}>{sentence}</TallLink>
}

const columns: readonly Column<TrendDay>[] = [
  { id: 'day', header: 'Day', cell: ({ point }) => <NoWrap>{dayOf(point.day)}</NoWrap> },
  {
    id: 'score',
    header: 'Points',
    align: 'right',
    cell: ({ point }) => (point.score.percentage === null ? <Muted>–</Muted> : points(point.score.current)),
  },
  {
    id: 'registries',
    header: 'Healthy registries',
    align: 'right',
    cell: ({ point: { registries } }) =>
      `${count(registries.healthy)} of ${count(registries.healthy + registries.unhealthy)}`,
  },
  {
    id: 'open',
    header: 'Open findings',
    align: 'right',
    cell: ({ point }) => count(totalOf(point.open)),
  },
  { id: 'fixable', header: 'Fixable', align: 'right', cell: ({ point }) => count(point.fixable) },
  {
    id: 'causes',
    header: copy.causes,
    cell: ({ causes }) =>
      causes.map(cause => (
        <div key={cause.at + cause.kind + cause.name}>
          <Cause cause={cause} />
        </div>
      )),
  },
]
