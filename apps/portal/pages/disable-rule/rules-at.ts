import type { RulesAt } from '@plimsoll/types'
import { type PlaceRow, placeKey } from '../../rule/place.ts'

export type NamedRule = RulesAt['newest'][number]

export interface PlaceWithRules extends PlaceRow {
  /** How many rules of exactly this node have not expired, also those that are narrowed below it. */
  readonly rules: number
  /** Some of them, the newest first. */
  readonly newest: readonly NamedRule[]
  /** Rules of nodes above it hold here too. */
  readonly inherits: boolean
}

/** The scope tree with the rules at each node. */
export function withRules(rows: readonly PlaceRow[], places: readonly RulesAt[]): PlaceWithRules[] {
  const byPlace = new Map(places.map(place => [placeKey(place), place]))
  return rows.map(row => ({
    ...row,
    rules: byPlace.get(row.key)?.rules ?? 0,
    newest: byPlace.get(row.key)?.newest ?? [],
    inherits: row.above.some(key => byPlace.has(key)),
  }))
}
