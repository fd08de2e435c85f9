import Button from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import type { DisableRule } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { Link } from '../../app/scoped-link.tsx'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { criteriaSentence } from '../../lib/rule-sentence.ts'
import { statusText } from '../../lib/rule-words.ts'
import { withParam } from '../../lib/search-params.ts'
import { placeKey } from '../../rule/place.ts'
import { Disables, Expires, OverriddenBy, ScopeText, StatusLabel } from '../../rule/rule-cells.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { FilterLinks } from '../../ui/filter-links.tsx'
import { ActionLine } from '../../ui/form-parts.ts'
import { IgnoredFilters } from '../../ui/ignored-filters.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy, statusMeaning } from './copy.ts'
import { readRuleFilter, statuses } from './rule-filters.ts'

/** The one central list of disable rules. */
export function RulesPage() {
  const rules = useQuery(trpc.rules.list.queryOptions())
  return (
    <>
      <PageHeader title={copy.title} actions={<Actions />}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <QueryPanel query={rules} what="the disable rules" skeleton={<TableSkeleton rows={4} />}>
        {all =>
          all.length === 0 ? (
            <Notice title={copy.none} icon="rules">
              <p>{copy.noneText}</p>
            </Notice>
          ) : (
            <List all={all} />
          )
        }
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

function List({ all }: { all: readonly DisableRule[] }) {
  const [params, setParams] = useSearchParams()
  const { status, at, ignored } = readRuleFilter(params)
  const there = at === null ? all : all.filter(rule => placeKey(rule.scope) === placeKey(at))
  const rows = status === undefined ? there : there.filter(rule => rule.status === status)
  const numberOf = (each: DisableRule['status']) => there.filter(rule => rule.status === each).length
  return (
    <>
      <ActionLine style={{ paddingBlock: 8 }}>
        <FilterLinks
          label="Rules by status"
          param="status"
          values={statuses.map(value => ({ value, label: statusText[value], number: numberOf(value) }))}
          all={there.length}
          chosen={status}
        />
        {at !== null && (
          <Pill
            label="Scope"
            value={there[0]?.scopeName ?? at.id}
            onClear={() => setParams(withParam(params, 'at', null))}
          />
        )}
        <IgnoredFilters ignored={ignored} />
      </ActionLine>
      {rows.length === 0 ? (
        <Notice title={copy.noneOfStatus} icon="rules">
          <p>{status && statusMeaning[status]}</p>
        </Notice>
      ) : (
        <DataTable caption={copy.title} columns={columns} rows={rows} rowKey={row => row.id} />
      )}
    </>
  )
}

const columns: readonly Column<DisableRule>[] = [
  {
    id: 'name',
    header: 'Rule',
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
  { id: 'disables', header: 'Disables now', align: 'right', cell: row => <Disables rule={row} /> },
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
  { id: 'expires', header: 'Expires', cell: row => <Expires rule={row} /> },
  { id: 'matched', header: 'Last matched', cell: row => <When at={row.lastMatchedAt} /> },
  { id: 'by', header: 'Created by', cell: row => row.createdBy },
]
