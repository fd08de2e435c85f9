import type { NewDisableRule, RuleScope } from '@plimsoll/types'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { Refusal } from '../refusal.ts'
import type { RuleKeeper } from './keeper.ts'

/** What creating, changing and deleting rules needs. */
export interface RuleDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly rules: RuleKeeper
  readonly viewer: { readonly name: string }
  readonly now?: () => Date
}

/** The row of a rule as it was saved, not judged yet. @returns its id. */
export function insertRule(
  db: Db,
  number: number,
  rule: NewDisableRule,
  { by, at, origin }: { by: string; at: string; origin: 'portal' | 'policy' },
): number {
  const { scope, criteria } = rule
  const { lastInsertRowid } = prepared(
    db,
    `insert into disable_rule (number, name, scope_kind, scope_id, repository_pattern, tag_pattern, digest,
       criteria_match, criteria, overrides, until_fixed, reason, justification, owner, expires_at, origin, saved_by, saved_at)
     values (@number, @name, @kind, @id, @repository, @tag, @digest, @match, @criteria, @overrides, @untilFixed, @reason,
       @justification, @owner, @expiresAt, @origin, @by, @at)`,
  ).run({
    number,
    name: rule.name,
    ...scope,
    match: rule.match,
    criteria: JSON.stringify(criteria),
    overrides: rule.overrides ? 1 : 0,
    untilFixed: rule.untilFixed ? 1 : 0,
    reason: rule.reason,
    justification: rule.justification,
    owner: rule.owner,
    expiresAt: rule.expiresAt,
    origin,
    by,
    at,
  })
  return Number(lastInsertRowid)
}

/** @throws Refusal when there is no such place, or the rule has ended before it begins. */
export function checkRule(db: Db, { scope, expiresAt }: NewDisableRule, now: Date): void {
  requireScope(db, scope)
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime()) {
    throw new Refusal('bad-request', 'The rule would have expired already.', {
      hint: 'Give a time in the future, or none.',
    })
  }
}

const tables = {
  tenant: 'select 1 from management_group where id = ? and parent_id is null',
  'management-group': 'select 1 from management_group where id = ? and parent_id is not null',
  subscription: 'select 1 from subscription where id = ?',
  registry: 'select 1 from registry where id = ? and removed_at is null',
} as const
const words = {
  tenant: 'tenant',
  'management-group': 'management group',
  subscription: 'subscription',
  registry: 'registry',
} as const

function requireScope(db: Db, { kind, id }: RuleScope): void {
  if (prepared(db, tables[kind]).get(id) !== undefined) return
  throw new Refusal('bad-request', `There is no ${words[kind]} ${id}.`)
}

export const ruleNumber = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : -1)

/** A query that counts the rules whose scope is a node of the tree, by its id. */
export const rulesAt = (kind: 'management-group' | 'subscription'): string =>
  `select count(distinct number) from disable_rule where scope_kind = '${kind}' and scope_id = ? and ended_at is null`
