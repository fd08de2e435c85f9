import { styled } from '@mui/material/styles'
import type { ImageSummary } from '@plimsoll/types'
import { useLiveScan } from '../../app/live.ts'
import { paths } from '../../app/paths.ts'
import { platformText } from '../../lib/names.ts'
import { count } from '../../lib/quantity.ts'
import { openTotal, patchableTotal } from '../../lib/severity.ts'
import { Digest } from '../../ui/code.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { ScanStatus } from '../../ui/scan-status.tsx'
import { SeverityCountsCell } from '../../ui/severity.tsx'
import { When } from '../../ui/when.tsx'

const Badge = styled('span')(({ theme }) => ({
  marginLeft: 8,
  padding: '1px 6px',
  border: `1px solid ${theme.vars.palette.divider}`,
  borderRadius: 4,
  fontSize: '0.6875rem',
  color: theme.vars.palette.text.secondary,
  whiteSpace: 'nowrap',
}))

interface ImageTableProps {
  readonly rows: readonly ImageSummary[]
  readonly busy: boolean
}

export const ImageTable = ({ rows, busy }: ImageTableProps) => (
  <DataTable caption="Images" columns={columns} rows={rows} rowKey={row => row.digest} busy={busy} />
)

const columns: readonly Column<ImageSummary>[] = [
  {
    id: 'tags',
    header: 'Tags',
    cell: row => (
      <>
        <NavLink to={paths.image(row)} data-row-link="">
          {row.tags.length > 0 ? row.tags.join(', ') : 'Untagged'}
        </NavLink>
        {row.supersededAt !== null && <Badge>Superseded</Badge>}
      </>
    ),
  },
  { id: 'digest', header: 'Digest', cell: row => <Digest digest={row.digest} /> },
  { id: 'platform', header: 'Platform', cell: row => row.platform && platformText(row.platform) },
  { id: 'pushed', header: 'Pushed', cell: row => <When at={row.pushedAt} /> },
  { id: 'result', header: 'Result', cell: row => <Result image={row} /> },
  { id: 'findings', header: 'Open findings', cell: row => <Findings image={row} /> },
  {
    id: 'fixable',
    header: 'Fixable',
    align: 'right',
    cell: row => (openTotal(row.findings) === 0 ? <Muted>–</Muted> : count(patchableTotal(row.findings))),
  },
  { id: 'scanned', header: 'Scanned', cell: row => <When at={row.scannedAt} /> },
]

/** The scan while it goes on; then what came of it. A failed scan stays beside the last good result. */
function Result({ image }: { image: ImageSummary }) {
  const scan = useLiveScan(image, image.scan)
  if (scan && (scan.state === 'queued' || scan.state === 'running')) return <ScanStatus scan={scan} />
  return (
    <>
      <HealthLabel health={image.health} reason={image.healthReason} />
      {scan?.state === 'failed' && image.health !== 'failed' && (
        <>
          <br />
          <Muted title={scan.error?.message}>newest scan failed</Muted>
        </>
      )}
    </>
  )
}

/** Zero is said only of what was read: nothing is known of an image that was not. */
function Findings({ image }: { image: ImageSummary }) {
  const read = image.coverage === 'complete' || image.coverage === 'partial'
  return read ? <SeverityCountsCell counts={image.findings.open} /> : <Muted>–</Muted>
}
