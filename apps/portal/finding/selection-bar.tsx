import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import { Link } from '../app/scoped-link.tsx'
import { count } from '../lib/quantity.ts'
import { pathOfSelection } from '../rule/selection-path.ts'
import type { FindingSelection } from './use-selection.ts'

const Bar = styled('div')(({ theme }) => ({
  position: 'sticky',
  bottom: 12,
  zIndex: 2,
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: 8,
  marginTop: 12,
  padding: '6px 8px 6px 12px',
  border: `1px solid ${theme.vars.palette.primary.main}`,
  borderRadius: theme.vars.shape.borderRadius,
  background: theme.vars.palette.surface.selected,
  fontSize: '0.8125rem',
  '& > span': { flex: 1, fontWeight: 550 },
}))

/** The most ids that a rule takes. */
const most = 200

/** What can be done with the findings that are chosen. */
export function SelectionBar({ selection }: { selection: FindingSelection }) {
  const { rows, clear } = selection
  if (rows.length === 0) return null
  const tooMany = new Set(rows.map(row => row.vulnerabilityId)).size > most
  return (
    <Bar role="region" aria-label="Selected findings">
      <span role="status">
        {count(rows.length)} selected{tooMany && `; a rule takes at most ${most} ids`}
      </span>
      <Button variant="text" onClick={clear}>
        Clear
      </Button>
      {tooMany ? (
        <Button variant="contained" disabled>
          Disable…
        </Button>
      ) : (
        <Button variant="contained" component={Link} to={pathOfSelection(rows)}>
          Disable…
        </Button>
      )}
    </Bar>
  )
}
