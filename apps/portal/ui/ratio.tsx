import { styled } from '@mui/material/styles'
import { count } from '../lib/quantity.ts'
import { NavLink } from './nav-link.tsx'
import { Muted } from './page.tsx'
import { VisuallyHidden } from './visually-hidden.ts'

const Line = styled('span')({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 10,
  whiteSpace: 'nowrap',
  verticalAlign: 'top',
})
const Track = styled('span')(({ theme }) => ({
  width: 56,
  height: 6,
  borderRadius: 3,
  overflow: 'hidden',
  background: theme.vars.palette.surface.track,
  '& > span': { display: 'block', height: '100%', background: theme.vars.palette.text.secondary },
}))

interface RatioProps {
  readonly part: number
  readonly whole: number
  /** Where the rows are that `part` counts. */
  readonly to: string
  /** What each is, for those who do not see the column: `vulnerable image`. */
  readonly what: string
}

/** `3 of 12` with a bar: vulnerable images of the scanned ones. */
export function Ratio({ part, whole, to, what }: RatioProps) {
  if (whole === 0) return <Muted>–</Muted>
  return (
    <Line>
      <Track aria-hidden="true">
        <span style={{ width: `${(part / whole) * 100}%` }} />
      </Track>
      <span>
        {part === 0 ? (
          '0'
        ) : (
          <NavLink to={to}>
            {count(part)}
            <VisuallyHidden>
              {' '}
              {what}
              {part === 1 ? '' : 's'}
            </VisuallyHidden>
          </NavLink>
        )}{' '}
        of {count(whole)}
      </span>
    </Line>
  )
}
