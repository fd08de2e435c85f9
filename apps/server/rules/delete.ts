import type { RuleScope } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { notePlacesChanged } from './keeper.ts'
import { type RuleDeps, ruleNumber } from './rule.ts'
import { newestOfEach } from './rule-row.ts'

/**
 * Deletes a disable rule, also one that has expired and is only listed.
 * @returns when the findings that no other rule disables are open again.
 * @throws Refusal when there is no such rule.
 */
export async function deleteRule(
  id: string,
  { db, log, rules, viewer, now = () => new Date() }: RuleDeps,
): Promise<{ deleted: true }> {
  const name = inTransaction(db, () => endRule(db, ruleNumber(id), viewer.name, now().toISOString()))
  if (name === null) throw new Refusal('not-found', `There is no disable rule ${id}.`)
  log.info({ audit: 'rule-deleted', rule: id, name, by: viewer.name }, 'a disable rule was deleted')
  await rules.changed()
  return { deleted: true }
}

/**
 * Deletes the rules of a place that is taken out, those that have expired too: another place may get its id, and no rule
 * is to hold there that was made for this one. Within that transaction.
 */
export function deleteRulesOf(
  db: Db,
  { kind, id }: { kind: Exclude<RuleScope['kind'], 'tenant'>; id: string },
  by: string,
  at: string,
): void {
  const numbers = prepared(
    db,
    `select number from disable_rule dr where scope_kind = ? and scope_id = ? and ${newestOfEach}`,
  ).pluck()
  for (const number of numbers.all(kind, id) as number[]) endRule(db, number, by, at)
}

/** What it was before it was renewed keeps its end. @returns its name; null when there is none. */
function endRule(db: Db, number: number, by: string, at: string): string | null {
  const ended = prepared(
    db,
    `update disable_rule set ended_at = coalesce(ended_at, @at), ended_by = @by, "end" = 'deleted'
     where number = @number and (ended_at is null or
       "end" = 'expired' and id = (select max(id) from disable_rule where number = @number))
     returning name`,
  )
    .pluck()
    .all({ number, by, at }) as string[]
  if (ended.length > 0) notePlacesChanged(db)
  return ended.at(-1) ?? null
}
