import { type DisableRule, newDisableRuleSchema } from '@plimsoll/types'
import { z } from 'zod'
import { createRule } from '../rules/create.ts'
import { deleteRule } from '../rules/delete.ts'
import { getRule, listRules } from '../rules/list.ts'
import { allowed, reading, router } from './trpc.ts'

const ruleInput = z.object({ id: z.string().max(40) })

export const rules = router({
  list: reading.query(({ ctx }): DisableRule[] => listRules(ctx.db)),
  get: reading.input(ruleInput).query(({ ctx, input }): DisableRule => getRule(ctx.db, input.id)),
  create: allowed('rules/write')
    .input(newDisableRuleSchema)
    .mutation(({ ctx, input }): DisableRule => createRule(input, ctx)),
  delete: allowed('rules/write')
    .input(ruleInput)
    .mutation(({ ctx, input }): { reopens: number } => deleteRule(input.id, ctx)),
})
