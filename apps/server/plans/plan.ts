import { type Cloud, effectiveTriggers, type Plan, type PlanSettings, type Trigger } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** A subscription's plan as it holds for a registry of it. */
export interface HoldingPlan extends PlanSettings {
  readonly subscriptionId: string
  readonly plan: Plan
  /** The triggers that hold, by plan and cloud: none with the plan off. */
  readonly effective: readonly Trigger[]
}

export interface PlanColumns {
  readonly plan: Plan
  readonly cloud: Cloud
  readonly triggerPush: number
  readonly triggerPull: number
  readonly triggerImport: number
  readonly triggerRunning: number
  readonly rescanEveryDays: number
  readonly scanLimitMinutes: number
}

/** The plan's columns of a subscription called `sub`, as `PlanColumns`. */
export const planColumns = `sub.plan, sub.cloud, sub.trigger_push triggerPush, sub.trigger_pull triggerPull,
  sub.trigger_import triggerImport, sub.trigger_running triggerRunning, sub.rescan_every_days rescanEveryDays,
  sub.scan_limit_minutes scanLimitMinutes`

/** The plan that holds for a registry; null when there is no such registry, or it was taken out. */
export function planOf(db: Db, registryId: string): HoldingPlan | null {
  const row = prepared(
    db,
    `select sub.id subscriptionId, ${planColumns} from registry rg join subscription sub on sub.id = rg.subscription_id
     where rg.id = ? and rg.removed_at is null`,
  ).get(registryId) as (PlanColumns & { subscriptionId: string }) | undefined
  return row === undefined ? null : { subscriptionId: row.subscriptionId, ...planIn(row) }
}

/** Whether something that happens in a registry may start a scan by itself. */
export const mayScan = (db: Db, registryId: string, trigger: Trigger): boolean =>
  planOf(db, registryId)?.effective.includes(trigger) ?? false

/** Whether anything of the registry is scanned at all: what a person asks for needs no trigger, and a plan. */
export const isPlanOn = (db: Db, registryId: string): boolean => planOf(db, registryId)?.plan === 'on'

/** Plan, settings and what holds of them, from a subscription's row. */
export function planIn(row: PlanColumns): Omit<HoldingPlan, 'subscriptionId'> {
  const { plan, cloud, rescanEveryDays, scanLimitMinutes } = row
  const triggers = {
    push: row.triggerPush === 1,
    pull: row.triggerPull === 1,
    import: row.triggerImport === 1,
    running: row.triggerRunning === 1,
  }
  const effective = effectiveTriggers({ plan, cloud, triggers })
  return { plan, cloud, triggers, rescanEveryDays, scanLimitMinutes, effective }
}
