import { styled } from '@mui/material/styles'

/** A word beside a name that tells it from its neighbours. */
export const Badge = styled('span')(({ theme }) => ({
  padding: '1px 6px',
  border: `1px solid ${theme.vars.palette.divider}`,
  borderRadius: 4,
  fontSize: '0.6875rem',
  color: theme.vars.palette.text.secondary,
  whiteSpace: 'nowrap',
}))
