import Button from '@mui/material/Button'
import { styled } from '@mui/material/styles'
import type { FindingChoice, FindingFilter } from '@plimsoll/types'
import { lazy, Suspense, useState } from 'react'
import { Link } from '../app/scoped-link.tsx'
import { useMayChange } from '../app/session.tsx'
import { count, counted } from '../lib/quantity.ts'
import { pathOfFilter, pathOfSelection } from '../rule/selection-path.ts'
import { CopyIds } from './copy-ids.tsx'
import type { FindingSelection } from './use-selection.ts'

const ReEnable = lazy(async () => ({ default: (await import('./selection-dialogs.ts')).ReEnable }))
const RescanImages = lazy(async () => ({ default: (await import('./selection-dialogs.ts')).RescanImages }))

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
  const mayChange = useMayChange()
  const [asked, setAsked] = useState<'re-enable' | 'rescan' | null>(null)
  if (rows.length === 0 && !all) return null
  const choice: FindingChoice = all ? { filter } : { ids: rows.map(row => row.id) }
  const refusal = refusalOf(rows, filter)
  return (
    <Bar role="region" aria-label="Selected findings">
      <span role="status">
        {all ? `All ${counted(total, 'matching finding')} selected` : `${count(rows.length)} selected`}
        {refusal !== null && mayChange && `; ${refusal}`}
      </span>
      {!all && total > rows.length && (
        <Button variant="text" onClick={chooseAll}>
          Select all {count(total)} matching
        </Button>
      )}
      <Button variant="text" onClick={clear}>
        Clear
      </Button>
      {rows.length <= most.findings && <CopyIds choice={choice} />}
      {mayChange && rows.length <= most.findings && (
        <Button variant="text" onClick={() => setAsked('rescan')}>
          Rescan images…
        </Button>
      )}
      {mayChange && filter.status === 'disabled' && (
        <Button variant="contained" disabled={refusal !== null} onClick={() => setAsked('re-enable')}>
          Re-enable…
        </Button>
      )}
      {mayChange && isDisablable(filter) && (
        <Disable to={refusal === null ? (all ? pathOfFilter(filter) : pathOfSelection(rows)) : null} />
      )}
      <Suspense>
        {asked === 're-enable' && (
          <ReEnable
            choice={choice}
            onClose={changed => {
              setAsked(null)
              // What was chosen is not disabled any more.
              if (changed) clear()
            }}
          />
        )}
        {asked === 'rescan' && <RescanImages choice={choice} onClose={() => setAsked(null)} />}
      </Suspense>
    </Bar>
  )
}

const Disable = ({ to }: { to: string | null }) =>
  to === null ? (
    <Button variant="contained" disabled>
      Disable…
    </Button>
  ) : (
    <Button variant="contained" component={Link} to={to}>
      Disable…
    </Button>
  )

/** Why not everything can be done with so many that were chosen one by one; null: it can. */
function refusalOf(rows: FindingSelection['rows'], filter: FindingFilter): string | null {
  if (rows.length > most.findings) {
    return `at most ${count(most.findings)} at a time, or all that match`
  }
  const ids = new Set(rows.map(row => row.vulnerabilityId)).size
  return isDisablable(filter) && ids > most.ids ? `a rule takes at most ${most.ids} ids` : null
}

/** Rules are about findings that count, and that are there. */
const isDisablable = ({ status, class: classes }: FindingFilter): boolean =>
  ['open', 'undetermined'].includes(status) && (classes ?? []).every(each => each === 'security')
