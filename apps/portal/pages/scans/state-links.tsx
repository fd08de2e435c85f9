import { styled } from '@mui/material/styles'
import type { ScanState } from '@plimsoll/types'
import { useSearchParams } from 'react-router-dom'
import { withPage } from '../../lib/page-params.ts'
import { count } from '../../lib/quantity.ts'
import { withParam } from '../../lib/search-params.ts'
import { NavLink } from '../../ui/nav-link.tsx'
import { stateText } from './copy.ts'

const List = styled('ul')(({ theme }) => ({
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

const states = Object.keys(stateText) as ScanState[]

interface StateLinksProps {
  /** How many there are in each, of the lane and registry that are chosen. */
  readonly counts: Readonly<Record<ScanState, number>>
  readonly state: ScanState | undefined
}

/** Each state with its number, which leads to the scans it counts. */
export function StateLinks({ counts, state }: StateLinksProps) {
  const all = states.reduce((sum, each) => sum + counts[each], 0)
  return (
    <nav aria-label="Scans by state">
      <List>
        <StateLink label="All" number={all} state={undefined} current={state === undefined} />
        {states.map(each => (
          <StateLink
            key={each}
            label={stateText[each]}
            number={counts[each]}
            state={each}
            current={state === each}
          />
        ))}
      </List>
    </nav>
  )
}

interface StateLinkProps {
  readonly label: string
  readonly number: number
  readonly state: ScanState | undefined
  readonly current: boolean
}

function StateLink({ label, number, state, current }: StateLinkProps) {
  const [params] = useSearchParams()
  const search = withPage(withParam(params, 'state', state ?? null), 1).toString()
  return (
    <li>
      <NavLink
        to={{ search }}
        underline="hover"
        aria-current={current ? 'page' : undefined}
        preventScrollReset
      >
        {label} <span>{count(number)}</span>
      </NavLink>
    </li>
  )
}
