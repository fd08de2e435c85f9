import { useSearchParams } from 'react-router-dom'
import { withParam } from '../../lib/search-params.ts'
import { ChoiceList } from '../../ui/filter-links.tsx'
import { IgnoredFilters } from '../../ui/ignored-filters.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { copy } from './copy.ts'
import { dayChoices, readDays } from './trend.ts'

/** For how many days the charts tell how it went. */
export function TrendDays() {
  const [params] = useSearchParams()
  const days = readDays(params)
  const asked = params.get('days')
  return (
    <>
      <IgnoredFilters ignored={asked === null || asked === String(days) ? [] : [`days=${asked}`]} />
      <nav aria-label={copy.days}>
        <ChoiceList>
          {dayChoices.map(each => (
            <li key={each}>
              <NavLink
                to={{ search: withParam(params, 'days', each === 30 ? null : String(each)).toString() }}
                aria-current={each === days ? 'page' : undefined}
                preventScrollReset
                underline="hover"
              >
                {each} days
              </NavLink>
            </li>
          ))}
        </ChoiceList>
      </nav>
    </>
  )
}
