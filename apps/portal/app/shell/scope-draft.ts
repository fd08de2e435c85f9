import type { Scope } from '@plimsoll/types'
import { mostIds } from '../../lib/scope.ts'
import { matchingPlaces, type PlaceRow } from '../../rule/place.ts'

/** What is being chosen; null: everything. */
export type ScopeDraft = Scope | null

/** A line of the picker. */
export interface ScopeChoice extends PlaceRow {
  readonly chosen: boolean
  /** Whether the registries below it are shown; undefined: it has none. */
  readonly open: boolean | undefined
}

/** With no more nodes than this, all are shown. */
const fewRows = 12
/** No more are drawn at once, and of one subscription's registries; the search finds the others. */
const mostRows = 300
const mostRegistries = 25

/** Subscriptions are ticked, any number of them; of all else one is chosen. */
export const isTicked = ({ kind }: Pick<PlaceRow, 'kind'>): boolean => kind === 'subscription'

/** The draft after a node was chosen, or a subscription ticked or not ticked any more. */
export function chosen(draft: ScopeDraft, { kind, id }: Pick<PlaceRow, 'kind' | 'id'>): ScopeDraft {
  if (kind === 'tenant') return null
  if (kind !== 'subscription') return { kind, ids: [id] }
  const ticked = draft?.kind === 'subscription' ? draft.ids : []
  const ids = ticked.includes(id) ? ticked.filter(each => each !== id) : [...ticked, id]
  return ids.length === 0 ? null : { kind, ids }
}

/** Another subscription would be one too many. */
export const isFull = (draft: ScopeDraft): boolean =>
  draft?.kind === 'subscription' && draft.ids.length >= mostIds

function isChosen(draft: ScopeDraft, { kind, id }: PlaceRow): boolean {
  if (draft === null) return kind === 'tenant'
  // Of several groups or registries, which only an address can name, none is the chosen one.
  return draft.kind === kind && draft.ids.includes(id) && (isTicked({ kind }) || draft.ids.length === 1)
}

interface Shown {
  readonly draft: ScopeDraft
  readonly sought: string
  /** Keys of the subscriptions whose registries are shown. */
  readonly open: ReadonlySet<string>
}

/**
 * The lines to draw: while nothing is sought, registries only below open subscriptions. What is chosen is always among
 * those drawn of its kind.
 */
export function choicesOf(
  rows: readonly PlaceRow[],
  { draft, sought, open }: Shown,
): { readonly shown: readonly ScopeChoice[]; readonly hidden: number } {
  const isSearch = sought.trim() !== ''
  const all = isSearch || rows.length <= fewRows
  const parents = new Set(rows.flatMap(({ kind, above }) => (kind === 'registry' ? [above.at(-1)] : [])))
  const drawn = new Map<string | undefined, number>()
  let hidden = 0
  const found = matchingPlaces(rows, sought).filter(row => {
    const parent = row.kind === 'registry' ? row.above.at(-1) : undefined
    if (parent !== undefined && !all && !open.has(parent)) return false
    const place = isSearch ? undefined : parent
    const before = drawn.get(place) ?? 0
    const isDrawn = isChosen(draft, row) || before < (place === undefined ? mostRows : mostRegistries)
    if (isDrawn) drawn.set(place, before + 1)
    else hidden++
    return isDrawn
  })
  const shown = found.map(row => ({
    ...row,
    chosen: isChosen(draft, row),
    open: !all && parents.has(row.key) ? open.has(row.key) : undefined,
  }))
  return { shown, hidden }
}
