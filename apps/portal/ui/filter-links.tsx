import { styled } from '@mui/material/styles'
import { useSearchParams } from 'react-router-dom'
import { withPage } from '../lib/page-params.ts'
import { count } from '../lib/quantity.ts'
import { withParam } from '../lib/search-params.ts'
import { NavLink } from './nav-link.tsx'

/** Links of which one is where one is. */
export const ChoiceList = styled('ul')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  gap: '0 4px',
  margin: 0,
  padding: 0,
  listStyle: 'none',
  fontSize: '0.8125rem',
  '& a': {
    display: 'inline-flex',
    gap: 6,
    padding: '4px 10px',
    borderRadius: theme.vars.shape.borderRadius,
    color: theme.vars.palette.text.secondary,
  },
  '& a[aria-current]': {
    background: theme.vars.palette.surface.selected,
    color: theme.vars.palette.text.primary,
    fontWeight: 550,
  },
  '& a > span': { fontVariantNumeric: 'tabular-nums' },
}))

interface FilterLinksProps<Value extends string> {
  readonly label: string
  readonly param: string
  readonly values: readonly { readonly value: Value; readonly label: string; readonly number: number }[]
  readonly all: number
  readonly chosen: Value | undefined
}

/** Each value of a filter with its number, which leads to the rows it counts. The choice is in the URL. */
export function FilterLinks<Value extends string>({
  label,
  param,
  values,
  all,
  chosen,
}: FilterLinksProps<Value>) {
  const [params] = useSearchParams()
  const link = (value: Value | null, text: string, number: number) => (
    <li key={text}>
      <NavLink
        to={{ search: withPage(withParam(params, param, value), 1).toString() }}
        underline="hover"
        aria-current={(chosen ?? null) === value ? 'page' : undefined}
        preventScrollReset
      >
        {text} <span>{count(number)}</span>
      </NavLink>
    </li>
  )
  return (
    <nav aria-label={label}>
      <ChoiceList>
        {link(null, 'All', all)}
        {values.map(each => link(each.value, each.label, each.number))}
      </ChoiceList>
    </nav>
  )
}
