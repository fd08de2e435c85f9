import type { ImageDetail } from '@plimsoll/types'
import { paths } from '../../app/paths.ts'
import { findingsPath } from '../../finding/finding-query.ts'
import { counted } from '../../lib/quantity.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { When } from '../../ui/when.tsx'
import { copy } from './copy.ts'

/** Whether it counts nowhere any more: then it has no health, whatever was found in it. */
export const isGone = ({
  deletedAt,
  supersededAt,
}: Pick<ImageDetail, 'deletedAt' | 'supersededAt'>): boolean => deletedAt !== null || supersededAt !== null

/** That an image was deleted or superseded, when and by whom, and what became of its findings. */
export function Gone({ image }: { image: ImageDetail }) {
  const { deletedAt, deletedWith, supersededAt, registryId, repository } = image
  if (deletedAt !== null) {
    return (
      <Notice title={deletedWith === null ? copy.deleted : copy.deletedWith} icon="info">
        <p>
          <Deletion image={image} at={deletedAt} /> <Closed image={image} by="by its deletion" />
        </p>
        {deletedWith !== null && <p>{copy.deletedWithText}</p>}
        <p>
          <NavLink to={paths.repository(registryId, repository)} underline="always">
            Go to its repository
          </NavLink>
        </p>
      </Notice>
    )
  }
  if (supersededAt === null) return null
  return (
    <Notice title={copy.superseded}>
      <p>
        {copy.supersededText} That was <When at={supersededAt} />. <Closed image={image} by="with that" />
      </p>
    </Notice>
  )
}

function Deletion({ image: { deletedBy, deletedWith }, at }: { image: ImageDetail; at: string }) {
  if (deletedBy !== null) {
    return (
      <>
        {deletedBy} deleted it <When at={at} />.
      </>
    )
  }
  return (
    <>
      {deletedWith === null ? 'That it is gone was noticed' : 'That was noticed'} <When at={at} />
      {deletedWith === null && '; who deleted it is not known'}.
    </>
  )
}

/** What its findings were and where they are: the list has those that were closed before as well. */
function Closed({ image, by }: { image: ImageDetail; by: string }) {
  const { closedWithIt, closedFindings } = image
  return (
    <>
      {closedWithIt === 0
        ? 'No finding of it was open then.'
        : `${counted(closedWithIt, 'finding')} ${closedWithIt === 1 ? 'was' : 'were'} closed ${by}.`}{' '}
      {closedFindings > 0 && (
        <NavLink to={closedFindingsOf(image)} underline="always">
          {closedFindings === 1 ? 'Its closed finding' : `Its ${counted(closedFindings, 'closed finding')}`}
        </NavLink>
      )}
    </>
  )
}

const closedFindingsOf = ({ registryId, repository, digest }: ImageDetail): string =>
  findingsPath({ registryId, repository, digest, status: 'closed' })
