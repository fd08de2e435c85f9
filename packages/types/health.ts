import { z } from 'zod'
import { severityCountsSchema } from './severity.ts'

/**
 * What the API answers, from recommendation down to finding. Counts are of open findings of class `security`
 * unless the name says otherwise; disabled, undetermined and beside-classes have names of their own.
 */

/** Health of a resource. `undecided`: scanned, nothing open, but coverage is partial or something is undetermined. */
export const healthStates = [
  'unhealthy',
  'healthy',
  'undecided',
  'not-applicable',
  'not-scanned',
  'failed',
] as const
export const healthSchema = z.enum(healthStates)
export type Health = z.infer<typeof healthSchema>

export const findingCountsSchema = z.object({
  open: severityCountsSchema,
  /** Of the open ones, those with a fix that needs no paid channel. */
  patchable: severityCountsSchema,
  disabled: z.int(),
  undetermined: z.int(),
  /** Classes "unimportant" and "kernel-headers": counted beside, never in totals. */
  unimportant: z.int(),
  kernelHeaders: z.int(),
})
export type FindingCounts = z.infer<typeof findingCountsSchema>

export const imageCountsSchema = z.object({
  unhealthy: z.int(),
  healthy: z.int(),
  undecided: z.int(),
  notApplicable: z.int(),
  notScanned: z.int(),
  failed: z.int(),
})
export type ImageCounts = z.infer<typeof imageCountsSchema>

export const subscriptionSchema = z.object({ id: z.string(), name: z.string() })
export type Subscription = z.infer<typeof subscriptionSchema>
