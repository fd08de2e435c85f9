import { styled } from '@mui/material/styles'
import { useId, useState } from 'react'
import { kindBeside } from '../lib/rule-words.ts'
import { SearchField } from '../ui/search-field.tsx'
import { TreeList } from '../ui/tree-list.ts'
import { matchingPlaces, type Place, type PlaceRow, placeKey } from './place.ts'

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
  const found = matchingPlaces(rows, sought)
  const shown = found.filter((row, index) => index < shownRows || row.key === chosen)
  return (
    <Frame aria-describedby={`${id}-help`}>
      <legend>Scope</legend>
      {rows.length > fewRows && (
        <SearchField label="Search scopes" value={sought} onChange={text => setSought(text)} />
      )}
      <TreeList>
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
            <span>{kindBeside(row.kind, row.name)}</span>
          </label>
        ))}
      </TreeList>
      <p id={`${id}-help`}>
        {found.length > shown.length
          ? `${found.length - shown.length} more are not shown. Search for them.`
          : help}
      </p>
    </Frame>
  )
}
