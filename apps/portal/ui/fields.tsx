import OutlinedInput, { type OutlinedInputProps } from '@mui/material/OutlinedInput'
import { styled } from '@mui/material/styles'
import { useId } from 'react'

const Block = styled('div')(({ theme }) => ({
  display: 'flex',
  flexDirection: 'column',
  gap: 4,
  '& label': { fontSize: '0.8125rem', fontWeight: 550 },
  '& p': { margin: 0, fontSize: '0.75rem', lineHeight: 1.5, color: theme.vars.palette.text.secondary },
  '& p[role="alert"]': { color: theme.vars.palette.text.primary, fontWeight: 550 },
}))

/** Fields one below the other. */
export const Form = styled('form')({ display: 'flex', flexDirection: 'column', gap: 16 })

interface FieldProps extends Omit<OutlinedInputProps, 'error' | 'id' | 'label'> {
  readonly label: string
  /** What to give, below the field. */
  readonly help?: string | undefined
  /** What is wrong with what was given; replaces the help and is announced. */
  readonly problem?: string | null | undefined
}

/** A labelled text field with help, and with its problem in words. */
export function Field({ label, help, problem = null, inputProps, ...input }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <Block>
      <label htmlFor={id}>{label}</label>
      <OutlinedInput
        id={id}
        error={problem !== null}
        fullWidth
        inputProps={{ 'aria-describedby': noteId, 'aria-invalid': problem !== null, ...inputProps }}
        {...input}
      />
      {problem === null ? <p id={noteId}>{help}</p> : <FieldProblem id={noteId} text={problem} />}
    </Block>
  )
}

/** A field for what is taken letter by letter: addresses, names of images, versions. The browser helps with nothing. */
export const ExactField = ({ inputProps, ...field }: FieldProps) => (
  <Field
    autoComplete="off"
    spellCheck={false}
    inputProps={{ autoCapitalize: 'none', autoCorrect: 'off', ...inputProps }}
    {...field}
  />
)

export const FieldProblem = ({ id, text }: { id?: string; text: string }) => (
  <p id={id} role="alert">
    {text}
  </p>
)

const Select = styled('select')(({ theme }) => ({
  // As high as a text field beside it.
  height: 32,
  padding: '0 28px 0 10px',
  border: `1px solid ${theme.vars.palette.surface.line}`,
  borderRadius: theme.vars.shape.borderRadius,
  color: 'inherit',
  font: 'inherit',
  fontSize: '0.8125rem',
  appearance: 'none',
  backgroundColor: theme.vars.palette.background.default,
  backgroundImage:
    'linear-gradient(45deg, transparent 50%, currentColor 50%), linear-gradient(135deg, currentColor 50%, transparent 50%)',
  backgroundPosition: 'right 14px center, right 10px center',
  backgroundSize: '4px 4px',
  backgroundRepeat: 'no-repeat',
  '&[aria-invalid="true"]': { borderColor: theme.vars.palette.text.primary, borderWidth: 2 },
  '&[data-dense]': { height: 26, padding: '0 24px 0 8px' },
}))

interface SelectFieldProps extends React.SelectHTMLAttributes<HTMLSelectElement> {
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly dense?: boolean
}

/** The platform's own select: works with every keyboard, reader and phone. */
export function SelectField({ options, dense = false, ...select }: SelectFieldProps) {
  return (
    <Select data-dense={dense || undefined} {...select}>
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  )
}

interface LabelledSelectProps extends SelectFieldProps {
  readonly label: string
  readonly help?: string
  /** What is wrong with what was chosen; replaces the help and is announced. */
  readonly problem?: string | undefined
}

export function LabelledSelect({ label, help, problem, ...select }: LabelledSelectProps) {
  const id = useId()
  const noteId = help || problem ? `${id}-note` : undefined
  return (
    <Block>
      <label htmlFor={id}>{label}</label>
      <SelectField
        id={id}
        aria-describedby={noteId}
        aria-invalid={problem === undefined ? undefined : true}
        {...select}
      />
      {problem === undefined
        ? help && <p id={`${id}-note`}>{help}</p>
        : noteId && <FieldProblem id={noteId} text={problem} />}
    </Block>
  )
}
