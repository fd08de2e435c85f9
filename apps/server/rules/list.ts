import {
  type DisableRule,
  type RuleListInput,
  type RulePage,
  type RuleRevision,
  type RuleStatus,
  ruleStatuses,
  type Scope,
} from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { fold } from '../findings/search-text.ts'
import { ruleWithin } from '../scopes/within.ts'
import { effectOf, effects } from './effect.ts'
import { type Overridden, overriddenRules } from './overridden.ts'
import { ruleNumber } from './rule.ts'
import { newestOfEach, type RuleRow, ruleColumns, ruleFieldsOf, ruleStatusOf, soonAfter } from './rule-row.ts'

/** What rules are chosen and ordered by. */
type ListedRule = Pick<RuleRow, 'id' | 'number' | 'name' | 'endedAt' | 'judged' | 'expiresAt' | 'savedAt'> & {
  readonly searched: string
  readonly disables: number
  readonly status: RuleStatus
}

/** A page of the rules, with what each disables at this moment. Goes over all rules, which all bear on the counts. */
export function listRules(db: Db, { status, page, size, ...asked }: RuleListInput, now: Date): RulePage {
  const overridden = overriddenRules(db, now)
  const all = rulesAsked(db, asked, overridden, now)
  const byStatus = Object.fromEntries(ruleStatuses.map(each => [each, 0])) as Record<RuleStatus, number>
  for (const rule of all) byStatus[rule.status] += 1
  const chosen = status === undefined ? all : all.filter(rule => rule.status === status)
  const ids = chosen
    .toSorted((a, b) => orders[asked.sort](a, b) || b.number - a.number)
    .slice((page - 1) * size, page * size)
    .map(({ id }) => id)
  const rows = prepared(
    db,
    `select ${ruleColumns} from json_each(?) j cross join disable_rule dr on dr.id = j.value order by j.key`,
  ).all(JSON.stringify(ids)) as RuleRow[]
  return { rows: rows.map(row => complete(db, row, overridden, now)), total: chosen.length, byStatus }
}

/** Within a scope, those that may hold for something in it. */
function rulesAsked(
  db: Db,
  { at, q = '', scope }: Pick<RuleListInput, 'at' | 'q' | 'scope'>,
  overridden: ReadonlyMap<number, Overridden>,
  now: Date,
): ListedRule[] {
  const sought = fold(q.trim())
  const disabled = effects(db)
  const rows = db.all<Omit<ListedRule, 'disables' | 'status'>>(sql`
    select dr.id, dr.number, dr.name, dr.ended_at as "endedAt", dr.judged, dr.expires_at as "expiresAt",
      dr.saved_at as "savedAt", ${sought === '' ? sql`''` : searched} as searched
    from disable_rule dr where ${sql.raw(newestOfEach)} and ${ruleWithin(scope)}
      and ${at === undefined ? sql`1` : sql`dr.scope_kind = ${at.kind} and dr.scope_id = ${at.id}`}`)
  return rows
    .filter(row => fold(row.searched).includes(sought))
    .map(row => {
      const disables = disabled.get(row.number) ?? 0
      const everywhere = overridden.get(row.id)?.everywhere ?? false
      return { ...row, disables, status: ruleStatusOf(row, { disables, everywhere }, now) }
    })
}

/** A line each. Of the criteria the entries of lists alone are texts. */
const searched = sql`concat_ws(char(10), dr.name, dr.owner, dr.justification, (
  select group_concat(text.atom, char(10)) from json_tree(dr.criteria) text
  where text.type = 'text' and text.path <> '$'))`

type Order = (a: ListedRule, b: ListedRule) => number
const names = new Intl.Collator('en', { numeric: true })
const byName: Order = (a, b) => names.compare(a.name, b.name)
const byDisabled: Order = (a, b) => a.disables - b.disables
const bySaved: Order = (a, b) => compare(a.savedAt, b.savedAt)
/** Those without an end come last either way. */
const byEnd =
  (direction: 1 | -1): Order =>
  (a, b) => {
    if (a.expiresAt === null || b.expiresAt === null) {
      return Number(a.expiresAt === null) - Number(b.expiresAt === null)
    }
    return direction * compare(a.expiresAt, b.expiresAt)
  }
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const orders: Readonly<Record<RuleListInput['sort'], Order>> = {
  saved: bySaved,
  '-saved': (a, b) => bySaved(b, a),
  name: byName,
  '-name': (a, b) => byName(b, a),
  disables: byDisabled,
  '-disables': (a, b) => byDisabled(b, a),
  expires: byEnd(1),
  '-expires': byEnd(-1),
}

/** Null when there is no such rule. */
export function findRule(db: Db, id: string, now: Date): DisableRule | null {
  const row = prepared(
    db,
    `select ${ruleColumns} from disable_rule dr where dr.number = ? and ${newestOfEach}`,
  ).get(ruleNumber(id)) as RuleRow | undefined
  return row === undefined ? null : complete(db, row, overriddenRules(db, now), now)
}

/** How many of those that may hold within a scope have the status `expiring`. Looks at those alone that end so soon. */
export function countExpiring(db: Db, scope: Scope | undefined, now: Date): number {
  const rows = db.all<RuleRow>(sql`
    select ${sql.raw(ruleColumns)} from disable_rule dr where ${sql.raw(newestOfEach)} and dr.ended_at is null
      and dr.expires_at <= ${soonAfter(now).toISOString()} and ${ruleWithin(scope)}`)
  if (rows.length === 0) return 0
  const overridden = overriddenRules(db, now)
  return rows.filter(row => complete(db, row, overridden, now).status === 'expiring').length
}

/** A rule as it was saved each time, the newest first. */
export function listRevisions(db: Db, id: string): RuleRevision[] {
  const rows = prepared(
    db,
    `select ${ruleColumns} from disable_rule dr where dr.number = ? order by dr.id desc`,
  )
  return (rows.all(ruleNumber(id)) as RuleRow[]).map(row => {
    const { savedBy, savedAt, endedAt, endedBy, end } = row
    return { ...ruleFieldsOf(row), savedBy, savedAt, endedAt, endedBy, end }
  })
}

function complete(db: Db, row: RuleRow, overridden: ReadonlyMap<number, Overridden>, now: Date): DisableRule {
  const { disables, lastMatchedAt } = effectOf(db, row.number)
  const created = prepared(
    db,
    'select saved_by createdBy, saved_at createdAt from disable_rule where number = ? order by id limit 1',
  ).get(row.number) as { createdBy: string; createdAt: string }
  const { wider, everywhere } = overridden.get(row.id) ?? { wider: [], everywhere: false }
  return {
    id: String(row.number),
    ...ruleFieldsOf(row),
    scopeName: row.scopeName ?? row.scopeId,
    origin: row.origin,
    ...created,
    savedBy: row.savedBy,
    savedAt: row.savedAt,
    status: ruleStatusOf(row, { disables, everywhere }, now),
    disables,
    lastMatchedAt,
    overriddenBy: [...wider],
  }
}
