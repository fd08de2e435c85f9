import { styled } from '@mui/material/styles'
import { Icon } from './icon.tsx'

const Frame = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'stretch',
  height: 30,
  maxWidth: '100%',
  border: `1px solid ${theme.vars.palette.divider}`,
  borderRadius: theme.vars.shape.borderRadius,
  fontSize: '0.8125rem',
  '&[data-set]': {
    borderColor: theme.vars.palette.primary.main,
    background: theme.vars.palette.surface.selected,
  },
  '& button, & > span': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: 6,
    minWidth: 24,
    padding: '0 10px',
    border: 0,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    whiteSpace: 'nowrap',
  },
  '& button': { cursor: 'pointer', '&:hover': { background: theme.vars.palette.surface.hover } },
  '& > span': { overflow: 'hidden', '& b': { overflow: 'hidden', textOverflow: 'ellipsis' } },
  '& button:last-of-type:not(:only-child)': { padding: '0 7px', color: theme.vars.palette.text.secondary },
  '& b': { fontWeight: 550 },
}))

interface PillProps {
  readonly label: string
  /** What holds now; none when nothing does. */
  readonly value?: string | undefined
  /** Opens the choice; a pill without is only to be seen and removed. */
  readonly onOpen?: (anchor: HTMLElement) => void
  readonly onClear?: (() => void) | undefined
}

/** One filter: what it is of, what holds, a way to change and a way to drop it. */
export function Pill({ label, value, onOpen, onClear }: PillProps) {
  const text = (
    <>
      {label}
      {value !== undefined && <b>{value}</b>}
    </>
  )
  return (
    <Frame data-set={value === undefined ? undefined : ''}>
      {onOpen ? (
        <button type="button" aria-haspopup="menu" onClick={event => onOpen(event.currentTarget)}>
          {text}
          <Icon name="down" size={12} />
        </button>
      ) : (
        <span title={value}>{text}</span>
      )}
      {onClear && (
        <button type="button" aria-label={`Drop the filter ${label}`} onClick={onClear}>
          <Icon name="cross" size={12} />
        </button>
      )}
    </Frame>
  )
}
