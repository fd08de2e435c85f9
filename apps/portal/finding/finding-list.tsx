import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { FindingFilter } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { useAddressParams } from '../app/address-params.ts'
import { trpc } from '../app/trpc.ts'
import { count, counted } from '../lib/quantity.ts'
import { withParam } from '../lib/search-params.ts'
import { IgnoredFilters } from '../ui/ignored-filters.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { NothingInScope, OnlyInScope } from '../ui/nothing-in-scope.tsx'
import { Notice } from '../ui/notice.tsx'
import { Muted } from '../ui/page.tsx'
import { Paging } from '../ui/paging.tsx'
import { QueryPanel } from '../ui/query-panel.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TableSkeleton } from '../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { FilterPills } from './filter-pills.tsx'
import { type FindingQuery, readFindingQuery, writeFindingQuery } from './finding-query.ts'
import { FindingTable } from './finding-table.tsx'
import { hasTokens, readQueryText } from './query-text.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useSelection } from './use-selection.ts'

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
const Explained = styled('p')(({ theme }) => ({
  margin: '4px 0 8px',
  maxWidth: '76ch',
  fontSize: '0.8125rem',
  color: theme.vars.palette.text.secondary,
}))

interface FindingListProps {
  /** What the page fixes: its image, or the state of a tab. The URL rules the rest. */
  readonly within?: Partial<FindingFilter>
  /** What to say when nothing is there although nothing was filtered. */
  readonly whenNone: React.ReactNode
}

/** The list of findings with its filters, the same everywhere; the URL is its state. */
export function FindingList({ within = {}, whenNone }: FindingListProps) {
  const [params, setParams] = useAddressParams()
  const { query, ignored } = readFindingQuery(params, within)
  const filter: FindingFilter = { ...query.filter, ...within }
  const findings = useQuery({
    ...trpc.findings.list.queryOptions({ filter, sort: query.sort, page: query.page, size: query.size }),
    placeholderData: keepPreviousData,
  })
  const selection = useSelection(filter)
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
      <IgnoredFilters ignored={ignored} />
      <QueryPanel query={findings} what="the findings" skeleton={<TableSkeleton rows={12} />}>
        {({ rows, total, disabledTotal }) => (
          <>
            <Line>
              <span role="status">{total > 0 && sentence(filter.status, total)}</span>
              <ListedBeside filter={filter} within={within} disabledTotal={disabledTotal} />
            </Line>
            {filter.status === 'undetermined' && total > 0 && <Explained>{copy.undeterminedList}</Explained>}
            {total === 0 ? (
              <Nothing
                filter={filter}
                within={within}
                onClear={() => filterBy({ status: filter.status, scope: filter.scope })}
              >
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
                selection={selection}
              />
            )}
            <Paging
              page={query.page}
              size={query.size}
              total={total}
              onPage={page => go({ page })}
              onSize={size => go({ size })}
            />
            <SelectionBar selection={selection} filter={filter} total={total} />
          </>
        )}
      </QueryPanel>
    </>
  )
}

/** What the same filters choose beside the rows, each number one click from its rows. */
function ListedBeside({
  filter,
  within,
  disabledTotal,
}: {
  filter: FindingFilter
  within: Partial<FindingFilter>
  disabledTotal: number
}) {
  const [params] = useSearchParams()
  const asUsual = filter.status === 'open' && filter.class === undefined
  const beside = useQuery({
    ...trpc.findings.beside.queryOptions(filter),
    placeholderData: keepPreviousData,
    enabled: asUsual,
  })
  if (!asUsual) return null
  const { undetermined = 0, unimportant = 0, kernelHeaders = 0 } = beside.data ?? {}
  const ofStatus = within.status === undefined
  const all: readonly [number: number, what: string, change: Partial<FindingFilter>][] = [
    [ofStatus ? disabledTotal : 0, 'disabled', { status: 'disabled' }],
    [ofStatus ? undetermined : 0, 'undetermined', { status: 'undetermined' }],
    [unimportant, 'unimportant', { class: ['unimportant'] }],
    [kernelHeaders, 'in kernel headers', { class: ['kernel-headers'] }],
  ]
  const to = (change: Partial<FindingFilter>) => {
    const { query } = readFindingQuery(params, within)
    const next = { ...query, page: 1, filter: { ...query.filter, ...change } }
    return `?${writeFindingQuery(params, next, within)}`
  }
  return all
    .filter(([number]) => number > 0)
    .map(([number, what, change]) => (
      <NavLink key={what} to={{ search: to(change) }} preventScrollReset>
        {count(number)} {what}
      </NavLink>
    ))
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
  const [params] = useSearchParams()
  const filtered = Object.entries(filter).some(
    ([field, value]) =>
      field !== 'status' && field !== 'scope' && value !== undefined && !Object.hasOwn(within, field),
  )
  if (!filtered) {
    if (filter.scope === undefined) return children
    return <NothingInScope what={`No ${filter.status} finding is in it.`}>{children}</NothingInScope>
  }
  return (
    <Notice
      title="No finding matches these filters"
      actions={<Button onClick={onClear}>Drop all filters</Button>}
    >
      <p>
        <Muted>Drop one of them above, or all.</Muted>
      </p>
      {filter.scope !== undefined && <OnlyInScope />}
      <WithoutLists filter={filter} />
      {within.digest !== undefined && isVulnerabilityId(filter.q) && (
        <p>
          <NavLink to={{ search: `?${withParam(params, 'explain', filter.q)}` }} underline="always">
            Why {filter.q} is not reported here
          </NavLink>
        </p>
      )}
    </Notice>
  )
}

/** `CVE-2024-0727`, `UBUNTU-CVE-2024-0727`, `DSA-5532-1`, `RHSA-2024:1234`. */
const isVulnerabilityId = (text: string | undefined): text is string =>
  text !== undefined && /^[a-z]+(-cve)?-\d+[-:]\d+$/i.test(text)

/** A filter by a list that was never imported finds nothing, which says nothing. */
function WithoutLists({ filter }: { filter: FindingFilter }) {
  const asked = { kev: filter.kev !== undefined, epss: filter.epssAtLeast !== undefined }
  const lists = useQuery({
    ...trpc.advisories.threatLists.queryOptions(),
    enabled: asked.kev || asked.epss,
  })
  if (lists.data === undefined) return null
  return (
    <>
      {asked.kev && lists.data.kev === null && <p>{copy.noKevList}</p>}
      {asked.epss && lists.data.epss === null && <p>{copy.noEpssList}</p>}
    </>
  )
}
