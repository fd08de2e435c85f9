import type { FindingCounts, ImageCounts } from '@plimsoll/types'
import { scannedImages } from '../lib/image-counts.ts'
import { Muted } from './page.tsx'
import { SeverityCountsCell } from './severity.tsx'

/** Open findings over several images. Zero is said only where something was read; else nothing is known. */
export const OpenFindings = ({ images, findings }: { images: ImageCounts; findings: FindingCounts }) =>
  scannedImages(images) > 0 ? <SeverityCountsCell counts={findings.open} /> : <Muted>–</Muted>
