import { paths } from '../../app/paths.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { PageHeader, Prose } from '../../ui/page.tsx'

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <Prose>
        <p>The address leads nowhere. It may be mistyped, or what it named is gone.</p>
        <p>
          <NavLink to={paths.overview}>Go to the overview</NavLink>
        </p>
      </Prose>
    </>
  )
}
