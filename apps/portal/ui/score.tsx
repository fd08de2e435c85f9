import { styled } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'
import type { SecureScore } from '@plimsoll/types'
import { percent, points } from '../lib/quantity.ts'
import { Muted } from './page.tsx'

const Figure = styled('div')({
  display: 'flex',
  alignItems: 'baseline',
  gap: 8,
  width: 'fit-content',
  borderRadius: 4,
})
const Number = styled('span')({
  fontSize: '2rem',
  lineHeight: 1.2,
  fontWeight: 600,
  letterSpacing: '-0.02em',
})
const Track = styled('div')(({ theme }) => ({
  height: 6,
  borderRadius: 3,
  overflow: 'hidden',
  background: theme.vars.palette.surface.track,
  '& > div': { height: '100%', background: theme.vars.palette.primary.main },
}))

interface ScoreProps {
  readonly score: SecureScore
  /** The resources by whose health the points are shared out. */
  readonly resources: { readonly healthy: number; readonly unhealthy: number; readonly notApplicable: number }
}

/** The secure score as a number and a bar; its tooltip shows the arithmetic with the live numbers. */
export function Score({ score, resources }: ScoreProps) {
  const { healthy, unhealthy, notApplicable } = resources
  const arithmetic =
    score.percentage === null
      ? 'No registry has been assessed, so there is nothing to score.'
      : `${points(score.max)} points × ${healthy} healthy ÷ (${healthy} healthy + ${unhealthy} unhealthy registries) = ${points(score.current)} points.` +
        (notApplicable > 0 ? ` Left out: ${notApplicable} not applicable.` : '')
  return (
    <div>
      <Tooltip title={arithmetic} describeChild>
        <Figure tabIndex={0}>
          <Number>{score.percentage === null ? '–' : percent(score.percentage)}</Number>
          <Muted>
            {points(score.current)} of {points(score.max)} points
          </Muted>
        </Figure>
      </Tooltip>
      <Track aria-hidden="true">
        <div style={{ width: `${(score.percentage ?? 0) * 100}%` }} />
      </Track>
    </div>
  )
}
