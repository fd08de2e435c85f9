import { styled } from '@mui/material/styles'
import { useId, useState } from 'react'
import { scopeKindText } from '../lib/rule-words.ts'
import { SearchField } from '../ui/search-field.tsx'
import { type Place, type PlaceRow, placeKey } from './place.ts'

/** With more nodes than this, a search stands above them. */
const fewRows = 12
/** No more are drawn at once; the search finds the others. */
const shownRows = 200

const Frame = styled('fieldset')(({ theme }) => ({
  margin: 0,
  padding: 0,
  border: 0,
  minWidth: 0,
  '& > legend': { padding: 0, marginBottom: 4, fontSize: '0.8125rem', fontWeight: 550 },
  '& > p': { margin: '4px 0 0', fontSize: '0.75rem', color: theme.vars.palette.text.secondary },
}))
const List = styled('div')(({ theme }) => ({
  maxHeight: 232,
  overflowY: 'auto',
  border: `1px solid ${theme.vars.palette.surface.line}`,
  borderRadius: theme.vars.shape.borderRadius,
  padding: '4px 0',
  marginTop: 4,
  '& label': {
    display: 'flex',
    alignItems: 'center',
    gap: 8,
    minHeight: 28,
    paddingRight: 12,
    fontSize: '0.8125rem',
    cursor: 'pointer',
    '&:hover': { background: theme.vars.palette.surface.hover },
    '&:has(:checked)': { background: theme.vars.palette.surface.selected },
    '&:has(:focus-visible)': { outline: `2px solid ${theme.vars.palette.primary.main}`, outlineOffset: -2 },
  },
  '& input': { margin: 0, flex: 'none', accentColor: theme.vars.palette.primary.main, outline: 'none' },
  '& label > span:first-of-type': { minWidth: 0, overflowWrap: 'anywhere' },
  '& label > span:last-of-type': {
    fontSize: '0.75rem',
    color: theme.vars.palette.text.secondary,
    whiteSpace: 'nowrap',
  },
}))

interface PlacePickerProps {
  readonly rows: readonly PlaceRow[]
  readonly place: Place
  readonly help: string
  readonly onChange: (place: Place) => void
}

/** The scope tree, one node of which is chosen: with arrow keys too. */
export function PlacePicker({ rows, place, help, onChange }: PlacePickerProps) {
  const [sought, setSought] = useState('')
  const id = useId()
  const chosen = placeKey(place)
  const found = matching(rows, sought)
  const shown = found.filter((row, index) => index < shownRows || row.key === chosen)
  return (
    <Frame aria-describedby={`${id}-help`}>
      <legend>Scope</legend>
      {rows.length > fewRows && (
        <SearchField label="Search scopes" value={sought} onChange={text => setSought(text)} />
      )}
      <List>
        {shown.map(row => (
          <label key={row.key} style={{ paddingLeft: 10 + row.depth * 20 }}>
            <input
              type="radio"
              name={id}
              value={row.key}
              checked={row.key === chosen}
              onChange={() => onChange({ kind: row.kind, id: row.id })}
            />
            <span>{row.name}</span>
            <span>{scopeKindText[row.kind]}</span>
          </label>
        ))}
      </List>
      <p id={`${id}-help`}>
        {found.length > shown.length
          ? `${found.length - shown.length} more are not shown. Search for them.`
          : help}
      </p>
    </Frame>
  )
}

/** The nodes with a text in their names, and those above them, without which nobody would know which they are. */
function matching(rows: readonly PlaceRow[], text: string): readonly PlaceRow[] {
  const sought = text.trim().toLowerCase()
  if (sought === '') return rows
  const found = rows.filter(({ name }) => name.toLowerCase().includes(sought))
  const keys = new Set(found.flatMap(({ key, above }) => [key, ...above]))
  return rows.filter(({ key }) => keys.has(key))
}
