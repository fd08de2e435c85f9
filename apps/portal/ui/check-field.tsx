import Checkbox from '@mui/material/Checkbox'
import { styled } from '@mui/material/styles'
import { useId } from 'react'
import { FieldProblem } from './fields.tsx'

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
  '& p[role="alert"]': { color: theme.vars.palette.text.primary, fontWeight: 550 },
}))

interface CheckFieldProps {
  readonly label: string
  readonly help?: string | undefined
  /** What is wrong with leaving it as it is; replaces the help and is announced. */
  readonly problem?: string | undefined
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}

/** A check box with its label, and below it what it means. */
export function CheckField(props: CheckFieldProps) {
  const { label, help, problem, checked, disabled = false, onChange } = props
  const id = useId()
  const note = problem ?? help
  return (
    <Line>
      <Checkbox
        id={id}
        checked={checked}
        disabled={disabled}
        onChange={(_, next) => onChange(next)}
        slotProps={{
          input: {
            'aria-describedby': note === undefined ? undefined : `${id}-note`,
            'aria-invalid': problem !== undefined,
          },
        }}
      />
      <label htmlFor={id}>{label}</label>
      {note !== undefined &&
        (problem === undefined ? (
          <p id={`${id}-note`}>{note}</p>
        ) : (
          <FieldProblem id={`${id}-note`} text={note} />
        ))}
    </Line>
  )
}
