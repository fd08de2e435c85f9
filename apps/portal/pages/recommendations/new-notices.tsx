import Button from '@mui/material/Button'
import { paths } from '../../app/paths.ts'
import { imageName } from '../../lib/names.ts'
import { count, counted } from '../../lib/quantity.ts'
import { useNewNotices } from '../../notices/use-notices.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { Notice } from '../../ui/notice.tsx'

const named = 3

/** That something new is open since the viewer last looked, until they say that they have seen it. */
export function NewNotices() {
  const { data, dismiss } = useNewNotices()
  if (!data || data.total === 0) return null
  const rest = data.total - Math.min(named, data.rows.length)
  return (
    <div style={{ marginBottom: 16 }}>
      <Notice
        title={`${counted(data.total, 'image')} came to have findings since you last looked`}
        icon="bell"
        role="status"
        actions={<Button onClick={dismiss}>Dismiss</Button>}
      >
        <p>
          {data.rows.slice(0, named).map(({ id, image }, index) => (
            <span key={id}>
              {index > 0 && ', '}
              <NavLink to={paths.image(image)} underline="always">
                {imageName(image)}
              </NavLink>
            </span>
          ))}
          {rest > 0 && ` and ${count(rest)} more`}
        </p>
      </Notice>
    </div>
  )
}
