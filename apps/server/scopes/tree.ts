import type { ManagementGroup, ScopeTree, SubscriptionDetail } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { type PlanColumns, planColumns, planIn } from '../plans/plan.ts'
import { Refusal } from '../refusal.ts'

/** Parents before what is under them; beside each other by name. */
export const scopeTree = (db: Db): ScopeTree => ({
  groups: listGroups(db),
  subscriptions: subscriptionDetails(db, null),
  registries: prepared(
    db,
    `select id, name, subscription_id subscriptionId, resource_group resourceGroup from registry
     where removed_at is null order by name, id`,
  ).all() as ScopeTree['registries'],
})

export const listGroups = (db: Db): ManagementGroup[] =>
  prepared(
    db,
    `with recursive down(id, level) as (
       select id, 0 from management_group where parent_id is null union all
       select g.id, down.level + 1 from down join management_group g on g.parent_id = down.id),
     under(top, id) as (
       select id, id from management_group union all
       select under.top, g.id from under join management_group g on g.parent_id = under.id)
     select g.id, g.name, g.parent_id parentId,
       (select count(*) from under join subscription s on s.management_group_id = under.id where under.top = g.id) subscriptions
     from down join management_group g on g.id = down.id
     order by down.level, g.name collate nocase, g.id`,
  ).all() as ManagementGroup[]

/** @throws Refusal when there is no such subscription. */
export function getSubscription(db: Db, id: string): SubscriptionDetail {
  const [subscription] = subscriptionDetails(db, id)
  if (subscription !== undefined) return subscription
  throw new Refusal('not-found', `There is no subscription ${id}.`, {
    hint: 'It goes by its id: the portal lists them under Scopes, and so does "plimsoll scopes tree".',
  })
}

interface SubscriptionRow extends PlanColumns {
  readonly id: string
  readonly name: string
  readonly managementGroupId: string
  readonly planChangedAt: string | null
  readonly planChangedBy: string | null
  readonly registries: number
  readonly images: number
  readonly chargedImages: number
}

function subscriptionDetails(db: Db, id: string | null): SubscriptionDetail[] {
  const rows = prepared(
    db,
    `select sub.id, sub.name, sub.management_group_id managementGroupId, sub.plan_changed_at planChangedAt,
       sub.plan_changed_by planChangedBy, ${planColumns},
       (select count(*) from registry rg where rg.subscription_id = sub.id and rg.removed_at is null) registries,
       (select count(*) from registry rg join repository rp on rp.registry_id = rg.id
          join occurrence o on o.repository_id = rp.id
        where rg.subscription_id = sub.id and rg.removed_at is null and o.deleted_at is null
          and o.superseded_at is null) images,
       (select count(*) from charge c where c.subscription_id = sub.id) chargedImages
     from subscription sub where @id is null or sub.id = @id order by sub.name collate nocase, sub.id`,
  ).all({ id }) as SubscriptionRow[]
  return rows.map(row => {
    const { effective, ...plan } = planIn(row)
    return {
      id: row.id,
      name: row.name,
      managementGroupId: row.managementGroupId,
      planChangedAt: row.planChangedAt,
      planChangedBy: row.planChangedBy,
      ...plan,
      effectiveTriggers: [...effective],
      registries: row.registries,
      images: row.images,
      chargedImages: row.chargedImages,
    }
  })
}
