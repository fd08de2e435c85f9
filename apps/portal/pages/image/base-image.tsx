import type { BaseImage, ImageDetail, ImageLink } from '@plimsoll/types'
import { useSearchParams } from 'react-router-dom'
import { paths } from '../../app/paths.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { imageName } from '../../lib/names.ts'
import { count, counted } from '../../lib/quantity.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Muted } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { tabSearch } from './tab-search.ts'

/** Which image this one is built on, how many of the findings come from it, and whether a newer one is better. */
export function BaseImageNotice({ base, within }: { base: BaseImage; within: ImageDetail }) {
  const { findingsFromBase, findingsTotal, newer } = base
  const elsewhere = base.registryId !== within.registryId
  return (
    <Notice icon="registries" title={`Built on ${imageName(base)}`}>
      <p>
        <Share fromBase={findingsFromBase} total={findingsTotal} />{' '}
        {newer !== null && (
          <>
            Its newer image <ToImage image={newer} />{' '}
            <Muted>
              ({newer.tags.length > 1 && `also ${newer.tags.slice(1).join(', ')}; `}pushed{' '}
              <When at={newer.pushedAt} />)
            </Muted>{' '}
            has{' '}
            {newer.findings === 0 ? (
              'none'
            ) : (
              <NavLink to={findingsPath(placeOf(newer))} underline="always">
                {count(newer.findings)}
              </NavLink>
            )}
            .
          </>
        )}
        {newer === null && 'No other image that is newer is known in its repository.'}
      </p>
      <p>
        Base image: <ToImage image={base} />
        {elsewhere && <Muted> in {base.registryName}</Muted>}
        <Muted>, {base.layers === 1 ? 'the lowest layer' : `the lowest ${count(base.layers)} layers`}</Muted>
      </p>
    </Notice>
  )
}

const placeOf = ({ registryId, repository, digest }: ImageLink) => ({ registryId, repository, digest })

const ToImage = ({ image }: { image: ImageLink }) => (
  <NavLink to={paths.image(image)} underline="always">
    {imageName(image)}
  </NavLink>
)

/** "Of 214 findings 190 come from it, 24 do not", each number leading to its rows. */
function Share({ fromBase, total }: { fromBase: number; total: number }) {
  if (total === 0) return 'This image has no open finding.'
  const own = total - fromBase
  return (
    <>
      Of {counted(total, 'open finding')}{' '}
      <ToFindings origin="base" number={fromBase}>
        {fromBase === 1 ? 'comes' : 'come'} from it
      </ToFindings>
      ,{' '}
      <ToFindings origin="own" number={own}>
        {own === 1 ? 'does' : 'do'} not
      </ToFindings>
      .
    </>
  )
}

interface ToFindingsProps {
  readonly origin: 'base' | 'own'
  readonly number: number
  readonly children: React.ReactNode
}

function ToFindings({ origin, number, children }: ToFindingsProps) {
  const [params] = useSearchParams()
  const to = { search: tabSearch(params, null, { origin }) }
  return number === 0 ? (
    <>none {children}</>
  ) : (
    <NavLink to={to} underline="always" preventScrollReset>
      {count(number)} {children}
    </NavLink>
  )
}
