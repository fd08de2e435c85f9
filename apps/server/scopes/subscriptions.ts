import type { NewSubscription, SubscriptionDetail } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { deleteRulesOf } from '../rules/delete.ts'
import { notePlacesChanged } from '../rules/keeper.ts'
import { rulesAt } from '../rules/rule.ts'
import { requireGroup } from './groups.ts'
import { enumerated, idFromName, requireFreeName, type ScopeDeps } from './names.ts'
import { getSubscription } from './tree.ts'

/** Makes a subscription, whose plan is on. @throws Refusal */
export function createSubscription(
  { name, managementGroupId }: NewSubscription,
  deps: ScopeDeps,
): SubscriptionDetail {
  const { db } = deps
  const at = new Date().toISOString()
  const id = inTransaction(db, () => {
    requireGroup(db, managementGroupId)
    requireFreeName(db, managementGroupId, name, null)
    const made = idFromName(name, 'subscription', one => isUsed(db, one))
    prepared(
      db,
      'insert into subscription (id, name, created_at, management_group_id) values (?, ?, ?, ?)',
    ).run(made, name, at, managementGroupId)
    return made
  })
  changed(deps, 'subscription-created', { subscription: id, name, group: managementGroupId })
  return getSubscription(db, id)
}

/** @throws Refusal */
export function renameSubscription(
  { id, name }: { id: string; name: string },
  deps: ScopeDeps,
): SubscriptionDetail {
  const { db } = deps
  inTransaction(db, () => {
    const { managementGroupId } = requireSubscription(db, id)
    requireFreeName(db, managementGroupId, name, `subscription ${id}`)
    prepared(db, 'update subscription set name = ? where id = ?').run(name, id)
  })
  changed(deps, 'subscription-renamed', { subscription: id, name })
  return getSubscription(db, id)
}

/** @throws Refusal */
export function moveSubscription(
  { id, managementGroupId }: { id: string; managementGroupId: string },
  deps: ScopeDeps,
): SubscriptionDetail {
  const { db } = deps
  inTransaction(db, () => {
    const { name } = requireSubscription(db, id)
    requireGroup(db, managementGroupId)
    requireFreeName(db, managementGroupId, name, `subscription ${id}`)
    prepared(db, 'update subscription set management_group_id = ? where id = ?').run(managementGroupId, id)
    notePlacesChanged(db)
  })
  deps.rules.wake()
  changed(deps, 'subscription-moved', { subscription: id, group: managementGroupId })
  return getSubscription(db, id)
}

/** What was charged to it stays on the bill. @throws Refusal when something is in it, saying what. */
export function deleteSubscription({ id }: { id: string }, deps: ScopeDeps): { deleted: true } {
  const { db } = deps
  const name = inTransaction(db, () => {
    const subscription = requireSubscription(db, id)
    const count = (text: string): number => prepared(db, text).pluck().get(id) as number
    const content = enumerated([
      [
        count('select count(*) from registry where subscription_id = ? and removed_at is null'),
        'registry',
        'registries',
      ],
      [
        count('select count(*) from registry where subscription_id = ? and removed_at is not null'),
        'registry that is still being removed',
        'registries that are still being removed',
      ],
      [count(rulesAt('subscription')), 'disable rule', 'disable rules'],
    ])
    if (content !== '') {
      throw new Refusal('conflict', `"${subscription.name}" cannot be deleted: it holds ${content}.`, {
        hint: 'Move or remove what is in it first.',
      })
    }
    // Expired ones, which are only listed.
    deleteRulesOf(db, { kind: 'subscription', id }, deps.viewer.name, new Date().toISOString())
    prepared(db, 'delete from subscription where id = ?').run(id)
    return subscription.name
  })
  deps.rules.wake()
  changed(deps, 'subscription-deleted', { subscription: id, name })
  return { deleted: true }
}

/** @throws Refusal when there is no such subscription. */
export function requireSubscription(db: Db, id: string): { name: string; managementGroupId: string } {
  const row = prepared(
    db,
    'select name, management_group_id managementGroupId from subscription where id = ?',
  ).get(id)
  if (row !== undefined) return row as { name: string; managementGroupId: string }
  throw new Refusal('not-found', `There is no subscription ${id}.`, {
    hint: 'It goes by its id: the portal lists them under Scopes, and so does "plimsoll scopes tree".',
  })
}

/** An id that stands on the bill is never used again: charges would be taken for another's. */
const isUsed = (db: Db, id: string): boolean =>
  prepared(
    db,
    'select 1 from subscription where id = @id union all select 1 from charge where subscription_id = @id limit 1',
  ).get({ id }) !== undefined

function changed({ events, log, viewer }: ScopeDeps, audit: string, what: Record<string, string>): void {
  log.info({ audit, ...what, by: viewer.name }, 'subscriptions were changed')
  events.publish({ type: 'changed', what: 'scopes' })
  // Lists of registries and rules name them.
  events.publish({ type: 'changed', what: 'registries' })
}
