import type { DisableRule, RulesAt } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { newestOfEach } from './rule-row.ts'

/** So many are named; the list of rules has them all. */
const named = 4

/** The nodes of the scope tree that have rules of their own. */
export function rulesAtPlaces(db: Db, now: Date): RulesAt[] {
  const rows = prepared(
    db,
    `with ranked as (
       select dr.scope_kind kind, dr.scope_id scopeId, '' || dr.number id, dr.name,
         count(*) over (partition by dr.scope_kind, dr.scope_id) rules,
         row_number() over (partition by dr.scope_kind, dr.scope_id order by dr.number desc) place
       from disable_rule dr
       where ${newestOfEach} and dr.ended_at is null and (dr.expires_at is null or dr.expires_at > ?))
     select kind, scopeId, id, name, rules from ranked where place <= ${named} order by kind, scopeId, place`,
  ).all(now.toISOString()) as {
    kind: DisableRule['scope']['kind']
    scopeId: string
    id: string
    name: string
    rules: number
  }[]
  const places = Map.groupBy(rows, ({ kind, scopeId }) => `${kind}:${scopeId}`)
  return [...places.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const { kind, scopeId, rules } = first
    return [{ kind, id: scopeId, rules, newest: [first, ...others].map(({ id, name }) => ({ id, name })) }]
  })
}
