import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { FindingFilter } from '@plimsoll/types'
import { lazy, Suspense, useState } from 'react'
import { Link } from '../app/scoped-link.tsx'
import { count, counted } from '../lib/quantity.ts'
import { pathOfFilter, pathOfSelection } from '../rule/selection-path.ts'
import type { FindingSelection } from './use-selection.ts'

const ReEnable = lazy(async () => ({ default: (await import('../rule/re-enable.tsx')).ReEnable }))

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

/** The most ids that a rule takes, and the most findings that are asked about one by one. */
const most = { ids: 200, findings: 1000 }

interface SelectionBarProps {
  readonly selection: FindingSelection
  /** Of the list, and how many findings it chooses. */
  readonly filter: FindingFilter
  readonly total: number
}

/** What can be done with the findings that are chosen. */
export function SelectionBar({ selection, filter, total }: SelectionBarProps) {
  const { rows, all, chooseAll, clear } = selection
  const [asked, setAsked] = useState(false)
  if (rows.length === 0 && !all) return null
  const isDisabled = filter.status === 'disabled'
  const ids = new Set(rows.map(row => row.vulnerabilityId)).size
  const tooMany = isDisabled ? rows.length > most.findings : ids > most.ids
  const refusal = isDisabled
    ? `; at most ${count(most.findings)} at a time, or all that match`
    : `; a rule takes at most ${most.ids} ids`
  return (
    <Bar role="region" aria-label="Selected findings">
      <span role="status">
        {all ? `All ${counted(total, 'matching finding')} selected` : `${count(rows.length)} selected`}
        {tooMany && refusal}
      </span>
      {!all && total > rows.length && (
        <Button variant="text" onClick={chooseAll}>
          Select all {count(total)} matching
        </Button>
      )}
      <Button variant="text" onClick={clear}>
        Clear
      </Button>
      {isDisabled ? (
        <Button variant="contained" disabled={tooMany} onClick={() => setAsked(true)}>
          Re-enable…
        </Button>
      ) : tooMany ? (
        <Button variant="contained" disabled>
          Disable…
        </Button>
      ) : (
        <Button variant="contained" component={Link} to={all ? pathOfFilter(filter) : pathOfSelection(rows)}>
          Disable…
        </Button>
      )}
      {asked && (
        <Suspense>
          <ReEnable
            choice={all ? { filter } : { ids: rows.map(row => row.id) }}
            onClose={changed => {
              setAsked(false)
              // What was chosen is not disabled any more.
              if (changed) clear()
            }}
          />
        </Suspense>
      )}
    </Bar>
  )
}
