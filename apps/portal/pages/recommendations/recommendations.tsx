import type { RecommendationSummary } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { exportPath } from '../../lib/export-path.ts'
import { count, counted, points } from '../../lib/quantity.ts'
import { withParam } from '../../lib/search-params.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { DownloadLink } from '../../ui/download-link.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SeverityLabel } from '../../ui/severity.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Toolbar } from '../../ui/toolbar.ts'
import { Insights } from '../recommendation/insights.tsx'
import { registriesPath } from '../recommendation/registries-path.ts'
import { copy } from './copy.ts'
import { NewNotices } from './new-notices.tsx'

/** The list as the URL has it searched. */
export function RecommendationsPage() {
  const scope = useScope()
  const [params, setParams] = useAddressParams()
  const q = params.get('q')?.slice(0, 200) || undefined
  const recommendations = useQuery({
    ...trpc.recommendations.list.queryOptions({ scope, q }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHeader title={copy.title}>
        <Prose>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <NewNotices />
      <Toolbar>
        <SearchField
          label={copy.search}
          value={q ?? ''}
          onChange={(text, complete) =>
            setParams(withParam(params, 'q', text.trim() || null), { replace: !complete })
          }
        />
        <DownloadLink href={exportPath('recommendations', { q }, scope)} of="the recommendations" />
      </Toolbar>
      <QueryPanel query={recommendations} what="the recommendations" skeleton={<TableSkeleton rows={1} />}>
        {rows =>
          rows.length === 0 ? (
            <Muted role="status">{copy.noMatch}</Muted>
          ) : (
            <DataTable
              caption={copy.title}
              columns={columns}
              rows={rows}
              rowKey={row => row.key}
              busy={recommendations.isPlaceholderData}
            />
          )
        }
      </QueryPanel>
    </>
  )
}

const columns: readonly Column<RecommendationSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: row => (
      <>
        <NavLink to={paths.containerImages} data-row-link="">
          {row.name}
        </NavLink>
        <br />
        <Muted>{row.control}</Muted>
      </>
    ),
  },
  { id: 'severity', header: 'Severity', cell: row => <SeverityLabel severity={row.severity} /> },
  { id: 'max', header: 'Max score', align: 'right', cell: row => points(row.score.max) },
  { id: 'current', header: 'Current score', align: 'right', cell: row => points(row.score.current) },
  {
    id: 'increase',
    header: 'Potential score increase',
    align: 'right',
    cell: row => `+${points(row.potentialScoreIncrease)}`,
  },
  { id: 'status', header: 'Status', cell: row => <HealthLabel health={row.status} /> },
  {
    id: 'unhealthy',
    header: 'Unhealthy resources',
    cell: row => (
      <>
        <NavLink to={registriesPath('unhealthy')}>{count(row.unhealthyRegistries)}</NavLink> of{' '}
        {counted(row.unhealthyRegistries + row.healthyRegistries, 'resource')}
      </>
    ),
  },
  { id: 'insights', header: 'Insights', cell: row => <Insights insights={row.insights} /> },
]
