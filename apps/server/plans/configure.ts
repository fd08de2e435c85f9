import type { PlanSettings, SubscriptionDetail } from '@plimsoll/types'
import { inTransaction, prepared } from '../db/statements.ts'
import { requireSubscription } from '../scopes/subscriptions.ts'
import { getSubscription } from '../scopes/tree.ts'
import { type PlanDeps, wakeRegistries } from './set-plan.ts'

type SettingsChange = { readonly [Name in keyof PlanSettings]?: PlanSettings[Name] | undefined }

/** Changes settings of a plan; those that are left out stay. @throws Refusal when there is no such subscription. */
export function configurePlan(
  { id, settings }: { id: string; settings: SettingsChange },
  deps: PlanDeps,
): SubscriptionDetail {
  const { db, events, log, viewer } = deps
  const before = inTransaction(db, () => {
    requireSubscription(db, id)
    const known = getSubscription(db, id)
    const {
      cloud = known.cloud,
      triggers = known.triggers,
      rescanEveryDays = known.rescanEveryDays,
      scanLimitMinutes = known.scanLimitMinutes,
    } = settings
    prepared(
      db,
      `update subscription set cloud = @cloud, trigger_push = @push, trigger_pull = @pull, trigger_import = @import,
         trigger_running = @running, rescan_every_days = @rescanEveryDays, scan_limit_minutes = @scanLimitMinutes
       where id = @id`,
    ).run({
      id,
      cloud,
      rescanEveryDays,
      scanLimitMinutes,
      push: triggers.push ? 1 : 0,
      pull: triggers.pull ? 1 : 0,
      import: triggers.import ? 1 : 0,
      running: triggers.running ? 1 : 0,
    })
    return known
  })
  const after = getSubscription(db, id)
  log.info({ audit: 'plan-configured', subscription: id, settings, by: viewer.name }, 'a plan was configured')
  // A trigger that holds now may select what was passed over before.
  if (after.effectiveTriggers.some(trigger => !before.effectiveTriggers.includes(trigger)))
    wakeRegistries(id, deps)
  events.publish({ type: 'changed', what: 'scopes' })
  return after
}
