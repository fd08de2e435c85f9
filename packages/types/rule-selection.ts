import { z } from 'zod'
import { newDisableRuleSchema } from './disable-rule.ts'
import { findingFilterSchema } from './finding-filter.ts'
import { ruleScopeSchema } from './rule-scope.ts'

/** Findings that were chosen together: some by their ids, or all that a filter chooses. */
export const findingChoiceSchema = z
  .object({
    ids: z
      .array(z.string().regex(/^\d{1,15}$/, 'This is no id of a finding.'))
      .min(1)
      .max(1000)
      .optional(),
    filter: findingFilterSchema.optional(),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), 'Give ids, or a filter.')
export type FindingChoice = z.infer<typeof findingChoiceSchema>

/** A rule made from a filter of findings, before anybody said why. */
export const ruleOfFilterSchema = newDisableRuleSchema
  .pick({ scope: true, match: true, criteria: true })
  .extend({ findings: z.int().nonnegative() })
export type RuleOfFilter = z.infer<typeof ruleOfFilterSchema>

/** The rules that disable chosen findings. */
export const disablingRulesSchema = z.object({
  /** That were chosen. */
  findings: z.int().nonnegative(),
  rules: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scope: ruleScopeSchema,
      scopeName: z.string(),
      expiresAt: z.iso.datetime().nullable(),
      /** All that it disables, chosen or not. */
      disables: z.int().nonnegative(),
      /** Of the chosen ones, those that it disables. */
      findings: z.int().nonnegative(),
    }),
  ),
})
export type DisablingRules = z.infer<typeof disablingRulesSchema>
