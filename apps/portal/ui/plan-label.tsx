import { styled } from '@mui/material/styles'
import type { Plan } from '@plimsoll/types'
import { Icon } from './icon.tsx'

const Label = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 6,
  whiteSpace: 'nowrap',
  verticalAlign: 'top',
  '&[data-plan="off"]': { color: theme.vars.palette.text.secondary },
}))

/** Whether a subscription's plan is on. */
export const PlanLabel = ({ plan }: { plan: Plan }) => (
  <Label data-plan={plan}>
    <Icon name={plan === 'on' ? 'check' : 'dash'} size={14} />
    {plan === 'on' ? 'On' : 'Off'}
  </Label>
)
