import { styled } from '@mui/material/styles'
import { Form } from './fields.tsx'

/** A form no wider than reads well. */
export const NarrowForm = styled(Form)({ maxWidth: 680 })

/** Two fields beside each other where there is room. */
export const Pair = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: '1fr 1fr',
  gap: 16,
  alignItems: 'start',
  [theme.breakpoints.down('sm')]: { gridTemplateColumns: '1fr' },
}))

/** Fields that belong together under a legend. */
export const FieldGroup = styled('fieldset')(({ theme }) => ({
  display: 'flex',
  flexDirection: 'column',
  gap: 14,
  margin: 0,
  padding: '18px 0 4px',
  border: 0,
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  minWidth: 0,
  '& > legend': { float: 'left', padding: 0, fontSize: '0.875rem', fontWeight: 600 },
}))

/** What ends a form or stands above a list. */
export const ActionLine = styled('div')({ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' })
