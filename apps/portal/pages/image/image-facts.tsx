import type { ImageDetail } from '@plimsoll/types'
import { platformText } from '../../lib/names.ts'
import { bytes, count } from '../../lib/quantity.ts'
import { openTotal, patchableTotal } from '../../lib/severity.ts'
import { Digest } from '../../ui/code.tsx'
import { FactStrip } from '../../ui/facts.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { Muted } from '../../ui/page.tsx'
import { SeverityCountsCell } from '../../ui/severity.tsx'
import { When } from '../../ui/when.tsx'

export function ImageFacts({ image }: { image: ImageDetail }) {
  const open = openTotal(image.findings)
  const read = image.coverage === 'complete' || image.coverage === 'partial'
  return (
    <FactStrip
      facts={[
        { label: 'Result', value: <HealthLabel health={image.health} reason={image.healthReason} /> },
        {
          label: 'Open findings',
          value: read ? <SeverityCountsCell counts={image.findings.open} /> : <Muted>–</Muted>,
        },
        ...(open > 0
          ? [{ label: 'Fixable', value: `${count(patchableTotal(image.findings))} of ${count(open)}` }]
          : []),
        { label: 'Distribution', value: image.distro?.prettyName ?? <Muted>None found</Muted> },
        { label: 'Platform', value: image.platform ? platformText(image.platform) : <Muted>Unknown</Muted> },
        ...(image.sizeBytes === null ? [] : [{ label: 'Size', value: bytes(image.sizeBytes) }]),
        ...(image.tags.length > 1 ? [{ label: 'Tags', value: image.tags.join(', ') }] : []),
        { label: 'Digest', value: <Digest digest={image.digest} /> },
        { label: 'Pushed', value: <When at={image.pushedAt} /> },
        { label: 'Scanned', value: <When at={image.scannedAt} /> },
      ]}
    />
  )
}
