import Button from '@mui/material/Button'
import type { ScopeTree } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { paths } from '../../app/paths.ts'
import { useMayChange } from '../../app/session.tsx'
import { trpc } from '../../app/trpc.ts'
import { ActionLine } from '../../ui/form-parts.ts'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { copy } from './copy.ts'
import { ScopeDialog, type ScopeTask } from './scope-dialog.tsx'
import { ScopeTable } from './scope-table.tsx'

/** Tenant, management groups, subscriptions and what they hold: made, renamed, moved and deleted here. */
export function ScopesPage() {
  const tree = useQuery(trpc.scopes.tree.queryOptions())
  return (
    <>
      <PageHeader title={copy.title} trail={[{ label: 'Settings', to: paths.settings }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <QueryPanel query={tree} what="the scopes" skeleton={<TableSkeleton rows={6} />}>
        {data => <Tree tree={data} />}
      </QueryPanel>
    </>
  )
}

function Tree({ tree }: { tree: ScopeTree }) {
  const mayChange = useMayChange()
  const [task, setTask] = useState<ScopeTask | null>(null)
  return (
    <>
      {mayChange ? (
        <ActionLine sx={{ mb: 1 }}>
          <Button onClick={() => setTask({ do: 'add-group' })}>{copy.addGroup}</Button>
          <Button onClick={() => setTask({ do: 'add-subscription' })}>{copy.addSubscription}</Button>
        </ActionLine>
      ) : (
        <p style={{ margin: '0 0 8px' }}>
          <Muted>{copy.readersCannot}</Muted>
        </p>
      )}
      <ScopeTable tree={tree} onTask={mayChange ? setTask : null} />
      <ScopeDialog tree={tree} task={task} onClose={() => setTask(null)} />
    </>
  )
}
