import type { SecurityCheckRow } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useAddressParams } from '../../app/address-params.ts'
import { useScope } from '../../app/scope.tsx'
import { trpc } from '../../app/trpc.ts'
import { FindingLink } from '../../finding/finding-link.tsx'
import { useOfferFindingOrder } from '../../finding/finding-order.tsx'
import { findingsPath } from '../../finding/finding-query.ts'
import { exportPath } from '../../lib/export-path.ts'
import { count, counted } from '../../lib/quantity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { DownloadLink } from '../../ui/download-link.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SeverityLabel } from '../../ui/severity.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { Toolbar } from '../../ui/toolbar.ts'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { type CheckSort, readCheckQuery, writeCheckQuery } from './check-query.ts'
import { copy } from './copy.ts'

/** One row per vulnerability over all scanned images, in two tabs: what counts, and what rules disable. */
export function SecurityChecks() {
  return (
    <Section id="checks" title={copy.checks} collapsible>
      <UrlTabs
        param="checks"
        label={copy.checks}
        drops={['page', 'q', 'sort']}
        tabs={[
          { id: 'findings', label: 'Findings' },
          { id: 'disabled', label: 'Disabled findings' },
        ]}
      >
        {tab => <Checks tab={tab} key={tab} />}
      </UrlTabs>
    </Section>
  )
}

function Checks({ tab }: { tab: 'findings' | 'disabled' }) {
  const [params, setParams] = useAddressParams()
  const query = readCheckQuery(params)
  const scope = useScope()
  const checks = useQuery({
    ...trpc.recommendations.securityChecks.queryOptions({ tab, ...query, scope }),
    placeholderData: keepPreviousData,
  })
  const go = (change: Partial<typeof query>, replace = false) =>
    setParams(writeCheckQuery(params, { ...query, page: 1, ...change }), {
      replace,
      preventScrollReset: true,
    })
  const columns = tab === 'findings' ? open : disabled
  useOfferFindingOrder(useMemo(() => checks.data?.rows.map(row => row.findingId) ?? [], [checks.data]))
  return (
    <>
      <Toolbar>
        <SearchField
          label="Search security checks"
          value={query.q ?? ''}
          onChange={(text, complete) => go({ q: text.trim() || undefined }, !complete)}
        />
        <span role="status">{checks.data && counted(checks.data.total, 'security check')}</span>
        <DownloadLink
          href={exportPath('security-checks', { tab, q: query.q, sort: query.sort }, scope)}
          of="the security checks"
        />
      </Toolbar>
      <QueryPanel query={checks} what="the security checks" skeleton={<TableSkeleton rows={10} />}>
        {({ rows, total }) => (
          <>
            {total === 0 ? (
              <Muted>
                {query.q ? copy.noMatch : tab === 'findings' ? copy.noChecks : copy.noDisabledChecks}
              </Muted>
            ) : (
              <DataTable
                caption={copy.checks}
                columns={columns}
                rows={rows}
                rowKey={row => row.findingId}
                currentKey={params.get('finding')}
                sort={query.sort}
                onSort={sort => go({ sort })}
                busy={checks.isPlaceholderData}
              />
            )}
            <Paging
              page={query.page}
              size={query.size}
              total={total}
              onPage={page => go({ page })}
              onSize={size => go({ size })}
            />
          </>
        )}
      </QueryPanel>
    </>
  )
}

type CheckColumn = Column<SecurityCheckRow, CheckSort>

const columnsFor = (status: 'open' | 'disabled'): readonly CheckColumn[] => [
  {
    id: 'id',
    header: 'ID',
    sort: { ascending: 'id', descending: '-id', first: 'ascending' },
    cell: row => (
      <FindingLink id={row.findingId} row>
        {row.vulnerabilityId}
      </FindingLink>
    ),
  },
  { id: 'check', header: 'Security check', cell: row => row.securityCheck },
  { id: 'category', header: 'Category', cell: row => row.category },
  {
    id: 'images',
    header: 'Applies to',
    sort: { ascending: 'images', descending: '-images', first: 'descending' },
    cell: row => (
      <NavLink
        to={findingsPath({ cve: row.vulnerabilityId, securityCheck: row.securityCheck, status })}
        sx={{ whiteSpace: 'nowrap' }}
      >
        {count(row.appliesToImages)} of {counted(row.scannedImages, 'scanned image')}
      </NavLink>
    ),
  },
  {
    id: 'severity',
    header: 'Severity',
    sort: { ascending: 'severity', descending: '-severity', first: 'descending' },
    cell: row => <SeverityLabel severity={row.severity} struck={status === 'disabled'} />,
  },
  { id: 'patch', header: 'Patch available', cell: row => (row.patchable ? 'Yes' : <Muted>No</Muted>) },
]

const open = columnsFor('open')
const disabled = columnsFor('disabled')
