import type { RecommendationSummary } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { count, points } from '../../lib/quantity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SeverityLabel } from '../../ui/severity.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { NewNotices } from './new-notices.tsx'

export function RecommendationsPage() {
  const scope = useScope()
  const recommendations = useQuery(trpc.recommendations.list.queryOptions({ scope }))
  return (
    <>
      <PageHeader title={copy.title}>
        <Prose>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <NewNotices />
      <QueryPanel query={recommendations} what="the recommendations" skeleton={<TableSkeleton rows={1} />}>
        {rows => <DataTable caption={copy.title} columns={columns} rows={rows} rowKey={row => row.key} />}
      </QueryPanel>
    </>
  )
}

const columns: readonly Column<RecommendationSummary>[] = [
  {
    id: 'name',
    header: 'Recommendation',
    cell: row => (
      <NavLink to={paths.containerImages} data-row-link="">
        {row.name}
      </NavLink>
    ),
  },
  { id: 'control', header: 'Security control', cell: row => row.control },
  { id: 'severity', header: 'Severity', cell: row => <SeverityLabel severity={row.severity} /> },
  {
    id: 'unhealthy',
    header: 'Unhealthy registries',
    align: 'right',
    cell: row => (
      <>
        <NavLink to={paths.containerImages}>{count(row.unhealthyRegistries)}</NavLink> of{' '}
        {count(row.unhealthyRegistries + row.healthyRegistries)}
      </>
    ),
  },
  {
    id: 'current',
    header: 'Current score',
    align: 'right',
    cell: row => points(row.score.current),
  },
  { id: 'max', header: 'Max score', align: 'right', cell: row => points(row.score.max) },
  {
    id: 'increase',
    header: 'Potential increase',
    align: 'right',
    cell: row => `+${points(row.potentialScoreIncrease)}`,
  },
  { id: 'status', header: 'Status', cell: row => <HealthLabel health={row.status} /> },
]
