import { type Cloud, effectiveTriggers, type Plan, type PlanSettings, type Trigger } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** The plan that a registry is under: its subscription's. */
export interface RegistryPlan {
  readonly plan: Plan
  /** The triggers that hold, by plan and cloud: none with the plan off. */
  readonly triggers: readonly Trigger[]
  readonly settings: PlanSettings
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

/** The plan's columns of a subscription called `sub`. */
export const planColumns = `sub.plan, sub.cloud, sub.trigger_push triggerPush, sub.trigger_pull triggerPull,
  sub.trigger_import triggerImport, sub.trigger_running triggerRunning, sub.rescan_every_days rescanEveryDays,
  sub.scan_limit_minutes scanLimitMinutes`

/** Null for a registry that is not there, or was taken out. */
export function planOf(db: Db, registryId: string): RegistryPlan | null {
  const row = prepared(
    db,
    `select ${planColumns} from registry rg join subscription sub on sub.id = rg.subscription_id
     where rg.id = ? and rg.removed_at is null`,
  ).get(registryId) as PlanColumns | undefined
  if (row === undefined) return null
  const settings = settingsOf(row)
  return { plan: row.plan, triggers: effectiveTriggers({ plan: row.plan, ...settings }), settings }
}

/**
 * Whether this trigger starts scans in the registry. What people ask for is no trigger: that needs the plan to be on,
 * see `planOf`.
 */
export const mayScan = (db: Db, registryId: string, trigger: Trigger): boolean =>
  planOf(db, registryId)?.triggers.includes(trigger) ?? false

export const settingsOf = (row: PlanColumns): PlanSettings => ({
  cloud: row.cloud,
  triggers: {
    push: row.triggerPush === 1,
    pull: row.triggerPull === 1,
    import: row.triggerImport === 1,
    running: row.triggerRunning === 1,
  },
  rescanEveryDays: row.rescanEveryDays,
  scanLimitMinutes: row.scanLimitMinutes,
})
