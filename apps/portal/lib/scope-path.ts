import type { ManagementGroup, ScopeTree, SubscriptionDetail } from '@plimsoll/types'

/**
 * Subscriptions as choices, each by its name, which is what is typed to find it, and its path below the tenant:
 * `Line 1 in Plants / Hall 7`. The tenant is named where another goes by the same name.
 */
export const subscriptionChoices = (tree: ScopeTree): { value: string; label: string }[] =>
  tree.subscriptions.map(each => ({ value: each.id, label: placedName(tree, each) }))

/** The same of one of them. */
export function placedName(
  { groups, subscriptions }: Pick<ScopeTree, 'groups' | 'subscriptions'>,
  { name, managementGroupId }: Pick<SubscriptionDetail, 'name' | 'managementGroupId'>,
): string {
  const path = ancestors(groups, managementGroupId)
  const below = path.filter(({ parentId }) => parentId !== null)
  const isShared = subscriptions.filter(each => each.name === name).length > 1
  const shown = below.length > 0 ? below : isShared ? path : []
  return shown.length === 0 ? name : `${name} in ${shown.map(group => group.name).join(' / ')}`
}

/** A group and all that it is under, the tenant first. */
export function ancestors(groups: readonly ManagementGroup[], id: string): ManagementGroup[] {
  const group = groups.find(each => each.id === id)
  if (group === undefined) return []
  return [...(group.parentId === null ? [] : ancestors(groups, group.parentId)), group]
}
