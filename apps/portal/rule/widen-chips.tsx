import { styled } from '@mui/material/styles'
import type { FindingDetail } from '@plimsoll/types'
import { type PlaceRow, placeKey } from './place.ts'
import type { RuleDraft } from './rule-draft.ts'
import { widthsOf } from './rule-origin.ts'

const Line = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: 8,
  fontSize: '0.8125rem',
  '& > span': { color: theme.vars.palette.text.secondary, minWidth: 56 },
  '& button': {
    minHeight: 28,
    maxWidth: '100%',
    padding: '2px 10px',
    border: `1px solid ${theme.vars.palette.surface.line}`,
    borderRadius: 14,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    overflowWrap: 'anywhere',
    cursor: 'pointer',
    '&:hover': { background: theme.vars.palette.surface.hover },
    '&[aria-pressed="true"]': {
      borderColor: theme.vars.palette.primary.main,
      background: theme.vars.palette.surface.selected,
      fontWeight: 550,
    },
  },
}))

interface WidenChipsProps {
  readonly finding: FindingDetail
  readonly rows: readonly PlaceRow[]
  readonly draft: RuleDraft
  readonly change: (part: Partial<RuleDraft>) => void
}

/** From the one finding out: where else a rule like this may hold, and in what other packages. */
export function WidenChips({ finding, rows, draft, change }: WidenChipsProps) {
  const { sourceName } = finding
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      <Line role="group" aria-label="Where it holds">
        <span>Holds in</span>
        {widthsOf(finding, rows).map(({ label, place, repository }) => (
          <Chip
            key={label}
            label={label}
            pressed={placeKey(draft.place) === placeKey(place) && draft.repository === repository}
            onPress={() => change({ place, repository })}
          />
        ))}
      </Line>
      <Line role="group" aria-label="In which package">
        <span>For</span>
        <Chip
          label={`Package ${sourceName}`}
          pressed={draft.packages === sourceName}
          onPress={() => change({ packages: sourceName })}
        />
        <Chip label="Any package" pressed={draft.packages === ''} onPress={() => change({ packages: '' })} />
      </Line>
    </div>
  )
}

const Chip = ({ label, pressed, onPress }: { label: string; pressed: boolean; onPress: () => void }) => (
  <button type="button" aria-pressed={pressed} onClick={onPress}>
    {label}
  </button>
)
