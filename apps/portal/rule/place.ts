import type { RuleScope, ScopeTree } from '@plimsoll/types'
import { type ScopeRow, scopeRows } from '../pages/scopes/scope-rows.ts'

/** The node of the scope tree that a rule is of. */
export type Place = Pick<RuleScope, 'kind' | 'id'>

/** A node that a rule may be of, as the tree shows it. */
export interface PlaceRow extends Place {
  readonly key: string
  readonly name: string
  readonly depth: number
  /** Keys of the nodes above it, from the tenant down. */
  readonly above: readonly string[]
}

/** `subscription:demo`, as addresses say it too. */
export const placeKey = ({ kind, id }: Place): string => `${kind}:${id}`

/** Reads an address's place; null for nonsense. Whether there is such a node the tree has to say. */
export function readPlace(text: string | null): Place | null {
  const [, kind, id] = /^(tenant|management-group|subscription|registry):(.{1,100})$/.exec(text ?? '') ?? []
  return kind === undefined || id === undefined ? null : { kind: kind as Place['kind'], id }
}

/** The nodes that a rule may be of, each right after the one it is under. Resource groups are none of them. */
export function placeRows(tree: ScopeTree): PlaceRow[] {
  const above: { key: string; depth: number }[] = []
  return scopeRows(tree).flatMap(row => {
    const place = placeOf(row)
    while ((above.at(-1)?.depth ?? -1) >= row.depth) above.pop()
    if (place === null) return []
    const keys = above.map(each => each.key)
    const key = placeKey(place)
    above.push({ key, depth: row.depth })
    return [{ ...place, key, name: row.name, depth: keys.length, above: keys }]
  })
}

/** The nodes with a text in their names, and those above them, without which nobody would know which they are. */
export function matchingPlaces(rows: readonly PlaceRow[], text: string): readonly PlaceRow[] {
  const sought = text.trim().toLowerCase()
  if (sought === '') return rows
  const found = rows.filter(({ name }) => name.toLowerCase().includes(sought))
  const keys = new Set(found.flatMap(({ key, above }) => [key, ...above]))
  return rows.filter(({ key }) => keys.has(key))
}

function placeOf(row: ScopeRow): Place | null {
  switch (row.kind) {
    case 'group':
      return { kind: row.group.parentId === null ? 'tenant' : 'management-group', id: row.group.id }
    case 'subscription':
      return { kind: 'subscription', id: row.subscription.id }
    case 'registry':
      return { kind: 'registry', id: row.registryId }
    case 'resource-group':
      return null
  }
}
