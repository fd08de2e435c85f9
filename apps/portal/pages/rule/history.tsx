import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../app/trpc.ts'
import { placeKey, placeRows } from '../../rule/place.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Muted, Section } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { historyOf, type RuleEvent } from './rule-history.ts'

/** Every version of a rule: who saved it, when, and what was before. */
export function History({ id }: { id: string }) {
  const revisions = useQuery(trpc.rules.revisions.queryOptions({ id }))
  const tree = useQuery(trpc.scopes.tree.queryOptions())
  const rows = tree.data ? placeRows(tree.data) : []
  return (
    <Section id="history" title="History">
      <QueryPanel query={revisions} what="the history" skeleton={<TableSkeleton rows={2} />}>
        {data => (
          <DataTable
            caption="History"
            columns={columns}
            rows={historyOf(data, scope => rows.find(row => row.key === placeKey(scope))?.name ?? scope.id)}
            rowKey={event => event.key}
          />
        )}
      </QueryPanel>
    </Section>
  )
}

const columns: readonly Column<RuleEvent>[] = [
  { id: 'what', header: 'What', width: 104, cell: event => event.what },
  { id: 'at', header: 'When', width: 136, cell: event => <When at={event.at} /> },
  { id: 'by', header: 'By', width: 160, cell: event => event.by ?? <Muted>by its end</Muted> },
  {
    id: 'changes',
    header: 'Before and after',
    cell: event =>
      event.changes.map(({ field, before, after }) => (
        <div key={field}>
          <Muted>{field}:</Muted> <del>{before}</del> → <ins style={{ textDecoration: 'none' }}>{after}</ins>
        </div>
      )),
  },
]
