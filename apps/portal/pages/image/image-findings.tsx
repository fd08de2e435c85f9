import { styled } from '@mui/material/styles'
import type { FindingFilter, ImageDetail } from '@plimsoll/types'
import { useSearchParams } from 'react-router-dom'
import { FindingList } from '../../finding/finding-list.tsx'
import { counted } from '../../lib/quantity.ts'
import { openTotal } from '../../lib/severity.ts'
import { AsOf } from '../../ui/as-of.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { copy, packagesSentence, reasonWords } from './copy.ts'
import { isGone } from './gone.tsx'
import { LedgerLink } from './result-summary.tsx'
import { tabSearch } from './tab-search.ts'

const Frame = styled('div')({ marginTop: 8 })

type Status = Extract<FindingFilter['status'], 'open' | 'undetermined' | 'disabled'>

interface ImageFindingsProps {
  readonly image: ImageDetail
  readonly status: Status
}

/** The findings of one tab; where there is none at all, why, without a search that could find nothing. */
export function ImageFindings({ image, status }: ImageFindingsProps) {
  const [params] = useSearchParams()
  const { registryId, repository, digest, findings } = image
  const total = { ...findings, open: openTotal(findings) }[status]
  const none = (
    <Frame>
      <None image={image} status={status} />
    </Frame>
  )
  if (total === 0 && !params.has('class')) return none
  // The image is shown whole, whatever the scope.
  const within = { registryId, repository, digest, status, scope: undefined }
  return <FindingList within={within} whenNone={none} />
}

function None({ image, status }: ImageFindingsProps) {
  if (isGone(image)) {
    return <Notice title={copy.noneNow} icon="dash" />
  }
  if (status === 'disabled') return <Notice title={copy.noDisabled} />
  if (status === 'undetermined') return <Notice title={copy.noUndetermined} />
  const { findings, coverageLedger } = image
  if (image.health === 'healthy') {
    return (
      <Notice title={`${copy.clean} in ${packagesSentence(image)}`} icon="check">
        <p>
          <Freshness image={image} />
        </p>
        <Beside image={image} />
      </Notice>
    )
  }
  if (coverageLedger.reasons.length > 0) {
    return (
      <Notice title={copy.noFindingsButPartly} icon="half" tone="caution">
        <p>
          {reasonWords(coverageLedger.reasons)}. <LedgerLink>What was read, and what was not</LedgerLink>
        </p>
        <Beside image={image} />
      </Notice>
    )
  }
  return (
    <Notice title={findings.undetermined > 0 ? copy.noFindingsButUndetermined : copy.noFindings} icon="half">
      <Beside image={image} />
    </Notice>
  )
}

/** How old the advisories are that it was compared with, the oldest of its feeds. */
function Freshness({ image }: { image: ImageDetail }) {
  const days = image.coverageLedger.feeds.flatMap(feed => feed.asOf ?? []).sort()
  if (days[0] === undefined) return 'How old the advisories are is not known.'
  return (
    <>
      Advisories as of <AsOf at={days[0]} />.
    </>
  )
}

/** What stands beside the totals: findings that are undetermined or disabled, and classes that make nothing unhealthy. */
function Beside({ image }: { image: ImageDetail }) {
  const [params] = useSearchParams()
  const { undetermined, disabled, unimportant, kernelHeaders } = image.findings
  const all: readonly [total: number, what: string, search: string][] = [
    [undetermined, 'undetermined', tabSearch(params, 'undetermined')],
    [disabled, 'disabled', tabSearch(params, 'disabled')],
    [unimportant, 'unimportant', tabSearch(params, null, { class: 'unimportant' })],
    [kernelHeaders, 'in kernel headers', tabSearch(params, null, { class: 'kernel-headers' })],
  ]
  const present = all.filter(([total]) => total > 0)
  if (present.length === 0) return null
  return (
    <p>
      Beside that:{' '}
      {present.map(([total, what, search], index) => (
        <span key={what}>
          {index > 0 && ', '}
          <NavLink to={{ search }} underline="always" preventScrollReset>
            {counted(total, 'finding')} {what}
          </NavLink>
        </span>
      ))}
    </p>
  )
}
