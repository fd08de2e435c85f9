import type { ImageSummary } from '@plimsoll/types'
import { useLiveScan } from '../app/live.ts'
import { paths } from '../app/paths.ts'
import { imageName, platformText } from '../lib/names.ts'
import { count } from '../lib/quantity.ts'
import { openTotal, patchableTotal } from '../lib/severity.ts'
import { Badge } from './badge.tsx'
import { Digest } from './code.tsx'
import { type Column, DataTable } from './data-table.tsx'
import { HealthLabel } from './health.tsx'
import { NavLink } from './nav-link.tsx'
import { Muted } from './page.tsx'
import { Pushed } from './pushed.tsx'
import { ScanStatus } from './scan-status.tsx'
import { SeverityCountsCell } from './severity.tsx'
import { When } from './when.tsx'

interface ImageTableProps {
  readonly rows: readonly ImageSummary[]
  readonly busy: boolean
  /** Images of several repositories stand under their whole name, with their registry. */
  readonly named?: boolean
}

export const ImageTable = ({ rows, busy, named = false }: ImageTableProps) => (
  <DataTable
    caption="Images"
    columns={named ? namedColumns : taggedColumns}
    rows={rows}
    rowKey={row => `${row.registryId} ${row.repository} ${row.digest}`}
    busy={busy}
  />
)

const Name = ({ image, children }: { image: ImageSummary; children: string }) => (
  <>
    <NavLink to={paths.image(image)} data-row-link="">
      {children}
    </NavLink>
    {image.supersededAt !== null && <Badge sx={{ ml: 1 }}>Superseded</Badge>}
    {image.runningIn.length > 0 && (
      <Badge sx={{ ml: 1 }} title={`Runs in ${image.runningIn.join(', ')}`}>
        Running
      </Badge>
    )}
  </>
)

const facts: readonly Column<ImageSummary>[] = [
  { id: 'digest', header: 'Digest', cell: row => <Digest digest={row.digest} /> },
  { id: 'platform', header: 'Platform', cell: row => row.platform && platformText(row.platform) },
  { id: 'pushed', header: 'Pushed', cell: row => <Pushed at={row.pushedAt} told={row.pushTold} /> },
  { id: 'result', header: 'Result', cell: row => <Result image={row} /> },
  { id: 'findings', header: 'Open findings', cell: row => <Findings image={row} /> },
  {
    id: 'fixable',
    header: 'Fixable',
    align: 'right',
    cell: row => (openTotal(row.findings) === 0 ? <Muted>–</Muted> : count(patchableTotal(row.findings))),
  },
  { id: 'scanned', header: 'Scanned', cell: row => <Scanned image={row} /> },
]

const taggedColumns: readonly Column<ImageSummary>[] = [
  {
    id: 'tags',
    header: 'Tags',
    cell: row => <Name image={row}>{row.tags.length > 0 ? row.tags.join(', ') : 'Untagged'}</Name>,
  },
  ...facts,
]

const namedColumns: readonly Column<ImageSummary>[] = [
  { id: 'image', header: 'Image', cell: row => <Name image={row}>{imageName(row)}</Name> },
  { id: 'registry', header: 'Registry', cell: row => row.registryName },
  ...facts.filter(column => column.id !== 'digest'),
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

/** Zero is said only of what was read, and of what counts: the findings of a superseded image are closed, not none. */
function Findings({ image }: { image: ImageSummary }) {
  const read = image.coverage === 'complete' || image.coverage === 'partial'
  return read && image.supersededAt === null ? (
    <SeverityCountsCell counts={image.findings.open} />
  ) : (
    <Muted>–</Muted>
  )
}

/** When; and that the result grows old where it is not kept up to date. */
const Scanned = ({ image: { scannedAt, upkeep } }: { image: ImageSummary }) => (
  <>
    <When at={scannedAt} />
    {scannedAt !== null && upkeep !== 'current' && (
      <>
        <br />
        <Muted>{upkeep === 'aged' ? 'not kept up to date' : 'plan off'}</Muted>
      </>
    )}
  </>
)
