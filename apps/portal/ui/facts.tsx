import { styled } from '@mui/material/styles'

const Strip = styled('dl')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  gap: '12px 0',
  margin: '12px 0 0',
  // The hairline before the first fact of every line is moved out of sight.
  clipPath: 'inset(0)',
  '& > div': {
    paddingInline: 20,
    marginLeft: -21,
    marginRight: 21,
    borderLeft: `1px solid ${theme.vars.palette.divider}`,
    minWidth: 0,
  },
  [theme.breakpoints.down('sm')]: {
    display: 'grid',
    gridTemplateColumns: '1fr 1fr',
    '& > div': { padding: 0, margin: 0, border: 0 },
  },
  '& dt': { fontSize: '0.75rem', color: theme.vars.palette.text.secondary, lineHeight: '18px' },
  // What an image says of itself may be a word of any length.
  '& dd': {
    margin: 0,
    fontSize: '0.8125rem',
    lineHeight: '24px',
    minHeight: 24,
    overflowWrap: 'anywhere',
  },
  '& dd[data-size="large"]': { fontSize: '1.25rem', lineHeight: '30px', fontWeight: 550 },
}))

export interface Fact {
  readonly label: string
  readonly value: React.ReactNode
}

/** The facts of a page's subject in a row, parted by hairlines. */
export function FactStrip({ facts, size }: { facts: readonly Fact[]; size?: 'large' }) {
  return (
    <Strip>
      {facts.map(fact => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd data-size={size}>{fact.value}</dd>
        </div>
      ))}
    </Strip>
  )
}

const List = styled('dl')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'minmax(7rem, max-content) minmax(0, 1fr)',
  gap: '4px 16px',
  margin: 0,
  fontSize: '0.8125rem',
  lineHeight: '22px',
  '& dt': { color: theme.vars.palette.text.secondary },
  '& dd': { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
}))

/** Facts one below the other, for panes and side columns. Those without a value are left out. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <List>
      {facts
        .filter(
          fact =>
            fact.value !== null && fact.value !== undefined && fact.value !== false && fact.value !== '',
        )
        .map(fact => [
          <dt key={`${fact.label}.term`}>{fact.label}</dt>,
          <dd key={fact.label}>{fact.value}</dd>,
        ])}
    </List>
  )
}
