import { styled } from '@mui/material/styles'
import type { ScopeTree } from '@plimsoll/types'
import { useMemo } from 'react'
import { paths } from '../../app/paths.ts'
import { triggersSentence } from '../../lib/plan-words.ts'
import { count } from '../../lib/quantity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { PlanLabel } from '../../ui/plan-label.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import type { ScopeTask } from './scope-dialog.tsx'
import { ScopeMenu } from './scope-menu.tsx'
import { type ScopeRow, scopeRows } from './scope-rows.ts'

const kindText: Readonly<Record<ScopeRow['kind'], string>> = {
  group: 'Management group',
  subscription: 'Subscription',
  'resource-group': 'Resource group',
  registry: 'Registry',
}

const Item = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  flexWrap: 'wrap',
  gap: '0 8px',
  '& > span': { fontSize: '0.75rem', color: theme.vars.palette.text.secondary },
}))

interface ScopeTableProps {
  readonly tree: ScopeTree
  /** Null: the viewer may change nothing. */
  readonly onTask: ((task: ScopeTask) => void) | null
}

export function ScopeTable({ tree, onTask }: ScopeTableProps) {
  const rows = useMemo(() => scopeRows(tree), [tree])
  const columns = useMemo(() => (onTask === null ? facts : [...facts, actionsColumn(onTask)]), [onTask])
  return <DataTable caption="Scopes" columns={columns} rows={rows} rowKey={row => row.key} />
}

const facts: readonly Column<ScopeRow>[] = [
  { id: 'name', header: 'Item', cell: row => <Name row={row} /> },
  { id: 'plan', header: 'Plan', cell: row => <PlanCell row={row} /> },
  {
    id: 'triggers',
    header: 'Scans on',
    cell: row => row.kind === 'subscription' && <Muted>{triggersSentence(row.subscription)}</Muted>,
  },
  {
    id: 'registries',
    header: 'Registries',
    align: 'right',
    cell: row =>
      row.kind === 'subscription' && (
        <Linked
          to={paths.registriesOf(row.subscription.id)}
          number={row.subscription.registries}
          what="registries"
        />
      ),
  },
  {
    id: 'images',
    header: 'Images',
    align: 'right',
    cell: row =>
      row.kind === 'subscription' && (
        <Linked
          to={paths.imagesOf({ subscriptionId: row.subscription.id })}
          number={row.subscription.images}
          what="images"
        />
      ),
  },
  {
    id: 'charged',
    header: 'Charged so far',
    align: 'right',
    cell: row =>
      row.kind === 'subscription' && (
        <Linked
          to={paths.billing({ subscriptionId: row.subscription.id })}
          number={row.subscription.chargedImages}
          what="images charged"
        />
      ),
  },
]

const actionsColumn = (onTask: (task: ScopeTask) => void): Column<ScopeRow> => ({
  id: 'more',
  header: 'More',
  hideHeader: true,
  align: 'right',
  cell: row => <ScopeMenu row={row} onTask={onTask} />,
})

function Name({ row }: { row: ScopeRow }) {
  return (
    <Item style={{ paddingLeft: row.depth * 20 }}>
      <Title row={row} />
      <span>{kindText[row.kind]}</span>
    </Item>
  )
}

function Title({ row }: { row: ScopeRow }) {
  if (row.kind === 'subscription') {
    return (
      <NavLink to={paths.subscription(row.subscription.id)} data-row-link="">
        {row.name}
      </NavLink>
    )
  }
  if (row.kind === 'registry') return <NavLink to={paths.registry(row.registryId)}>{row.name}</NavLink>
  return <b style={{ fontWeight: 550 }}>{row.name}</b>
}

function PlanCell({ row }: { row: ScopeRow }) {
  if (row.kind === 'subscription') return <PlanLabel plan={row.subscription.plan} />
  if (row.kind !== 'group') return null
  const all = row.group.subscriptions
  if (all === 0) return <Muted>No subscription</Muted>
  return (
    <Muted>
      {row.plansOn === all
        ? all === 1
          ? 'On'
          : `On in all ${count(all)}`
        : `On in ${count(row.plansOn)} of ${count(all)}`}
    </Muted>
  )
}

const Linked = ({ to, number, what }: { to: string; number: number; what: string }) =>
  number === 0 ? (
    '0'
  ) : (
    <NavLink to={to} everywhere>
      {count(number)}
      <VisuallyHidden> {what}</VisuallyHidden>
    </NavLink>
  )
