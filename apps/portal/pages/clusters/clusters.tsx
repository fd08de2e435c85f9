import type { Cluster } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { count } from '../../lib/quantity.ts'
import { CodeBlock } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader, Prose } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

/** The clusters whose pods are listed, and how to have one listed. */
export function ClustersPage() {
  const clusters = useQuery(trpc.clusters.list.queryOptions())
  return (
    <>
      <PageHeader title={copy.title} trail={[{ label: 'Settings', to: paths.settings }]}>
        <Prose style={{ marginTop: 4 }}>
          <Muted>{copy.intro}</Muted>
        </Prose>
      </PageHeader>
      <QueryPanel query={clusters} what="the clusters" skeleton={<TableSkeleton rows={2} />}>
        {rows =>
          rows.length === 0 ? (
            <Notice title={copy.none} icon="info">
              <p style={{ marginBottom: 8 }}>{copy.noneText}</p>
              <CodeBlock text={copy.command} what="command" />
            </Notice>
          ) : (
            <DataTable caption={copy.title} columns={columns} rows={rows} rowKey={row => row.name} />
          )
        }
      </QueryPanel>
    </>
  )
}

const columns: readonly Column<Cluster>[] = [
  { id: 'name', header: 'Cluster', cell: row => row.name },
  {
    id: 'state',
    header: 'State',
    cell: row =>
      row.error === null ? (
        <Muted>{row.listedAt === null ? copy.notYet : copy.listed}</Muted>
      ) : (
        <span style={{ display: 'inline-block', maxWidth: '60ch' }}>
          <Icon name="caution" size={14} /> {row.error}
        </span>
      ),
  },
  { id: 'listed', header: 'Last listed', cell: row => <When at={row.listedAt} /> },
  { id: 'pods', header: 'Pods', align: 'right', cell: row => count(row.pods) },
  { id: 'images', header: 'Images', align: 'right', cell: row => count(row.images) },
  {
    id: 'known',
    header: 'In connected registries',
    align: 'right',
    cell: row => `${count(row.knownImages)} of ${count(row.images)}`,
  },
]
