import type { ImageDetail, ScanSummary } from '@plimsoll/types'
import { useQuery } from '@tanstack/react-query'
import { trpc } from '../../app/trpc.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Muted } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { scanOutcome, scanStarted, scanTook, scanTrigger } from '../../ui/scan-columns.tsx'
import { TableSkeleton } from '../../ui/skeleton.tsx'

const columns: readonly Column<ScanSummary>[] = [scanOutcome, scanTrigger, scanStarted, scanTook]

/** The scans of this image, newest first. */
export function Scans({ image }: { image: ImageDetail }) {
  const { registryId, repository, digest } = image
  const scans = useQuery(trpc.images.scans.queryOptions({ registryId, repository, digest }))
  return (
    <QueryPanel query={scans} what="the scans" skeleton={<TableSkeleton rows={3} />}>
      {rows =>
        rows.length === 0 ? (
          <Muted>It has not been scanned yet.</Muted>
        ) : (
          <DataTable caption="Scans" columns={columns} rows={rows} rowKey={row => row.id} />
        )
      }
    </QueryPanel>
  )
}
