import { styled } from '@mui/material/styles'

const Frame = styled('span')({
  display: 'inline-flex',
  flexDirection: 'column',
  gap: 4,
  minWidth: 120,
  verticalAlign: 'top',
})
const Track = styled('span')(({ theme }) => ({
  display: 'block',
  height: 4,
  borderRadius: 2,
  overflow: 'hidden',
  background: theme.vars.palette.surface.track,
  '& > span': {
    display: 'block',
    height: '100%',
    background: theme.vars.palette.primary.main,
    transition: 'width 200ms',
  },
}))

interface ProgressProps {
  /** What goes on, for those who do not see where the bar stands. */
  readonly label: string
  /** How far it is, 0 to 1. */
  readonly share: number
  /** Where it is, in words above the bar. */
  readonly children: React.ReactNode
}

/** Words and a bar of something that goes on. */
export const Progress = ({ label, share, children }: ProgressProps) => (
  <Frame>
    <span>{children}</span>
    <Track
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ width: `${share * 100}%` }} />
    </Track>
  </Frame>
)
