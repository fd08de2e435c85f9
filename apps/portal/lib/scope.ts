import type { Scope, ScopeTree } from '@plimsoll/types'
import { ancestors, placedName } from './scope-path.ts'

const kindText: Readonly<Record<Scope['kind'], readonly [one: string, several: string]>> = {
  'management-group': ['management group', 'management groups'],
  subscription: ['subscription', 'subscriptions'],
  registry: ['registry', 'registries'],
}

/** What pages are narrowed to, as addresses say it: `subscription:a,b`. Ids are sorted, so that equal scopes read the same. */
export const writeScope = ({ kind, ids }: Scope): string => `${kind}:${[...new Set(ids)].sort().join(',')}`

/** As many as the API takes. */
export const mostIds = 200

/** Reads an address's scope; null for nonsense. Whether there are such nodes the tree has to say. */
export function readScope(text: string | null): Scope | null {
  const [, kind, list] = /^([a-z-]+):(.+)$/.exec(text ?? '') ?? []
  const ids = [...new Set(list?.split(','))].sort()
  if (!isKind(kind) || ids.length > mostIds) return null
  return ids.every(id => id !== '' && id.length <= 100) ? { kind, ids } : null
}

const isKind = (text: string | undefined): text is Scope['kind'] =>
  text !== undefined && Object.hasOwn(kindText, text)

/** What it is called: by the name of its one node, `Plants`, or `3 subscriptions`; by its ids where the tree does not know it. */
export function scopeName(scope: Scope, tree: ScopeTree | undefined): string {
  const [first = '', ...others] = scope.ids
  const [one, several] = kindText[scope.kind]
  if (others.length > 0) return `${scope.ids.length} ${several}`
  return (tree && nodesOf(scope, tree)[0]?.name) ?? `${one} ${first}`
}

/** Its nodes by name, where each stands with it: `Line 1 in Plants, Line 2 in Plants`. */
export function scopeWords(scope: Scope, tree: ScopeTree | undefined): string {
  if (tree === undefined) return scope.ids.join(', ')
  return nodesOf(scope, tree)
    .map(node => ('managementGroupId' in node ? placedName(tree, node) : node.name))
    .join(', ')
}

/** What of it is not there, `subscription a, b`; null when all is. */
export function missingWords(scope: Scope, tree: ScopeTree): string | null {
  const there = new Set(nodesOf(scope, tree).map(({ id }) => id))
  const missing = scope.ids.filter(id => !there.has(id))
  if (missing.length === 0) return null
  return `${kindText[scope.kind][missing.length === 1 ? 0 : 1]} ${missing.join(', ')}`
}

/** The ids of the registries that are not in it. */
export function registriesOutside({ kind, ids }: Scope, tree: ScopeTree): ReadonlySet<string> {
  const inGroups = new Set(
    tree.subscriptions
      .filter(each => ancestors(tree.groups, each.managementGroupId).some(({ id }) => ids.includes(id)))
      .map(({ id }) => id),
  )
  const holds = {
    registry: ({ id }: { id: string }) => ids.includes(id),
    subscription: ({ subscriptionId }: { subscriptionId: string }) => ids.includes(subscriptionId),
    'management-group': ({ subscriptionId }: { subscriptionId: string }) => inGroups.has(subscriptionId),
  }[kind]
  return new Set(tree.registries.filter(each => !holds(each)).map(({ id }) => id))
}

function nodesOf({ kind, ids }: Scope, tree: ScopeTree) {
  const all = { 'management-group': tree.groups, subscription: tree.subscriptions, registry: tree.registries }
  return all[kind].filter(({ id }) => ids.includes(id))
}
