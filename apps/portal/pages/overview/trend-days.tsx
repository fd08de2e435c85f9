import { styled } from '@mui/material/styles'
import { useSearchParams } from 'react-router-dom'
import { withParam } from '../../lib/search-params.ts'
import { IgnoredFilters } from '../../ui/ignored-filters.tsx'
import { NavLink } from '../../ui/nav-link.tsx'
import { copy } from './copy.ts'
import { dayChoices, readDays } from './trend.ts'

const List = styled('ul')(({ theme }) => ({
  display: 'flex',
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  '& a': {
    display: 'block',
    padding: '4px 10px',
    borderRadius: theme.vars.shape.borderRadius,
    color: theme.vars.palette.text.secondary,
  },
  '& a[aria-current]': {
    background: theme.vars.palette.surface.selected,
    color: theme.vars.palette.text.primary,
    fontWeight: 550,
  },
}))

/** For how many days the charts tell how it went. */
export function TrendDays() {
  const [params] = useSearchParams()
  const days = readDays(params)
  const asked = params.get('days')
  return (
    <>
      <IgnoredFilters ignored={asked === null || asked === String(days) ? [] : [`days=${asked}`]} />
      <nav aria-label={copy.days}>
        <List>
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
        </List>
      </nav>
    </>
  )
}
