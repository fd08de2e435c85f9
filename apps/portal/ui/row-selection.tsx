import { styled } from '@mui/material/styles'
import { useEffect, useRef } from 'react'

/** Which rows of a table are chosen, by key; also those of other pages. */
export interface RowSelection<Row> {
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (chosen: ReadonlySet<string>) => void
  /** What the row is, for the box's name. */
  readonly label: (row: Row) => string
}

const Box = styled('label')(({ theme }) => ({
  display: 'inline-grid',
  placeItems: 'center',
  width: 24,
  height: 24,
  margin: '-2px 0',
  cursor: 'pointer',
  '& input': { width: 15, height: 15, margin: 0, accentColor: theme.vars.palette.primary.main },
}))

/** The box before a row. The table itself hears that it was changed, so that rows need not be drawn for that. */
export const SelectCell = ({ rowKey, label, chosen }: { rowKey: string; label: string; chosen: boolean }) => (
  <td role="cell" data-select="">
    <Box>
      <input type="checkbox" aria-label={`Select ${label}`} data-key={rowKey} checked={chosen} readOnly />
    </Box>
  </td>
)

interface SelectAllCellProps {
  readonly keys: readonly string[]
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (chosen: ReadonlySet<string>) => void
}

/** Chooses all rows that are shown, or none of them. */
export function SelectAllCell({ keys, chosen, onChoose }: SelectAllCellProps) {
  const box = useRef<HTMLInputElement>(null)
  const number = keys.filter(key => chosen.has(key)).length
  const all = number > 0 && number === keys.length
  useEffect(() => {
    if (box.current) box.current.indeterminate = number > 0 && !all
  }, [number, all])
  const toggle = () => onChoose(all ? chosen.difference(new Set(keys)) : chosen.union(new Set(keys)))
  return (
    <th role="columnheader" scope="col" data-select="">
      <Box>
        <input
          ref={box}
          type="checkbox"
          aria-label="Select all on this page"
          checked={all}
          onChange={toggle}
        />
      </Box>
    </th>
  )
}

/** Hears which boxes are changed; with Shift all between the last one and this become as this is. */
export function useSelectRows<Row>(keys: readonly string[], selection: RowSelection<Row> | undefined) {
  const last = useRef<string | null>(null)
  return (event: React.ChangeEvent<HTMLElement>) => {
    const box: EventTarget = event.target
    if (!selection || !(box instanceof HTMLInputElement) || box.dataset['key'] === undefined) return
    const key = box.dataset['key']
    const from = last.current === null ? -1 : keys.indexOf(last.current)
    const to = keys.indexOf(key)
    const shift = event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey
    const changed = shift && from >= 0 ? keys.slice(Math.min(from, to), Math.max(from, to) + 1) : [key]
    last.current = key
    const { chosen, onChoose } = selection
    onChoose(box.checked ? chosen.union(new Set(changed)) : chosen.difference(new Set(changed)))
  }
}
