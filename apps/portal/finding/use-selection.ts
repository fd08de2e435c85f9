import type { FindingRow } from '@plimsoll/types'
import { useState } from 'react'

export interface FindingSelection {
  /** Those that were chosen, also on other pages of the list. */
  readonly rows: readonly FindingRow[]
  readonly chosen: ReadonlySet<string>
  /** @param shown the rows of this page. */
  readonly choose: (chosen: ReadonlySet<string>, shown: readonly FindingRow[]) => void
  readonly clear: () => void
}

const none: ReadonlyMap<string, FindingRow> = new Map()

/** Findings that are chosen in a list, for as long as the list is of the same filter. */
export function useSelection(filter: object): FindingSelection {
  const of = JSON.stringify(filter)
  const [state, setState] = useState({ of, rows: none })
  const rows = state.of === of ? state.rows : none
  return {
    rows: [...rows.values()],
    chosen: new Set(rows.keys()),
    choose: (chosen, shown) => {
      const known = new Map([...rows, ...shown.map(row => [row.id, row] as const)])
      setState({ of, rows: new Map([...known].filter(([id]) => chosen.has(id))) })
    },
    clear: () => setState({ of, rows: none }),
  }
}
