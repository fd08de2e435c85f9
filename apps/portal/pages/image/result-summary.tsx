import { styled } from '@mui/material/styles'
import type { ImageDetail } from '@plimsoll/types'
import { useSearchParams } from 'react-router-dom'
import { counted } from '../../lib/quantity.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { BaseImageNotice } from './base-image.tsx'
import { copy, packagesSentence } from './copy.ts'
import { Gone } from './gone.tsx'
import { Reasons } from './reasons.tsx'
import { tabSearch } from './tab-search.ts'

const Stack = styled('div')({ display: 'flex', flexDirection: 'column', gap: 12, '& p': { margin: 0 } })

const shownReasons = 4

/** How far the image was read and what it was compared with, in short: above all why a zero is a zero; and its base. */
export function ResultSummary({ image }: { image: ImageDetail }) {
  return (
    <Stack>
      <Gone image={image} />
      <Status image={image} />
      <Upkeep image={image} />
      {image.baseImage !== null && <BaseImageNotice base={image.baseImage} within={image} />}
    </Stack>
  )
}

/** That a result is not kept up to date, why, and from when it is. */
function Upkeep({ image }: { image: ImageDetail }) {
  const asOf = image.matchedAt ?? image.scannedAt
  if (image.upkeep === 'current' || asOf === null || image.deletedAt !== null) return null
  const off = image.upkeep === 'plan-off'
  return (
    <Notice title={off ? copy.planOff : copy.aged} icon="clock">
      <p>
        It is from <AsOf at={asOf} />. {off ? copy.planOffText : copy.agedText}
      </p>
    </Notice>
  )
}

function Status({ image }: { image: ImageDetail }) {
  const { reasons } = image.coverageLedger
  switch (image.coverage) {
    case 'not-scanned':
      // A failed scan has said so already, and of what is deleted nobody waits for one.
      return image.health === 'failed' || image.deletedAt !== null ? null : (
        <Notice title={copy.notScanned} icon="clock">
          <p>{copy.notScannedText}</p>
        </Notice>
      )
    case 'not-applicable':
      return (
        <Notice title={copy.notApplicable} icon="dash">
          <p>{copy.notApplicableText}</p>
          <Reasons image={image} reasons={reasons} />
        </Notice>
      )
    case 'partial':
      return (
        <Notice title={copy.partial} icon="half" tone="caution">
          <p>{copy.partialText}</p>
          <Reasons image={image} reasons={reasons.slice(0, shownReasons)} />
          <p>
            {reasons.length > shownReasons && `${counted(reasons.length - shownReasons, 'more reason')}. `}
            <Read image={image} /> <LedgerLink />
          </p>
        </Notice>
      )
    case 'complete':
      return (
        <p>
          <Muted>
            <Read image={image} />
          </Muted>{' '}
          <LedgerLink />
        </p>
      )
  }
}

export function LedgerLink({ children = 'What was read' }: { children?: string }) {
  const [params] = useSearchParams()
  return (
    <NavLink to={{ search: tabSearch(params, 'coverage') }} underline="always" preventScrollReset>
      {children}
    </NavLink>
  )
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
          {counted(feed.advisories, 'advisory', 'advisories')} of {feed.feed}
          {feed.asOf !== null && (
            <>
              {' '}
              as of <AsOf at={feed.asOf} />
            </>
          )}
        </span>
      ))}
      .
    </>
  )
}
