import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { FindingFilter } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { trpc } from '../app/trpc.ts'
import { count, counted } from '../lib/quantity.ts'
import { NavLink } from '../ui/nav-link.tsx'
import { Notice } from '../ui/notice.tsx'
import { Muted } from '../ui/page.tsx'
import { Paging } from '../ui/paging.tsx'
import { QueryPanel } from '../ui/query-panel.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TableSkeleton } from '../ui/skeleton.tsx'
import { FilterPills } from './filter-pills.tsx'
import { type FindingQuery, readFindingQuery, writeFindingQuery } from './finding-query.ts'
import { FindingTable } from './finding-table.tsx'
import { hasTokens, readQueryText } from './query-text.ts'

const Toolbar = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: 8,
  paddingBlock: 8,
})
const Line = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  gap: '4px 16px',
  minHeight: 24,
  fontSize: '0.8125rem',
})
const Ignored = styled('span')(({ theme }) => ({
  padding: '1px 8px',
  borderRadius: 4,
  border: `1px dashed ${theme.vars.palette.surface.line}`,
}))

interface FindingListProps {
  /** What the page fixes: its image, or the state of a tab. The URL rules the rest. */
  readonly within?: Partial<FindingFilter>
  /** What to say when nothing is there although nothing was filtered. */
  readonly whenNone: React.ReactNode
}

/** The list of findings with its filters, the same everywhere; the URL is its state. */
export function FindingList({ within = {}, whenNone }: FindingListProps) {
  const [params, setParams] = useSearchParams()
  const { query, ignored } = readFindingQuery(params, within)
  const filter: FindingFilter = { ...query.filter, ...within }
  const findings = useQuery({
    ...trpc.findings.list.queryOptions({ filter, sort: query.sort, page: query.page, size: query.size }),
    placeholderData: keepPreviousData,
  })
  const go = (change: Partial<FindingQuery>, replace = false) =>
    setParams(writeFindingQuery(params, { ...query, page: 1, ...change }, within), {
      replace,
      preventScrollReset: true,
    })
  const filterBy = (next: FindingFilter, replace = false) => {
    const own = Object.fromEntries(Object.entries(next).filter(([field]) => !Object.hasOwn(within, field)))
    go({ filter: { status: 'open', ...own } }, replace)
  }
  const search = (text: string, complete: boolean) => {
    // Half a token means nothing yet; it is read when it is confirmed.
    if (hasTokens(text)) return complete && filterBy(readQueryText(text, filter))
    return filterBy({ ...filter, q: text.trim() || undefined }, !complete)
  }
  return (
    <>
      <Toolbar>
        <SearchField
          label="Search findings"
          placeholder="CVE, package or sev:critical fix:available"
          value={query.filter.q ?? ''}
          onChange={search}
        />
        <FilterPills filter={filter} within={within} onChange={filterBy} />
      </Toolbar>
      {ignored.length > 0 && (
        <Line role="status">
          {ignored.map(each => (
            <Ignored key={each}>Ignored filter {each}</Ignored>
          ))}
        </Line>
      )}
      <QueryPanel query={findings} what="the findings" skeleton={<TableSkeleton rows={12} />}>
        {({ rows, total, disabledTotal }) => (
          <>
            <Line>
              <span role="status">{total > 0 && sentence(filter.status, total)}</span>
              {filter.status === 'open' && within.status === undefined && disabledTotal > 0 && (
                <NavLink
                  to={{
                    search: `?${writeFindingQuery(params, { ...query, page: 1, filter: { ...query.filter, status: 'disabled' } })}`,
                  }}
                >
                  {count(disabledTotal)} disabled
                </NavLink>
              )}
            </Line>
            {total === 0 ? (
              <Nothing filter={filter} within={within} onClear={() => filterBy({ status: filter.status })}>
                {whenNone}
              </Nothing>
            ) : (
              <FindingTable
                rows={rows}
                sort={query.sort}
                onSort={sort => go({ sort })}
                busy={findings.isPlaceholderData}
                currentId={params.get('finding')}
                ofOneImage={within.digest !== undefined}
                disabled={filter.status === 'disabled'}
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

function sentence(status: FindingFilter['status'], total: number): string {
  const what = { open: 'open', disabled: 'disabled', undetermined: 'undetermined', closed: 'closed' }[status]
  return counted(total, `${what} finding`)
}

interface NothingProps {
  readonly filter: FindingFilter
  readonly within: Partial<FindingFilter>
  readonly onClear: () => void
  readonly children: React.ReactNode
}

/** Says why no row is there: because of the filters, which it offers to drop, or because there is none at all. */
function Nothing({ filter, within, onClear, children }: NothingProps) {
  const filtered = Object.entries(filter).some(
    ([field, value]) => field !== 'status' && value !== undefined && !Object.hasOwn(within, field),
  )
  if (!filtered) return children
  return (
    <Notice
      title="No finding matches these filters"
      actions={<Button onClick={onClear}>Drop all filters</Button>}
    >
      <p>
        <Muted>Drop one of them above, or all.</Muted>
      </p>
    </Notice>
  )
}
