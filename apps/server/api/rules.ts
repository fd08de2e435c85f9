import {
  changedDisableRuleSchema,
  type DisableRule,
  type DisablingRules,
  type FindingRow,
  findingChoiceSchema,
  findingFilterSchema,
  newDisableRuleSchema,
  type RuleOfFilter,
  type RulePage,
  type RulePreview,
  type RuleRevision,
  type RulesAt,
  restoreInputSchema,
  ruleListInputSchema,
} from '@plimsoll/types'
import { z } from 'zod'
import { findingRows } from '../findings/rows.ts'
import { Refusal } from '../refusal.ts'
import { changeRule } from '../rules/change.ts'
import { createRule } from '../rules/create.ts'
import { deleteRule } from '../rules/delete.ts'
import { listRevisions } from '../rules/list.ts'
import { restoreRules } from '../rules/restore.ts'
import { requireScope } from '../scopes/within.ts'
import { thisMinute } from './this-minute.ts'
import { allowed, reading, readingWithin, router } from './trpc.ts'

const ruleInput = z.object({ id: z.string().max(40) })
const previewInput = z
  .object({
    /** The rule that is changed or deleted; null: a new one. */
    id: z.string().max(40).nullable().default(null),
    /** What it would be; null: deleted. */
    rule: newDisableRuleSchema.nullable().default(null),
    /** Findings that were chosen and the rule is meant for; the answer counts them apart. */
    selection: findingFilterSchema.nullable().default(null),
  })
  .refine(({ id, rule }) => id !== null || rule !== null, 'Give a rule, or the id of one.')

export const rules = router({
  list: readingWithin
    .input(ruleListInputSchema.prefault({}))
    .query(
      async ({ ctx, input }): Promise<RulePage> =>
        await ctx.heavyReads.rules({ ...input, now: thisMinute() }),
    ),
  /** The nodes of the scope tree that have rules of their own. */
  places: reading.query(
    async ({ ctx }): Promise<RulesAt[]> => await ctx.heavyReads.rulesAtPlaces({ now: thisMinute() }),
  ),
  get: reading.input(ruleInput).query(async ({ ctx, input }): Promise<DisableRule> => {
    const rule = await ctx.heavyReads.rule({ ...input, now: thisMinute() })
    if (rule === null) throw new Refusal('not-found', `There is no disable rule ${input.id}.`)
    return rule
  }),
  revisions: reading
    .input(ruleInput)
    .query(({ ctx, input }): RuleRevision[] => listRevisions(ctx.db, input.id)),
  /** The rule that disables all that a filter chooses, to begin with. */
  ofFilter: reading.input(findingFilterSchema).query(async ({ ctx, input }): Promise<RuleOfFilter> => {
    requireScope(ctx.db, input.scope)
    return await ctx.heavyReads.ruleOfFilter(input)
  }),
  /** Which rules disable chosen findings. */
  disabling: reading.input(findingChoiceSchema).query(async ({ ctx, input }): Promise<DisablingRules> => {
    requireScope(ctx.db, input.filter?.scope)
    return await ctx.heavyReads.disablingRules(input)
  }),
  preview: reading
    .input(previewInput)
    .query(async ({ ctx, input }): Promise<RulePreview & { sample: FindingRow[] }> => {
      requireScope(ctx.db, input.selection?.scope)
      const { preview, sample } = await ctx.heavyReads.rulePreview({
        ...input,
        now: new Date().toISOString(),
      })
      return { ...preview, sample: findingRows(ctx.db, sample) }
    }),
  create: allowed('rules/write')
    .input(newDisableRuleSchema)
    .mutation(async ({ ctx, input }): Promise<{ id: string }> => await createRule(input, ctx)),
  change: allowed('rules/write')
    .input(changedDisableRuleSchema)
    .mutation(async ({ ctx, input }): Promise<{ id: string }> => await changeRule(input, ctx)),
  /** Brings back rules that were deleted. */
  restore: allowed('rules/write')
    .input(restoreInputSchema)
    .mutation(
      async ({ ctx, input }): Promise<{ restored: readonly string[] }> => await restoreRules(input.ids, ctx),
    ),
  delete: allowed('rules/write')
    .input(ruleInput)
    .mutation(async ({ ctx, input }): Promise<{ deleted: true }> => await deleteRule(input.id, ctx)),
})
