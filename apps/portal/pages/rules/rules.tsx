import Button from '@mui/material/Button'
import Tooltip from '@mui/material/Tooltip'
import type { DisableRule } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { count } from '../../lib/quantity.ts'
import { criteriaSentence } from '../../lib/rule-sentence.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

export function RulesPage() {
  const rules = useQuery(trpc.rules.list.queryOptions())
  return (
    <>
      <PageHeader title={copy.title} actions={<CreateRule />}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <QueryPanel query={rules} what="the disable rules" skeleton={<TableSkeleton rows={4} />}>
        {rows =>
          rows.length === 0 ? (
            <Notice title={copy.none} icon="rules">
              <p>{copy.noneText}</p>
            </Notice>
          ) : (
            <DataTable caption={copy.title} columns={columns} rows={rows} rowKey={row => row.id} />
          )
        }
      </QueryPanel>
    </>
  )
}

function CreateRule() {
  const mayChange = useMayChange()
  if (mayChange) {
    return (
      <Button variant="contained" component={Link} to={paths.newRule}>
        {copy.create}
      </Button>
    )
  }
  return (
    <Tooltip title={copy.readersCannot}>
      <span>
        <Button variant="contained" disabled>
          {copy.create}
        </Button>
      </span>
    </Tooltip>
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
  { id: 'scope', header: 'Subscription', cell: row => row.subscriptionName },
  { id: 'criteria', header: 'Disables findings with', cell: row => criteriaSentence(row.criteria) },
  {
    id: 'disables',
    header: 'Disables now',
    align: 'right',
    cell: row =>
      row.disables === 0 ? (
        <Muted>nothing</Muted>
      ) : (
        <NavLink to={findingsPath({ status: 'disabled', ruleId: row.id })}>{count(row.disables)}</NavLink>
      ),
  },
  { id: 'by', header: 'Created by', cell: row => row.createdBy },
  { id: 'at', header: 'Created', cell: row => <When at={row.createdAt} /> },
]
