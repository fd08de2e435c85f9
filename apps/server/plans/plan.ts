import { type Cloud, effectiveTriggers, type Plan, type PlanSettings, type Trigger } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** A subscription's plan as it holds for a registry of it. */
export interface HoldingPlan extends PlanSettings {
  readonly subscriptionId: string
  readonly plan: Plan
  /** The triggers that hold, by plan and cloud. */
  readonly effective: readonly Trigger[]
}

interface PlanRow {
  readonly subscriptionId: string
  readonly plan: Plan
  readonly cloud: Cloud
  readonly push: number
  readonly pull: number
  readonly import: number
  readonly running: number
  readonly rescanEveryDays: number
  readonly scanLimitMinutes: number
}

/** The plan that holds for a registry; null when there is no such registry, or it was taken out. */
export function planOf(db: Db, registryId: string): HoldingPlan | null {
  const row = prepared(
    db,
    `select sub.id subscriptionId, sub.plan, sub.cloud, sub.trigger_push push, sub.trigger_pull pull,
       sub.trigger_import import, sub.trigger_running running, sub.rescan_every_days rescanEveryDays,
       sub.scan_limit_minutes scanLimitMinutes
     from registry rg join subscription sub on sub.id = rg.subscription_id
     where rg.id = ? and rg.removed_at is null`,
  ).get(registryId) as PlanRow | undefined
  if (row === undefined) return null
  const { push, pull, import: imported, running, ...plan } = row
  const triggers = {
    push: push === 1,
    pull: pull === 1,
    import: imported === 1,
    running: running === 1,
  }
  return { ...plan, triggers, effective: effectiveTriggers({ ...plan, triggers }) }
}

/** Whether something that happens in a registry may start a scan by itself. */
export const mayScan = (db: Db, registryId: string, trigger: Trigger): boolean =>
  planOf(db, registryId)?.effective.includes(trigger) ?? false

/** Whether anything of the registry is scanned at all: what a person asks for needs no trigger, and a plan. */
export const isPlanOn = (db: Db, registryId: string): boolean => planOf(db, registryId)?.plan === 'on'
