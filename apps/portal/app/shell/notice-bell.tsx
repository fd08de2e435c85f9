import IconButton from '@mui/material/IconButton'
import Popover from '@mui/material/Popover'
import { styled } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { imageName } from '../../lib/names.ts'
import { count, counted } from '../../lib/quantity.ts'
import { useNewNotices } from '../../notices/use-notices.ts'
import { Icon } from '../../ui/icon.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { Muted } from '../../ui/page.tsx'
import { QueryPanel } from '../../ui/query-panel.tsx'
import { BlockSkeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.ts'
import { When } from '../../ui/when.tsx'
import { paths } from '../paths.ts'
import { useScope } from '../scope.tsx'
import { trpc } from '../trpc.ts'

const Count = styled('span')(({ theme }) => ({
  position: 'absolute',
  top: -2,
  right: -4,
  minWidth: 16,
  padding: '0 4px',
  borderRadius: 8,
  background: theme.vars.palette.primary.main,
  color: theme.vars.palette.primary.contrastText,
  fontSize: '0.625rem',
  lineHeight: '16px',
  fontWeight: 600,
}))
const Panel = styled('section')({
  width: 380,
  maxWidth: '100%',
  padding: '12px 16px',
  fontSize: '0.8125rem',
  '& h2': { margin: '0 0 4px', fontSize: '0.875rem', fontWeight: 600 },
  '& p': { margin: 0 },
  '& ul': { margin: 0, padding: 0, listStyle: 'none' },
})
const Row = styled('li')(({ theme }) => ({
  padding: '7px 0',
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  overflowWrap: 'anywhere',
}))

/** Images that came to have findings: how many are new to the viewer, and, opened, the newest of all. */
export function NoticeBell() {
  const { data, dismiss } = useNewNotices()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const titleId = useId()
  const fresh = data?.total ?? 0
  const label = fresh === 0 ? 'Notices, none new' : `Notices, ${count(fresh)} new`
  return (
    <>
      <VisuallyHidden role="status">
        {fresh > 0 && `${counted(fresh, 'image')} came to have findings since you last looked.`}
      </VisuallyHidden>
      <Tooltip title={label}>
        <IconButton
          aria-label={label}
          aria-haspopup="dialog"
          onClick={event => setAnchor(event.currentTarget)}
          sx={{ position: 'relative' }}
        >
          <Icon name="bell" />
          {fresh > 0 && <Count aria-hidden="true">{fresh > 99 ? '99+' : fresh}</Count>}
        </IconButton>
      </Tooltip>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        onClose={() => {
          setAnchor(null)
          dismiss()
        }}
        slotProps={{ paper: { role: 'dialog', 'aria-labelledby': titleId } }}
      >
        <Panel>
          <h2 id={titleId}>Images that came to have findings</h2>
          <Newest
            onFollow={() => {
              setAnchor(null)
              dismiss()
            }}
          />
        </Panel>
      </Popover>
    </>
  )
}

const shown = 10

function Newest({ onFollow }: { onFollow: () => void }) {
  const scope = useScope()
  const notices = useQuery(trpc.notices.list.queryOptions({ after: 0, scope }))
  return (
    <QueryPanel query={notices} what="the notices" skeleton={<BlockSkeleton height={96} />}>
      {({ rows, total }) =>
        rows.length === 0 ? (
          <Muted>None so far. An image with findings raises the recommendation and is told of here.</Muted>
        ) : (
          <>
            <ul>
              {rows.slice(0, shown).map(({ id, at, image, findings }) => (
                <Row key={id}>
                  <NavLink to={paths.image(image)} onClick={onFollow}>
                    {imageName(image)}
                  </NavLink>
                  <div>
                    <Muted>
                      {counted(findings, 'open finding')}, {image.registryName}, <When at={at} />
                    </Muted>
                  </div>
                </Row>
              ))}
            </ul>
            {total > shown && (
              <p>
                <NavLink to={paths.imagesOf({ health: 'unhealthy' })} onClick={onFollow}>
                  All unhealthy images
                </NavLink>
              </p>
            )}
          </>
        )
      }
    </QueryPanel>
  )
}
