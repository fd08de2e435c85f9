import type { FindingRow } from '@plimsoll/types'
import { useState } from 'react'

export interface FindingSelection {
  /** Those that were chosen one by one, also on other pages of the list; none when it is all of them. */
  readonly rows: readonly FindingRow[]
  /** All that the list's filter chooses, whichever those are by now. */
  readonly all: boolean
  /** Which of the rows of this page are chosen. */
  readonly chosenOf: (shown: readonly FindingRow[]) => ReadonlySet<string>
  /** @param shown the rows of this page. */
  readonly choose: (chosen: ReadonlySet<string>, shown: readonly FindingRow[]) => void
  readonly chooseAll: () => void
  readonly clear: () => void
}

const none: ReadonlyMap<string, FindingRow> = new Map()

/** Findings that are chosen in a list, for as long as the list is of the same filter. */
export function useSelection(filter: object): FindingSelection {
  const of = JSON.stringify(filter)
  const [state, setState] = useState({ of, rows: none, all: false })
  const { rows, all } = state.of === of ? state : { rows: none, all: false }
  return {
    rows: [...rows.values()],
    all,
    chosenOf: shown => new Set(all ? shown.map(row => row.id) : rows.keys()),
    choose: (chosen, shown) => {
      const known = new Map([...rows, ...shown.map(row => [row.id, row] as const)])
      setState({ of, rows: new Map([...known].filter(([id]) => chosen.has(id))), all: false })
    },
    chooseAll: () => setState({ of, rows: none, all: true }),
    clear: () => setState({ of, rows: none, all: false }),
  }
}
