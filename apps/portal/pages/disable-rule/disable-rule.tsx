import { styled } from '@mui/material/styles'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { counted } from '../../lib/quantity.ts'
import { kindBeside } from '../../lib/rule-words.ts'
import { DeleteRule } from '../../rule/delete-rule.tsx'
import { placeRows } from '../../rule/place.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { copy as recommendationCopy } from '../recommendation/copy.ts'
import { copy } from './copy.ts'
import { PlaceMenu } from './place-menu.tsx'
import { type NamedRule, type PlaceWithRules, withRules } from './rules-at.ts'

/** The original's scope tree: Item, Current status, More. From each node an editor opens, and the rules it has. */
export function DisableRulePage() {
  const mayChange = useMayChange()
  const tree = useQuery(trpc.scopes.tree.queryOptions())
  const rules = useQuery(trpc.rules.places.queryOptions())
  const places = useMemo(() => (tree.data ? placeRows(tree.data) : []), [tree.data])
  return (
    <>
      <PageHeader
        title={mayChange ? copy.title : copy.readersTitle}
        trail={[
          { label: 'Recommendations', to: paths.recommendations },
          { label: recommendationCopy.title, to: paths.containerImages },
        ]}
      >
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <QueryPanel query={tree} what="the scopes" skeleton={<TableSkeleton rows={6} />}>
        {() => (
          <QueryPanel query={rules} what="the disable rules" skeleton={<TableSkeleton rows={6} />}>
            {withOwn => <Tree rows={withRules(places, withOwn)} />}
          </QueryPanel>
        )}
      </QueryPanel>
    </>
  )
}

function Tree({ rows }: { rows: readonly PlaceWithRules[] }) {
  const mayChange = useMayChange()
  const [deleting, setDeleting] = useState<NamedRule | null>(null)
  const columns = useMemo(() => columnsFor(mayChange, setDeleting), [mayChange])
  return (
    <>
      <DataTable caption="Scopes" columns={columns} rows={rows} rowKey={row => row.key} />
      <DeleteRule rule={deleting} onClose={() => setDeleting(null)} />
    </>
  )
}

const Item = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  flexWrap: 'wrap',
  gap: '0 8px',
  '& > small': { fontSize: '0.75rem', color: theme.vars.palette.text.secondary },
}))

const columnsFor = (
  mayChange: boolean,
  onDelete: (rule: NamedRule) => void,
): readonly Column<PlaceWithRules>[] => [
  {
    id: 'item',
    header: 'Item',
    cell: row => (
      <Item style={{ paddingLeft: row.depth * 20 }}>
        {mayChange ? (
          <NavLink to={paths.newRuleAt(row.key)} data-row-link="">
            {row.name}
          </NavLink>
        ) : (
          <b style={{ fontWeight: 550 }}>{row.name}</b>
        )}
        <small>{kindBeside(row.kind, row.name)}</small>
      </Item>
    ),
  },
  { id: 'status', header: 'Current status', cell: row => <Status row={row} /> },
  {
    id: 'more',
    header: 'More',
    align: 'right',
    width: 64,
    cell: row => <PlaceMenu row={row} mayChange={mayChange} onDelete={onDelete} />,
  },
]

function Status({ row }: { row: PlaceWithRules }) {
  const [newest] = row.newest
  if (newest === undefined) return row.inherits ? <Muted>{copy.above}</Muted> : null
  const single = row.rules === 1
  return (
    <NavLink to={single ? paths.rule(newest.id) : paths.rulesOf({ at: row.key })} everywhere={!single}>
      {single ? 'Rule applied' : `${counted(row.rules, 'rule')} applied`}
    </NavLink>
  )
}
