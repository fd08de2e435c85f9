import { styled } from '@mui/material/styles'
import { count } from '../lib/quantity.ts'
import { Muted } from './page.tsx'

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

/** `3 of 12` with a bar: vulnerable images of the scanned ones. */
export function Ratio({ part, whole }: { part: number; whole: number }) {
  if (whole === 0) return <Muted>–</Muted>
  return (
    <Line>
      <Track aria-hidden="true">
        <span style={{ width: `${(part / whole) * 100}%` }} />
      </Track>
      {count(part)} of {count(whole)}
    </Line>
  )
}
