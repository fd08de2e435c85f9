import type { ImageDetail } from '@plimsoll/types'
import { count, counted } from '../../lib/quantity.ts'

/** Names of the ecosystems as people say them; an unknown one keeps its id. */
const ecosystemNames: Readonly<Record<string, string>> = { deb: 'dpkg', apk: 'apk' }

/** `214 packages (dpkg)`, `214 packages (200 dpkg, 14 npm)`. */
export function packagesSentence(image: ImageDetail): string {
  const kinds = Object.entries(image.coverageLedger.packages).filter(([, number]) => number > 0)
  const total = kinds.reduce((sum, [, number]) => sum + number, 0)
  if (kinds.length === 0) return 'no packages'
  const named = kinds.map(([id, number]) => {
    const name = ecosystemNames[id] ?? id
    return kinds.length === 1 ? name : `${count(number)} ${name}`
  })
  return `${counted(total, 'package')} (${named.join(', ')})`
}

export const copy = {
  clean: 'No known vulnerabilities',
  partial: 'Partly scanned',
  partialText: 'Its result may be incomplete. What was not read or could not be judged:',
  notApplicable: 'Not applicable',
  notApplicableText: 'This image cannot be assessed, which is different from being free of findings.',
  notScanned: 'Not scanned yet',
  notScannedText: 'Nothing is known about this image until it has been scanned.',
  failed: 'The newest scan failed',
  lastGood: 'The result below is of the last scan that succeeded.',
  noResult: 'There is no earlier result.',
  noResultToList: 'This image has no result to list anything from; above it says why.',
  deleted: 'This image was deleted from its registry',
  superseded: 'Superseded',
  supersededText: 'Another image took its tag and was assessed since. This one counts nowhere any more.',
  noFindings: 'No open finding',
  noDisabled: 'No finding of this image is disabled',
  scanNow: 'Scan now',
  scanning: 'A scan is under way.',
  readersCannotScan: 'Only a Security Admin can request a scan.',
}
