import { styled } from '@mui/material/styles'
import type { FindingDetail } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { imageName } from '../lib/names.ts'
import { count } from '../lib/quantity.ts'
import { Digest } from '../ui/code.tsx'
import { NavLink } from '../ui/nav-link.tsx'
import { Muted } from '../ui/page.tsx'
import { statuses } from './finding-fields.ts'
import { findingsPath } from './finding-query.ts'

const List = styled('ul')(({ theme }) => ({
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  '& > li': { padding: '6px 0', borderBottom: `1px solid ${theme.vars.palette.divider}` },
  '& > li:first-of-type': { paddingTop: 0 },
}))
const Line = styled('div')({
  display: 'flex',
  flexWrap: 'wrap',
  justifyContent: 'space-between',
  gap: '0 16px',
})

const shownAtFirst = 8

/** The images in which the same vulnerability is open or disabled, this one first. */
export function AffectedImages({ finding }: { finding: FindingDetail }) {
  const shown = finding.affectedImages.slice(0, shownAtFirst)
  const more = finding.affectedImagesTotal - shown.length
  return (
    <>
      <List>
        {shown.map(image => (
          <li key={image.findingId}>
            <Line>
              <NavLink to={paths.image(image)}>{imageName(image)}</NavLink>
              <Digest digest={image.digest} />
            </Line>
            <Line>
              <Muted>
                {[image.registryName, image.subscriptionName, image.distro].filter(Boolean).join(', ')}
              </Muted>
              {image.state !== 'open' && image.state !== 'not-affected' && (
                <Muted>{statuses[image.state]}</Muted>
              )}
            </Line>
          </li>
        ))}
      </List>
      {more > 0 && (
        <p style={{ margin: '8px 0 0' }}>
          <NavLink to={findingsPath({ cve: finding.vulnerabilityId })} everywhere>
            {count(more)} more: all findings of {finding.vulnerabilityId}
          </NavLink>
        </p>
      )}
    </>
  )
}
