import type { ManagementGroup, ScopeTree, SubscriptionDetail } from '@plimsoll/types'

/** A line of the tree: what it is, how deep it stands, and what it is called. */
export type ScopeRow = { readonly key: string; readonly depth: number; readonly name: string } & (
  | {
      readonly kind: 'group'
      readonly group: ManagementGroup
      /** Nothing stands under it. */
      readonly empty: boolean
      /** Of the subscriptions under it at any depth, those whose plan is on. */
      readonly plansOn: number
    }
  | { readonly kind: 'subscription'; readonly subscription: SubscriptionDetail }
  | { readonly kind: 'resource-group' }
  | { readonly kind: 'registry'; readonly registryId: string }
)

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)

/** The tree as lines, each parent right before what it holds: groups, then subscriptions, each by name. */
export function scopeRows(tree: ScopeTree): ScopeRow[] {
  const rows: ScopeRow[] = []
  const ofRegistries = (subscription: SubscriptionDetail, depth: number) => {
    const own = tree.registries.filter(each => each.subscriptionId === subscription.id).toSorted(byName)
    const groups = new Set(own.flatMap(each => each.resourceGroup ?? []))
    for (const registry of own.filter(each => each.resourceGroup === null))
      rows.push(registryRow(registry, depth))
    for (const name of [...groups].toSorted()) {
      rows.push({ key: `resource-group ${subscription.id} ${name}`, depth, name, kind: 'resource-group' })
      for (const registry of own.filter(each => each.resourceGroup === name)) {
        rows.push(registryRow(registry, depth + 1))
      }
    }
  }
  const ofGroup = (group: ManagementGroup, depth: number) => {
    const inside = withinGroup(tree, group.id)
    const groups = tree.groups.filter(each => each.parentId === group.id).toSorted(byName)
    const subscriptions = tree.subscriptions
      .filter(each => each.managementGroupId === group.id)
      .toSorted(byName)
    rows.push({
      key: `group ${group.id}`,
      depth,
      name: group.name,
      kind: 'group',
      group,
      empty: groups.length + subscriptions.length === 0,
      plansOn: tree.subscriptions.filter(each => each.plan === 'on' && inside.has(each.managementGroupId))
        .length,
    })
    for (const each of groups) ofGroup(each, depth + 1)
    for (const subscription of subscriptions) {
      const { id, name } = subscription
      rows.push({ key: `subscription ${id}`, depth: depth + 1, name, kind: 'subscription', subscription })
      ofRegistries(subscription, depth + 2)
    }
  }
  for (const root of tree.groups.filter(each => each.parentId === null)) ofGroup(root, 0)
  return rows
}

const registryRow = ({ id, name }: { id: string; name: string }, depth: number): ScopeRow => ({
  key: `registry ${id}`,
  depth,
  name,
  kind: 'registry',
  registryId: id,
})

/** Ids of a group and of all groups under it. */
function withinGroup(tree: ScopeTree, id: string): ReadonlySet<string> {
  const inside = new Set([id])
  // Parents come before children, so one pass finds them all.
  for (const group of tree.groups)
    if (group.parentId !== null && inside.has(group.parentId)) inside.add(group.id)
  return inside
}

/** Groups by their whole names, in the order of the tree: `Tenant / Europe`; without `except` and what is under it. */
export function groupChoices(tree: ScopeTree, except?: string): { value: string; label: string }[] {
  const barred = except === undefined ? new Set<string>() : withinGroup(tree, except)
  const names = new Map<string, string>()
  return scopeRows(tree).flatMap(row => {
    if (row.kind !== 'group') return []
    const { id, parentId, name } = row.group
    const parent = parentId === null ? undefined : names.get(parentId)
    const label = parent === undefined ? name : `${parent} / ${name}`
    names.set(id, label)
    return barred.has(id) ? [] : [{ value: id, label }]
  })
}

export const isTenant = (group: ManagementGroup): boolean => group.parentId === null
