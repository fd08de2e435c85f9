import { styled } from '@mui/material/styles'
import type { Health } from '@plimsoll/types'
import { Icon, type IconName } from './icon.tsx'

/** The word of each state of health: zero findings has four looks, and only one of them is green. */
export const healthText: Readonly<Record<Health, string>> = {
  unhealthy: 'Unhealthy',
  healthy: 'Healthy',
  undecided: 'Partly scanned',
  'not-applicable': 'Not applicable',
  'not-scanned': 'Not scanned yet',
  failed: 'Scan failed',
}

const icons: Readonly<Record<Health, IconName>> = {
  unhealthy: 'cross',
  healthy: 'check',
  undecided: 'half',
  'not-applicable': 'dash',
  'not-scanned': 'clock',
  failed: 'caution',
}

const Label = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 6,
  whiteSpace: 'nowrap',
  verticalAlign: 'top',
  '&[data-health="healthy"]': { color: theme.vars.palette.healthy.main },
  '&[data-health="not-applicable"], &[data-health="not-scanned"]': {
    color: theme.vars.palette.text.secondary,
  },
}))

interface HealthLabelProps {
  readonly health: Health
  readonly reason?: string | null
  /** A word that says more than that of the state: `Deleted`. */
  readonly word?: string
}

/** Mark and word of a state of health; the reason is in the title. */
export function HealthLabel({ health, reason, word = healthText[health] }: HealthLabelProps) {
  return (
    <Label data-health={health} title={reason ?? undefined}>
      <Icon name={icons[health]} size={14} />
      {word}
    </Label>
  )
}
