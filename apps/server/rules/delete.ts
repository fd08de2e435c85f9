import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import { Refusal } from '../refusal.ts'
import { notePlacesChanged } from './keeper.ts'
import { type RuleDeps, ruleNumber } from './rule.ts'

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

/** Ends the rules of a registry that is taken out: another may get its id. Within that transaction. */
export function endRulesOfRegistry(db: Db, registryId: string, by: string, at: string): void {
  const numbers = prepared(
    db,
    `select distinct number from disable_rule where scope_kind = 'registry' and scope_id = ? and ended_at is null`,
  ).pluck()
  for (const number of numbers.all(registryId) as number[]) endRule(db, number, by, at)
}

/** @returns its name; null when there is none. */
function endRule(db: Db, number: number, by: string, at: string): string | null {
  const ended = prepared(
    db,
    `update disable_rule set ended_at = coalesce(ended_at, @at), ended_by = @by, "end" = 'deleted'
     where number = @number and (ended_at is null or "end" = 'expired') returning name`,
  )
    .pluck()
    .all({ number, by, at }) as string[]
  if (ended.length > 0) notePlacesChanged(db)
  return ended.at(-1) ?? null
}
