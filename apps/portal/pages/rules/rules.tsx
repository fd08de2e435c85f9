import Button from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import type { DisableRule, RulePage, RuleSort } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { useAddressParams } from '../../app/address-params.ts'
import { paths } from '../../app/paths.ts'
import { useScope } from '../../app/scope.tsx'
import { Link } from '../../app/scoped-link.tsx'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { withPage, withSize } from '../../lib/page-params.ts'
import { criteriaSentence } from '../../lib/rule-sentence.ts'
import { statusText } from '../../lib/rule-words.ts'
import { withParam } from '../../lib/search-params.ts'
import { type Place, placeKey, placeRows } from '../../rule/place.ts'
import { Disables, Expires, OverriddenBy, ScopeText, StatusLabel } from '../../rule/rule-cells.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FilterLinks } from '../../ui/filter-links.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { IgnoredFilters } from '../../ui/ignored-filters.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { NothingInScope, OnlyInScope } from '../../ui/nothing-in-scope.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { Pill } from '../../ui/pill.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy, statusMeaning } from './copy.ts'
import { readRuleFilter, statuses, usualSort } from './rule-filters.ts'

/** The one central list of disable rules. */
export function RulesPage() {
  const [params] = useSearchParams()
  const scope = useScope()
  const { status, at, q, sort, page, size } = readRuleFilter(params)
  const rules = useQuery({
    ...trpc.rules.list.queryOptions({
      status,
      at: at ?? undefined,
      q: q.trim() || undefined,
      sort,
      page,
      size,
      scope,
    }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHeader title={copy.title} actions={<Actions />}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <QueryPanel query={rules} what="the disable rules" skeleton={<TableSkeleton rows={4} />}>
        {answer => <List answer={answer} busy={rules.isPlaceholderData} />}
      </QueryPanel>
    </>
  )
}

function Actions() {
  const mayChange = useMayChange()
  return (
    <>
      <Button component={Link} to={paths.disableRule}>
        {copy.byScope}
      </Button>
      {mayChange ? (
        <Button variant="contained" component={Link} to={paths.newRule}>
          {copy.create}
        </Button>
      ) : (
        <Tooltip title={copy.readersCannot}>
          <span>
            <Button variant="contained" disabled>
              {copy.create}
            </Button>
          </span>
        </Tooltip>
      )}
    </>
  )
}

function List({ answer, busy }: { answer: RulePage; busy: boolean }) {
  const [params, setParams] = useAddressParams()
  const filter = readRuleFilter(params)
  const { status, at, q, ignored } = filter
  const { rows, total, byStatus } = answer
  const all = Object.values(byStatus).reduce((sum, number) => sum + number, 0)
  const set = (name: string, value: string | null, replace = false) =>
    setParams(withPage(withParam(params, name, value), 1), { replace, preventScrollReset: true })
  if (all === 0 && at === null && q === '') return <None />
  return (
    <>
      <ActionLine style={{ paddingBlock: 8 }}>
        <SearchField
          label="Search rules"
          placeholder="Name, CVE, package, owner or note"
          value={q}
          onChange={(text, complete) => set('q', text.trim() || null, !complete)}
        />
        {at !== null && <PlacePill at={at} onClear={() => set('at', null)} />}
        <IgnoredFilters ignored={ignored} />
      </ActionLine>
      <FilterLinks
        label="Rules by status"
        param="status"
        values={statuses.map(value => ({ value, label: statusText[value], number: byStatus[value] }))}
        all={all}
        chosen={status}
      />
      {total === 0 ? (
        <Notice title={q === '' ? copy.noneOfStatus : copy.noMatch} icon="rules">
          <p>{q === '' && status && statusMeaning[status]}</p>
          <OnlyInScope />
        </Notice>
      ) : (
        <DataTable
          caption={copy.title}
          columns={columns}
          rows={rows}
          rowKey={row => row.id}
          sort={filter.sort}
          onSort={next => set('sort', next === usualSort ? null : next)}
          busy={busy}
        />
      )}
      <Paging
        page={filter.page}
        size={filter.size}
        total={total}
        onPage={page => setParams(withPage(params, page))}
        onSize={size => setParams(withSize(params, size))}
      />
    </>
  )
}

const None = () => (
  <NothingInScope what={copy.noneInScope}>
    <Notice title={copy.none} icon="rules">
      <p>{copy.noneText}</p>
    </Notice>
  </NothingInScope>
)

/** The node whose rules alone are listed, by its name. */
function PlacePill({ at, onClear }: { at: Place; onClear: () => void }) {
  const tree = useQuery(trpc.scopes.tree.queryOptions())
  const rows = tree.data ? placeRows(tree.data) : []
  return (
    <Pill label="Scope" value={rows.find(row => row.key === placeKey(at))?.name ?? at.id} onClear={onClear} />
  )
}

const columns: readonly Column<DisableRule, RuleSort>[] = [
  {
    id: 'name',
    header: 'Rule',
    sort: { ascending: 'name', descending: '-name', first: 'ascending' },
    cell: row => (
      <NavLink to={paths.rule(row.id)} data-row-link="">
        {row.name}
      </NavLink>
    ),
  },
  { id: 'scope', header: 'Scope', cell: row => <ScopeText scope={row.scope} name={row.scopeName} /> },
  {
    id: 'criteria',
    header: 'Disables findings with',
    cell: row => criteriaSentence(row.criteria, row.match),
  },
  {
    id: 'disables',
    header: 'Disables now',
    align: 'right',
    sort: { ascending: 'disables', descending: '-disables', first: 'descending' },
    cell: row => <Disables rule={row} />,
  },
  {
    id: 'status',
    header: 'Status',
    cell: row => (
      <>
        <span title={statusMeaning[row.status]}>
          <StatusLabel status={row.status} />
        </span>
        {row.overriddenBy.length > 0 && <br />}
        <OverriddenBy rule={row} />
      </>
    ),
  },
  {
    id: 'expires',
    header: 'Expires',
    sort: { ascending: 'expires', descending: '-expires', first: 'ascending' },
    cell: row => <Expires rule={row} />,
  },
  { id: 'matched', header: 'Last matched', cell: row => <When at={row.lastMatchedAt} /> },
  {
    id: 'saved',
    header: 'Saved',
    sort: { ascending: 'saved', descending: '-saved', first: 'descending' },
    cell: row => <When at={row.savedAt} />,
  },
  { id: 'by', header: 'Created by', cell: row => row.createdBy },
]
