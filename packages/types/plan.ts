import { z } from 'zod'

/** The plan "Defender for container registries" of a subscription. Off: not scanned, not billed. */
export const plans = ['on', 'off'] as const
export const planSchema = z.enum(plans)
export type Plan = z.infer<typeof planSchema>

/** The original's clouds: government and China scan on push only. */
export const clouds = ['commercial', 'government', 'china'] as const
export const cloudSchema = z.enum(clouds)
export type Cloud = z.infer<typeof cloudSchema>

/** What may start a scan by itself: a push, a pull within the last 30 days, an import, a cluster that runs the image. */
export const triggers = ['push', 'pull', 'import', 'running'] as const
export const triggerSchema = z.enum(triggers)
export type Trigger = z.infer<typeof triggerSchema>

/** Days for which an image that was pulled is rescanned. The original's, and no setting. */
export const pulledWithinDays = 30

/** The settings of a subscription's plan. */
export const planSettingsSchema = z.object({
  cloud: cloudSchema,
  /** Which triggers are set. What of them holds is `effectiveTriggers`. */
  triggers: z.object({ push: z.boolean(), pull: z.boolean(), import: z.boolean(), running: z.boolean() }),
  /** How often recently pulled and running images are rescanned. */
  rescanEveryDays: z.int().min(1).max(365),
  /** A scan that takes longer ends; what was read by then counts, and the rest is said. */
  scanLimitMinutes: z.int().min(1).max(240),
})
export type PlanSettings = z.infer<typeof planSettingsSchema>

/** The triggers that hold: none with the plan off, push alone in the clouds that know no other. */
export function effectiveTriggers({
  plan,
  cloud,
  triggers: set,
}: Pick<PlanSettings, 'cloud' | 'triggers'> & { readonly plan: Plan }): readonly Trigger[] {
  if (plan === 'off') return []
  return triggers.filter(trigger => set[trigger] && (cloud === 'commercial' || trigger === 'push'))
}
