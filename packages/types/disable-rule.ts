import { z } from 'zod'
import { severitySchema } from './severity.ts'

const texts = z.array(z.string().trim().min(1).max(500)).max(200).default([])

/**
 * The original's criteria. A finding matches a rule when ANY criterion that is set holds; within one list any entry
 * suffices. IDs and CVEs are exact (case-insensitive), categories and security checks are substrings
 * (case-insensitive), both "below" are strict. A finding without a CVSS v3 score never matches `cvssBelow`; a
 * finding of Unknown severity never matches `severityBelow`.
 */
export const ruleCriteriaSchema = z
  .object({
    ids: texts,
    cves: texts,
    categories: texts,
    securityChecks: texts,
    cvssBelow: z.number().gt(0).max(10).nullable().default(null),
    severityBelow: severitySchema.exclude(['Low', 'Unknown']).nullable().default(null),
    notPatchable: z.boolean().default(false),
  })
  .refine(hasCriterion, 'Give at least one criterion: a rule without one would match nothing.')
export type RuleCriteria = z.infer<typeof ruleCriteriaSchema>

function hasCriterion(criteria: {
  ids: string[]
  cves: string[]
  categories: string[]
  securityChecks: string[]
  cvssBelow: number | null
  severityBelow: string | null
  notPatchable: boolean
}): boolean {
  return (
    criteria.ids.length + criteria.cves.length + criteria.categories.length + criteria.securityChecks.length >
      0 ||
    criteria.cvssBelow !== null ||
    criteria.severityBelow !== null ||
    criteria.notPatchable
  )
}

/** What an admin gives to create a rule on a subscription. */
export const newDisableRuleSchema = z.object({
  subscriptionId: z.string(),
  name: z.string().trim().min(1).max(200),
  criteria: ruleCriteriaSchema,
  justification: z.string().trim().max(4000).default(''),
})
export type NewDisableRule = z.infer<typeof newDisableRuleSchema>

export const disableRuleSchema = newDisableRuleSchema.extend({
  id: z.string(),
  subscriptionName: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  /** Findings the rule disables now. */
  disables: z.int().nonnegative(),
})
export type DisableRule = z.infer<typeof disableRuleSchema>
