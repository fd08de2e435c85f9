import type { ScanSummary } from '@plimsoll/types'
import { useLiveScanById } from '../app/live.ts'
import { triggerText } from '../lib/names.ts'
import { duration } from '../lib/relative-time.ts'
import type { Column } from './data-table.tsx'
import { Muted } from './page.tsx'
import { ScanStatus } from './scan-status.tsx'
import { When } from './when.tsx'

export const scanOutcome: Column<ScanSummary> = {
  id: 'outcome',
  header: 'State',
  cell: scan => <Outcome scan={scan} />,
}

export const scanTrigger: Column<ScanSummary> = {
  id: 'trigger',
  header: 'Started by',
  cell: scan => (
    <>
      {triggerText[scan.trigger]}
      {scan.requestedBy !== null && <Muted> by {scan.requestedBy}</Muted>}
    </>
  ),
}

export const scanStarted: Column<ScanSummary> = {
  id: 'queued',
  header: 'Queued',
  cell: scan => <When at={scan.queuedAt} />,
}

export const scanTook: Column<ScanSummary> = {
  id: 'took',
  header: 'Took',
  align: 'right',
  cell: scan => <Took scan={scan} />,
}

/** The live state, and for a failed scan why and what to do. */
function Outcome({ scan: answered }: { scan: ScanSummary }) {
  const scan = useLiveScanById(answered)
  return (
    <div>
      <ScanStatus scan={scan} />
      {scan.attempts > 1 && <Muted> after {scan.attempts} attempts</Muted>}
      {scan.error && (
        <div style={{ maxWidth: '60ch', overflowWrap: 'anywhere' }}>
          {scan.error.message} <Muted>{scan.error.hint}</Muted>
        </div>
      )}
    </div>
  )
}

function Took({ scan: answered }: { scan: ScanSummary }) {
  const scan = useLiveScanById(answered)
  if (scan.startedAt === null || scan.finishedAt === null) return <Muted>–</Muted>
  return duration(Date.parse(scan.finishedAt) - Date.parse(scan.startedAt))
}
