import { z } from 'zod'
import { type DisableRule, type RuleStatus, ruleStatusSchema } from './disable-rule.ts'
import { pageSchema } from './finding-filter.ts'
import { ruleScopeKindSchema } from './rule-scope.ts'
import { scopedSchema } from './scope.ts'

/** How a list of rules may be ordered; `-` is descending. Rules without an end come last either way. */
export const ruleSorts = [
  '-saved',
  'saved',
  'name',
  '-name',
  '-disables',
  'disables',
  'expires',
  '-expires',
] as const
export type RuleSort = (typeof ruleSorts)[number]

export const ruleListInputSchema = scopedSchema.extend({
  status: ruleStatusSchema.optional(),
  /** Only rules of exactly this node of the scope tree, also those that are narrowed below it. */
  at: z.object({ kind: ruleScopeKindSchema, id: z.string().max(100) }).optional(),
  /** Free text over name, owner, note and the texts of the criteria (substring, case-insensitive). */
  q: z.string().max(200).optional(),
  sort: z.enum(ruleSorts).default('-saved'),
  ...pageSchema.shape,
})
export type RuleListInput = z.output<typeof ruleListInputSchema>

export interface RulePage {
  readonly rows: readonly DisableRule[]
  readonly total: number
  /** The same question without a status, by status. */
  readonly byStatus: Readonly<Record<RuleStatus, number>>
}

/** The rules of one node of the scope tree that have not expired, also those that are narrowed below it. */
export interface RulesAt {
  readonly kind: DisableRule['scope']['kind']
  readonly id: string
  readonly rules: number
  /** Some of them, the newest first. */
  readonly newest: readonly Pick<DisableRule, 'id' | 'name'>[]
}
