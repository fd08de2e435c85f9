import type { Plan, SubscriptionDetail } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { enqueue } from '../jobs/queue.ts'
import { askToReadAgain } from '../jobs/read-again.ts'
import { noteCause } from '../posture/score-causes.ts'
import { requireSubscription } from '../scopes/subscriptions.ts'
import { getSubscription } from '../scopes/tree.ts'
import { cancelWherePlanIsOff } from './cancel-scans.ts'

export interface PlanDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly viewer: { readonly name: string }
  readonly wakeRunner: () => void
  /** Goes over a registry anew: what it holds is listed, and scanned as its plan says. */
  readonly reconciler: { wake(registryId: string): boolean }
}

/**
 * Turns a subscription's plan on or off. Off: its scans are cancelled, nothing of it is scanned or billed from then on,
 * and its images count in no recommendation and no score; what is known of them stays. On: its registries are gone
 * over, and what the triggers select is scanned.
 * @throws Refusal when there is no such subscription.
 */
export async function setPlan(
  { id, plan }: { id: string; plan: Plan },
  deps: PlanDeps,
): Promise<SubscriptionDetail> {
  const { db, events, log, viewer } = deps
  const changed = inTransaction(db, () => {
    const { name } = requireSubscription(db, id)
    const at = new Date().toISOString()
    const { changes } = prepared(
      db,
      'update subscription set plan = ?, plan_changed_at = ?, plan_changed_by = ? where id = ? and plan <> ?',
    ).run(plan, at, viewer.name, id, plan)
    if (changes > 0) noteCause(db, { at, kind: `plan-${plan}`, id, name, by: viewer.name })
    return changes
  })
  if (changed === 0) return getSubscription(db, id)
  log.info({ audit: 'plan-changed', subscription: id, plan, by: viewer.name }, 'a plan was changed')
  if (plan === 'off') await cancelWherePlanIsOff(db, events)
  else {
    // What an older version read was passed over at the start.
    await askToReadAgain(db, new Date().toISOString(), new AbortController().signal)
    wakeRegistries(id, deps)
  }
  for (const what of ['scopes', 'registries', 'images', 'findings'] as const)
    events.publish({ type: 'changed', what })
  return getSubscription(db, id)
}

/** Has the registries of a subscription gone over. */
export function wakeRegistries(subscriptionId: string, { db, reconciler, wakeRunner }: PlanDeps): void {
  const ids = prepared(db, 'select id from registry where subscription_id = ? and removed_at is null')
    .pluck()
    .all(subscriptionId) as string[]
  for (const id of ids) reconciler.wake(id)
  askForSamples(db, subscriptionId)
  wakeRunner()
}

/** The demonstration is stocked at the start and never listed, so what was passed over is asked for here. */
function askForSamples(db: Db, subscriptionId: string): void {
  const at = new Date().toISOString()
  inTransaction(db, () => {
    const samples = prepared(
      db,
      `select o.repository_id repositoryId, o.digest
       from registry rg join repository rp on rp.registry_id = rg.id join occurrence o on o.repository_id = rp.id
       where rg.subscription_id = ? and rg.kind = 'demonstration' and o.coverage_status = 'not-scanned'
         and o.deleted_at is null and not o.scan_failed`,
    ).all(subscriptionId) as { repositoryId: number; digest: string }[]
    for (const one of samples) enqueue(db, { ...one, trigger: 'demonstration' }, at)
  })
}
