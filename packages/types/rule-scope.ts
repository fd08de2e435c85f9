import { z } from 'zod'
import { digestSchema } from './image.ts'

/**
 * Where a disable rule holds: below a node of the scope tree, and there, where it is narrowed, in repositories and tags
 * whose names fit a pattern, or in one image. In a pattern `*` stands for any text, also for slashes, and `?` for one
 * character; upper and lower case differ.
 */
export const ruleScopeKinds = ['tenant', 'management-group', 'subscription', 'registry'] as const
export const ruleScopeKindSchema = z.enum(ruleScopeKinds)
export type RuleScopeKind = z.infer<typeof ruleScopeKindSchema>

const pattern = z.string().trim().min(1).max(500).nullable().default(null)

export const ruleScopeSchema = z.object({
  kind: ruleScopeKindSchema,
  /** Of the node; the tenant's is `tenantId`. */
  id: z.string().max(100),
  /** Pattern of repository names; null: all. */
  repository: pattern,
  /** Pattern of tags, any of which an image has by itself or through an index; null: all, and those without a tag. */
  tag: pattern,
  /** One image's; null: all. */
  digest: digestSchema.nullable().default(null),
})
export type RuleScope = z.infer<typeof ruleScopeSchema>
