import { z } from 'zod'
import { planSchema, planSettingsSchema, triggerSchema } from './plan.ts'

/** The id of the tenant: the management group that all others and all subscriptions are under. */
export const tenantId = 'tenant'

export const scopeNameSchema = z.string().trim().min(1, 'Give a name.').max(100)
/** Stands in addresses: lower-case letters, digits and dashes. */
export const scopeIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'Use lower-case letters, digits and dashes.')
export const resourceGroupSchema = z
  .string()
  .trim()
  .max(90)
  .regex(/^[\p{L}\p{N}_()./ -]*$/u, 'Use letters, digits, spaces, dots, dashes, underscores and parentheses.')

/**
 * What pages and answers are narrowed to: what is below these management groups, in these subscriptions or in these
 * registries. Absent: all there is.
 */
export const scopeKinds = ['management-group', 'subscription', 'registry'] as const
export const scopeSchema = z.object({
  kind: z.enum(scopeKinds),
  ids: z.array(z.string().min(1).max(100)).min(1).max(200),
})
export type Scope = z.infer<typeof scopeSchema>

/** A scope as it stands in addresses: `subscription:a,b`. Null for what is none. */
export function readScope(text: string): Scope | null {
  const at = text.indexOf(':')
  const scope = scopeSchema.safeParse({ kind: text.slice(0, at), ids: text.slice(at + 1).split(',') })
  return scope.success ? scope.data : null
}

/** The ids are sorted, so that equal scopes have equal addresses. */
export const writeScope = ({ kind, ids }: Scope): string => `${kind}:${ids.toSorted().join(',')}`

/** The input of a query that needs nothing but what it is narrowed to. */
export const scopedSchema = z.object({ scope: scopeSchema.optional() })

export const managementGroupSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Null for the tenant. */
  parentId: z.string().nullable(),
  /** Subscriptions under it, at any depth. */
  subscriptions: z.int(),
})
export type ManagementGroup = z.infer<typeof managementGroupSchema>

export const subscriptionDetailSchema = planSettingsSchema.extend({
  id: z.string(),
  name: z.string(),
  managementGroupId: z.string(),
  plan: planSchema,
  planChangedAt: z.iso.datetime().nullable(),
  planChangedBy: z.string().nullable(),
  /** The triggers that hold, by plan and cloud. */
  effectiveTriggers: z.array(triggerSchema),
  registries: z.int(),
  /** Current images in it, and how many were charged to it so far. */
  images: z.int(),
  chargedImages: z.int(),
})
export type SubscriptionDetail = z.infer<typeof subscriptionDetailSchema>

/** Tenant, management groups, subscriptions and registries; each names what it is under. Parents come before children. */
export const scopeTreeSchema = z.object({
  groups: z.array(managementGroupSchema),
  subscriptions: z.array(subscriptionDetailSchema),
  registries: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      subscriptionId: z.string(),
      resourceGroup: z.string().nullable(),
    }),
  ),
})
export type ScopeTree = z.infer<typeof scopeTreeSchema>

export const newManagementGroupSchema = z.object({
  name: scopeNameSchema,
  parentId: z.string().max(100).default(tenantId),
})
export type NewManagementGroup = z.infer<typeof newManagementGroupSchema>

export const newSubscriptionSchema = z.object({
  name: scopeNameSchema,
  managementGroupId: z.string().max(100).default(tenantId),
})
export type NewSubscription = z.infer<typeof newSubscriptionSchema>
