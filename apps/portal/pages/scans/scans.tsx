import type { ScanSummary } from '@plimsoll/types'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { trpc } from '../../app/trpc.ts'
import { imageName } from '../../lib/names.ts'
import { readPage, withPage, withSize } from '../../lib/page-params.ts'
import { count } from '../../lib/quantity.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted, PageHeader } from '../../ui/page.tsx'
import { Paging } from '../../ui/paging.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { scanOutcome, scanStarted, scanTook, scanTrigger } from '../../ui/scan-columns.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'

export function ScansPage() {
  const [params, setParams] = useSearchParams()
  const { page, size } = readPage(params)
  const scans = useQuery({
    ...trpc.scans.list.queryOptions({ page, size }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHeader title="Scans">
        {scans.data && (
          <p role="status" style={{ margin: '4px 0 0' }}>
            <Muted>{queueSentence(scans.data.running, scans.data.queued)}</Muted>
          </p>
        )}
      </PageHeader>
      <QueryPanel query={scans} what="the scans" skeleton={<TableSkeleton rows={10} />}>
        {({ rows, total }) => (
          <>
            {total === 0 ? (
              <Notice title="Nothing has been scanned yet" icon="scans">
                <p>A scan starts by itself when an image is pushed or a registry is connected.</p>
              </Notice>
            ) : (
              <DataTable
                caption="Scans"
                columns={columns}
                rows={rows}
                rowKey={row => row.id}
                busy={scans.isPlaceholderData}
              />
            )}
            <Paging
              page={page}
              size={size}
              total={total}
              onPage={each => setParams(withPage(params, each))}
              onSize={each => setParams(withSize(params, each))}
            />
          </>
        )}
      </QueryPanel>
    </>
  )
}

/** `2 running, 5 queued`; when idle, that it is. */
const queueSentence = (running: number, queued: number): string =>
  running + queued === 0 ? 'Idle: nothing is waiting.' : `${count(running)} running, ${count(queued)} queued`

const columns: readonly Column<ScanSummary>[] = [
  {
    id: 'image',
    header: 'Image',
    cell: row => (
      <NavLink to={paths.image(row)} data-row-link="">
        {imageName(row)}
      </NavLink>
    ),
  },
  { id: 'registry', header: 'Registry', cell: row => row.registryName },
  scanOutcome,
  scanTrigger,
  scanStarted,
  scanTook,
]
