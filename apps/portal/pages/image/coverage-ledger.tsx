import { styled } from '@mui/material/styles'
import type { FeedUsed, FindingFilter, ImageDetail } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { counted } from '../../lib/quantity.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { copy, packagesSentence } from './copy.ts'

const Stack = styled('div')({ display: 'flex', flexDirection: 'column', gap: 12, '& p': { margin: 0 } })
const Reasons = styled('ul')({ margin: '4px 0 0', paddingLeft: 18 })

/** How far the image was read and what it was compared with, in words: above all why a zero is a zero. */
export function CoverageLedger({ image }: { image: ImageDetail }) {
  return (
    <Stack>
      <Gone image={image} />
      <Status image={image} />
      <Beside image={image} />
    </Stack>
  )
}

function Gone({ image }: { image: ImageDetail }) {
  if (image.deletedAt !== null) {
    return (
      <Notice title={copy.deleted} icon="info">
        <p>
          It was last seen before <When at={image.deletedAt} />.{' '}
          <NavLink to={paths.repository(image.registryId, image.repository)} underline="always">
            Go to its repository
          </NavLink>
        </p>
      </Notice>
    )
  }
  if (image.supersededAt === null) return null
  return (
    <Notice title={copy.superseded}>
      <p>
        {copy.supersededText}{' '}
        <Muted>
          Since <When at={image.supersededAt} />.
        </Muted>
      </p>
    </Notice>
  )
}

function Status({ image }: { image: ImageDetail }) {
  const { coverageLedger: ledger } = image
  const reasons = (
    <Reasons>
      {ledger.reasons.map(reason => (
        <li key={reason.message}>{reason.message}</li>
      ))}
    </Reasons>
  )
  switch (image.coverage) {
    case 'not-scanned':
      // A failed scan has said so already.
      return image.health === 'failed' ? null : (
        <Notice title={copy.notScanned} icon="clock">
          <p>{copy.notScannedText}</p>
        </Notice>
      )
    case 'not-applicable':
      return (
        <Notice title={copy.notApplicable} icon="dash">
          <p>{copy.notApplicableText}</p>
          {reasons}
        </Notice>
      )
    case 'partial':
      return (
        <Notice title={copy.partial} icon="half" tone="caution">
          <p>{copy.partialText}</p>
          {reasons}
          <p>
            <Read image={image} />
          </p>
        </Notice>
      )
    case 'complete':
      return (
        <p>
          <Muted>
            <Read image={image} />
          </Muted>
        </p>
      )
  }
}

/** What was read, and the advisories it was compared with. */
function Read({ image }: { image: ImageDetail }) {
  const { feeds } = image.coverageLedger
  return (
    <>
      {image.packageCount === 0 ? 'No package was read' : `Read ${packagesSentence(image)}`}
      {feeds.length > 0 && ', compared with '}
      {feeds.map((feed, index) => (
        <span key={feed.feed}>
          {index > 0 && ', '}
          <Feed feed={feed} />
        </span>
      ))}
      .
    </>
  )
}

const Feed = ({ feed }: { feed: FeedUsed }) => (
  <>
    {counted(feed.advisories, 'advisory', 'advisories')} of {feed.feed}
    {feed.asOf !== null && (
      <>
        {' '}
        as of <AsOf at={feed.asOf} />
      </>
    )}
  </>
)

/** What stands beside the totals: undetermined findings and the classes that make nothing unhealthy. */
function Beside({ image }: { image: ImageDetail }) {
  const { registryId, repository, digest, findings } = image
  const here = { registryId, repository, digest }
  const all: readonly [number, string, Partial<FindingFilter>][] = [
    [findings.undetermined, 'undetermined', { ...here, status: 'undetermined' }],
    [findings.unimportant, 'unimportant', { ...here, class: ['unimportant'] }],
    [findings.kernelHeaders, 'in kernel headers', { ...here, class: ['kernel-headers'] }],
  ]
  const present = all.filter(([number]) => number > 0)
  if (present.length === 0) return null
  return (
    <p>
      <Muted>Beside the totals: </Muted>
      {present.map(([number, what, filter], index) => (
        <span key={what}>
          {index > 0 && ', '}
          <NavLink to={findingsPath(filter)} underline="always">
            {number} {what}
          </NavLink>
        </span>
      ))}
    </p>
  )
}
