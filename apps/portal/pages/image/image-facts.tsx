import type { ImageDetail } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { useNow } from '../../lib/clock.ts'
import { platformText } from '../../lib/names.ts'
import { bytes, count } from '../../lib/quantity.ts'
import { dayOf } from '../../lib/relative-time.ts'
import { openTotal, patchableTotal } from '../../lib/severity.ts'
import { hasEnded } from '../../lib/support.ts'
import { Badge } from '../../ui/badge.tsx'
import { Digest } from '../../ui/code.tsx'
import { FactStrip } from '../../ui/facts.tsx'
import { HealthLabel } from '../../ui/health.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { Pushed } from '../../ui/pushed.tsx'
import { SeverityCountsCell } from '../../ui/severity.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'
import { isGone } from './gone.tsx'

export function ImageFacts({ image }: { image: ImageDetail }) {
  const open = openTotal(image.findings)
  const read = image.coverage === 'complete' || image.coverage === 'partial'
  return (
    <FactStrip
      facts={[
        { label: 'Result', value: <Result image={image} /> },
        {
          label: 'Open findings',
          // What is gone has none, and a zero would read as a clean image.
          value:
            read && !isGone(image) ? <SeverityCountsCell counts={image.findings.open} /> : <Muted>–</Muted>,
        },
        ...(open > 0
          ? [{ label: 'Fixable', value: `${count(patchableTotal(image.findings))} of ${count(open)}` }]
          : []),
        { label: 'Distribution', value: <Distribution image={image} /> },
        { label: 'Platform', value: image.platform ? platformText(image.platform) : <Muted>Unknown</Muted> },
        ...(image.sizeBytes === null ? [] : [{ label: 'Size', value: bytes(image.sizeBytes) }]),
        ...(image.tags.length > 1 ? [{ label: 'Tags', value: image.tags.join(', ') }] : []),
        { label: 'Digest', value: <Digest digest={image.digest} /> },
        { label: 'Pushed', value: <Pushed at={image.pushedAt} told={image.pushTold} /> },
        { label: 'Last pulled', value: <When at={image.lastPulledAt} never="Not known" /> },
        { label: 'Scanned', value: <When at={image.scannedAt} /> },
        ...(image.matchedAt === null || image.matchedAt === image.scannedAt
          ? []
          : [{ label: 'Compared with advisories', value: <When at={image.matchedAt} /> }]),
        ...(image.runningIn.length === 0
          ? []
          : [
              {
                label: 'Running in',
                value: (
                  <NavLink to={paths.clusters} title="As of the clusters’ last listing">
                    {image.runningIn.join(', ')}
                  </NavLink>
                ),
              },
            ]),
      ]}
    />
  )
}

/** Its health; of what counts nowhere any more the reason instead, never the mark of a clean image. */
function Result({ image }: { image: ImageDetail }) {
  const { deletedAt, supersededAt, health, healthReason } = image
  const gone = deletedAt !== null ? 'deleted' : supersededAt !== null ? 'superseded' : null
  return gone === null ? (
    <HealthLabel health={health} reason={healthReason} />
  ) : (
    <HealthLabel health="not-applicable" reason={healthReason} word={copy.result[gone]} />
  )
}

/** What the image says it is, and whether the time of free updates is over. */
function Distribution({ image }: { image: ImageDetail }) {
  const now = useNow()
  if (image.distro === null) return <Muted>None found</Muted>
  const end = image.coverageLedger.release?.endOfLifeOn ?? null
  return (
    <>
      {image.distro.prettyName}
      {end !== null && hasEnded(end, now) && <Badge sx={{ ml: 1 }}>End of life since {dayOf(end)}</Badge>}
    </>
  )
}
