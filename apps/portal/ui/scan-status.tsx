import { styled } from '@mui/material/styles'
import type { ScanStage, ScanSummary } from '@plimsoll/types'
import { bytes, count, counted } from '../lib/quantity.ts'
import { Icon } from './icon.tsx'
import { Muted } from './page.tsx'
import { Progress } from './progress.tsx'

/** The stages of a scan in words. */
export const stageText: Readonly<Record<ScanStage, string>> = {
  queued: 'Queued',
  resolving: 'Resolving',
  pulling: 'Pulling',
  inventory: 'Inventory',
  matching: 'Matching',
  recording: 'Recording',
  done: 'Done',
}

/** How much of the bar each stage's beginning fills; pulling takes most of the time and grows with its bytes. */
const begins: Readonly<Record<ScanStage, number>> = {
  queued: 0,
  resolving: 0.02,
  pulling: 0.05,
  inventory: 0.85,
  matching: 0.9,
  recording: 0.96,
  done: 1,
}

/** How far a scan is, 0 to 1. */
export function scanShare({ progress }: ScanSummary): number {
  const start = begins[progress.stage]
  if (progress.stage !== 'pulling' || progress.bytesTotal === 0) return start
  return start + (begins.inventory - start) * Math.min(1, progress.bytesDone / progress.bytesTotal)
}

/** Where a scan is, with its numbers: `Pulling 3/7 layers (41 of 110 MB)`. */
export function scanSentence({ progress }: ScanSummary): string {
  const { stage, layersDone, layersTotal, bytesDone, bytesTotal, packages } = progress
  if (stage === 'pulling' && layersTotal > 0) {
    const size = bytesTotal > 0 ? ` (${bytes(bytesDone)} of ${bytes(bytesTotal)})` : ''
    return `${stageText.pulling} ${count(layersDone)}/${counted(layersTotal, 'layer')}${size}`
  }
  return packages === null ? stageText[stage] : `${stageText[stage]}, ${counted(packages, 'package')}`
}

const Line = styled('span')({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 6,
  whiteSpace: 'nowrap',
  verticalAlign: 'top',
})
/** A scan's state: its live stage with a bar while it runs, else how it ended. */
export function ScanStatus({ scan }: { scan: ScanSummary }) {
  if (scan.state === 'running' || scan.state === 'queued') {
    return (
      <Progress label={`Scan of ${scan.repository}`} share={scanShare(scan)}>
        {scanSentence(scan)}
      </Progress>
    )
  }
  if (scan.state === 'failed') {
    return (
      <Line title={scan.error?.message}>
        <Icon name="caution" size={14} />
        Failed
      </Line>
    )
  }
  return <Muted>{scan.state === 'done' ? 'Done' : 'Cancelled'}</Muted>
}
