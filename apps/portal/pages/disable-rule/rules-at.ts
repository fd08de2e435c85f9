import type { DisableRule } from '@plimsoll/types'
import { type PlaceRow, placeKey } from '../../rule/place.ts'

export interface PlaceWithRules extends PlaceRow {
  /** Rules of exactly this node that have not expired, also those that are narrowed below it. */
  readonly rules: readonly DisableRule[]
  /** Rules of nodes above it hold here too. */
  readonly inherits: boolean
}

/** The scope tree with the rules at each node. */
export function withRules(rows: readonly PlaceRow[], rules: readonly DisableRule[]): PlaceWithRules[] {
  const byPlace = Map.groupBy(
    rules.filter(({ status }) => status !== 'expired'),
    ({ scope }) => placeKey(scope),
  )
  return rows.map(row => ({
    ...row,
    rules: byPlace.get(row.key) ?? [],
    inherits: row.above.some(key => byPlace.has(key)),
  }))
}
