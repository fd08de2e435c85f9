import { z } from 'zod'
import { ruleCriteriaSchema } from './rule-criteria.ts'
import { ruleScopeSchema } from './rule-scope.ts'
import { severityCountsSchema } from './severity.ts'

/** Whether a finding has to match one of a rule's criteria (the original's meaning) or every one that is set. */
export const ruleMatchSchema = z.enum(['any', 'all'])
export type RuleMatch = z.infer<typeof ruleMatchSchema>

/** Why findings are disabled. */
export const ruleReasons = ['false-positive', 'not-exploitable', 'accepted-risk', 'no-fix'] as const
export const ruleReasonSchema = z.enum(ruleReasons)
export type RuleReason = z.infer<typeof ruleReasonSchema>

/** Where a rule came from: one that came as a policy assignment may lack a reason. */
export const ruleOriginSchema = z.enum(['portal', 'policy'])

/** Days that a rule holds for unless another end is given. */
export const defaultRuleDays = 90
/** A rule without an end needs words of this length for why. */
export const minEndlessNote = 20

const ruleFields = z.object({
  name: z.string().trim().min(1).max(200),
  scope: ruleScopeSchema,
  match: ruleMatchSchema.default('any'),
  criteria: ruleCriteriaSchema,
  /** Rules of narrower scopes do not hold where this one does: the original's meaning. */
  overrides: z.boolean().default(false),
  /** A finding is let go as soon as a fix exists that needs no paid channel. */
  untilFixed: z.boolean().default(false),
  reason: ruleReasonSchema.nullable().default(null),
  /** Why, in words. The original's word for it. */
  justification: z.string().trim().max(4000).default(''),
  /** Who answers for it: a person or a team. */
  owner: z.string().trim().max(200).default(''),
  /** From then on the rule does not hold; null: it has no end. */
  expiresAt: z.iso.datetime().nullable().default(null),
})

/** What an admin gives to create a rule. */
export const newDisableRuleSchema = ruleFields
export type NewDisableRule = z.infer<typeof newDisableRuleSchema>

/** What an admin gives to change one: all of it anew. */
export const changedDisableRuleSchema = ruleFields.extend({ id: z.string().max(40) })
export type ChangedDisableRule = z.infer<typeof changedDisableRuleSchema>

/** How a rule ended, or came to be another. */
export const ruleEndSchema = z.enum(['deleted', 'expired', 'changed'])
export type RuleEnd = z.infer<typeof ruleEndSchema>

/** A rule as it was from one change to the next. */
export const ruleRevisionSchema = ruleFields.extend({
  savedBy: z.string(),
  savedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  endedBy: z.string().nullable(),
  end: ruleEndSchema.nullable(),
})
export type RuleRevision = z.infer<typeof ruleRevisionSchema>

/**
 * What is to be said of a rule at a glance. `applying`: its effect is being worked out. `overridden`: rules above let it
 * hold nowhere. `stale`: it matches nothing now.
 */
export const ruleStatuses = ['active', 'expiring', 'expired', 'stale', 'overridden', 'applying'] as const
export const ruleStatusSchema = z.enum(ruleStatuses)
export type RuleStatus = z.infer<typeof ruleStatusSchema>

export const disableRuleSchema = ruleFields.extend({
  id: z.string(),
  /** The name of the scope's node: "Contoso", "Registry 12". */
  scopeName: z.string(),
  origin: ruleOriginSchema,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  /** Of the newest change; the same as the creation when there was none. */
  savedBy: z.string(),
  savedAt: z.iso.datetime(),
  status: ruleStatusSchema,
  /** Findings that the rule disables now, be it with others. */
  disables: z.int().nonnegative(),
  /** When a finding that it disables was last new. */
  lastMatchedAt: z.iso.datetime().nullable(),
  /** Rules above that take its place somewhere. */
  overriddenBy: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type DisableRule = z.infer<typeof disableRuleSchema>

/** What a change of the rules would do, told before it is made. Findings are those of class `security` that are not closed. */
export const rulePreviewSchema = z.object({
  /** Findings that are open or undetermined now and would be disabled. */
  disables: z.int(),
  bySeverity: severityCountsSchema,
  /** Findings that are disabled now and would not be any more. */
  reopens: z.int(),
  /** Findings that the rule matches and others disable already. */
  alreadyDisabled: z.int(),
  /** Of those it would disable, how many attacks are known of. */
  knownExploited: z.int(),
  /** All that is open or undetermined now. */
  openTotal: z.int(),
  openCritical: z.int(),
  /** Images that would turn from one health to another: how many turn healthy, and unhealthy. */
  turnHealthy: z.int(),
  turnUnhealthy: z.int(),
  score: z.object({ before: z.number(), after: z.number(), max: z.number() }),
  /** Where findings were chosen for it: how many, and how many of them it would disable. Null: none were. */
  selection: z.object({ findings: z.int(), disables: z.int() }).nullable(),
  /** Rules that would hold nowhere any more, or in fewer places. */
  overridden: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type RulePreview = z.infer<typeof rulePreviewSchema>
