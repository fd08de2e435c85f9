import Checkbox from '@mui/material/Checkbox'
import { styled } from '@mui/material/styles'
import { useId } from 'react'

const Line = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: '24px minmax(0, 1fr)',
  columnGap: 8,
  alignItems: 'start',
  fontSize: '0.8125rem',
  '& .MuiCheckbox-root': { padding: 2, margin: '-1px 0' },
  '& p': {
    gridColumn: 2,
    margin: 0,
    fontSize: '0.75rem',
    lineHeight: 1.5,
    color: theme.vars.palette.text.secondary,
  },
}))

interface CheckFieldProps {
  readonly label: string
  readonly help?: string | undefined
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}

/** A check box with its label, and below it what it means. */
export function CheckField({ label, help, checked, disabled = false, onChange }: CheckFieldProps) {
  const id = useId()
  return (
    <Line>
      <Checkbox
        id={id}
        checked={checked}
        disabled={disabled}
        onChange={(_, next) => onChange(next)}
        slotProps={{ input: { 'aria-describedby': help ? `${id}-note` : undefined } }}
      />
      <label htmlFor={id}>{label}</label>
      {help && <p id={`${id}-note`}>{help}</p>}
    </Line>
  )
}
