import type { DisableRule, RuleCriteria, RuleRevision, RuleStatus } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { noChange, placeParameters, rulesInPlace } from './in-place.ts'
import { ruleNumber } from './rule.ts'

/** A rule that ends within so many days is told to be about to. */
const expiringDays = 14

interface RuleRow {
  readonly id: number
  readonly number: number
  readonly name: string
  readonly kind: DisableRule['scope']['kind']
  readonly scopeId: string
  readonly scopeName: string | null
  readonly repository: string | null
  readonly tag: string | null
  readonly digest: string | null
  readonly match: DisableRule['match']
  readonly criteria: string
  readonly overrides: number
  readonly untilFixed: number
  readonly reason: DisableRule['reason']
  readonly justification: string
  readonly owner: string
  readonly expiresAt: string | null
  readonly origin: DisableRule['origin']
  readonly savedBy: string
  readonly savedAt: string
  readonly judged: number
  readonly endedAt: string | null
  readonly endedBy: string | null
  readonly end: RuleRevision['end']
}

const columns = `dr.id, dr.number, dr.name, dr.scope_kind kind, dr.scope_id scopeId,
  case dr.scope_kind when 'subscription' then (select name from subscription where id = dr.scope_id)
    when 'registry' then (select name from registry where id = dr.scope_id)
    else (select name from management_group where id = dr.scope_id) end scopeName,
  dr.repository_pattern repository, dr.tag_pattern tag, dr.digest, dr.criteria_match "match", dr.criteria, dr.overrides,
  dr.until_fixed untilFixed, dr.reason, dr.justification, dr.owner, dr.expires_at expiresAt, dr.origin,
  dr.saved_by savedBy, dr.saved_at savedAt, dr.judged, dr.ended_at endedAt, dr.ended_by endedBy, dr."end"`

/** The newest row of each rule that is there, also of those that have expired. */
const newest = `dr.id = (select max(n.id) from disable_rule n where n.number = dr.number)
  and coalesce(dr."end", '') <> 'deleted'`

/** All rules, the newest first, each with what it disables at this moment. Goes over all findings that a rule matches. */
export function listRules(db: Db, now: Date): DisableRule[] {
  const rows = prepared(
    db,
    `select ${columns} from disable_rule dr where ${newest} order by dr.number desc`,
  ).all() as RuleRow[]
  return complete(db, rows, now)
}

/** Null when there is no such rule. */
export function findRule(db: Db, id: string, now: Date): DisableRule | null {
  const row = prepared(db, `select ${columns} from disable_rule dr where dr.number = ? and ${newest}`).get(
    ruleNumber(id),
  ) as RuleRow | undefined
  return row === undefined ? null : (complete(db, [row], now)[0] ?? null)
}

/** How many have the status `expiring`. Goes over the findings of those alone that end so soon. */
export function countExpiring(db: Db, now: Date): number {
  const rows = prepared(
    db,
    `select ${columns} from disable_rule dr where ${newest} and dr.ended_at is null and dr.expires_at <= ?`,
  ).all(soonAfter(now).toISOString()) as RuleRow[]
  return complete(db, rows, now).filter(({ status }) => status === 'expiring').length
}

/** A rule as it was saved each time, the newest first. */
export function listRevisions(db: Db, id: string): RuleRevision[] {
  const rows = prepared(db, `select ${columns} from disable_rule dr where dr.number = ? order by dr.id desc`)
  return (rows.all(ruleNumber(id)) as RuleRow[]).map(row => {
    const { savedBy, savedAt, endedAt, endedBy, end } = row
    return { ...fieldsOf(row), savedBy, savedAt, endedAt, endedBy, end }
  })
}

function complete(db: Db, rows: readonly RuleRow[], now: Date): DisableRule[] {
  if (rows.length === 0) return []
  const overridden = overriddenRules(db, now)
  return rows.map(row => {
    const { disables, lastMatchedAt } = effectOf(db, row.number)
    const created = prepared(
      db,
      'select saved_by createdBy, saved_at createdAt from disable_rule where number = ? order by id limit 1',
    ).get(row.number) as { createdBy: string; createdAt: string }
    const { wider, everywhere } = overridden.get(row.id) ?? { wider: [], everywhere: false }
    return {
      id: String(row.number),
      ...fieldsOf(row),
      scopeName: row.scopeName ?? row.scopeId,
      origin: row.origin,
      ...created,
      savedBy: row.savedBy,
      savedAt: row.savedAt,
      status: statusOf(row, { disables, everywhere }, now),
      disables,
      lastMatchedAt,
      overriddenBy: wider,
    }
  })
}

function fieldsOf(row: RuleRow) {
  const { kind, scopeId: id, repository, tag, digest } = row
  return {
    name: row.name,
    scope: { kind, id, repository, tag, digest },
    match: row.match,
    criteria: JSON.parse(row.criteria) as RuleCriteria,
    overrides: row.overrides === 1,
    untilFixed: row.untilFixed === 1,
    reason: row.reason,
    justification: row.justification,
    owner: row.owner,
    expiresAt: row.expiresAt,
  }
}

function statusOf(
  { endedAt, judged, expiresAt }: RuleRow,
  { disables, everywhere }: { disables: number; everywhere: boolean },
  now: Date,
): RuleStatus {
  if (endedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= now.getTime())) return 'expired'
  if (judged === 0) return 'applying'
  if (everywhere) return 'overridden'
  if (disables === 0) return 'stale'
  return expiresAt !== null && Date.parse(expiresAt) <= soonAfter(now).getTime() ? 'expiring' : 'active'
}

const soonAfter = (now: Date): Date => new Date(now.getTime() + expiringDays * 24 * 60 * 60_000)

function effectOf(db: Db, number: number): { disables: number; lastMatchedAt: string | null } {
  return prepared(
    db,
    `select count(*) disables, max(f.first_seen_at) lastMatchedAt
     from disable_rule dr cross join disable_rule_match dm on dm.rule_id = dr.id
       cross join finding f indexed by finding_match
         on f.match_id = dm.match_id and f.state in ('open', 'undetermined') and f.class = 'security'
     where dr.number = ? and exists (select 1 from occurrence o join rule_set_rule sr on sr.set_id = o.rule_set_id
       where o.id = f.occurrence_id and sr.rule_id = dr.id)`,
  ).get(number) as { disables: number; lastMatchedAt: string | null }
}

interface Overridden {
  readonly wider: { id: string; name: string }[]
  readonly everywhere: boolean
}

/** The rules that others take the place of, by their ids. */
function overriddenRules(db: Db, now: Date): Map<number, Overridden> {
  if (
    prepared(db, 'select 1 from disable_rule where ended_at is null and overrides limit 1').get() ===
    undefined
  ) {
    return new Map()
  }
  const rows = prepared(
    db,
    `with fit as materialized (${rulesInPlace('select id from occurrence where deleted_at is null')})
     select hidden.rule_id id, json_group_array(distinct json_object('id', '' || dr.number, 'name', dr.name)) wider,
       not exists (select 1 from fit h where h.rule_id = hidden.rule_id and h.holds) everywhere
     from fit hidden join fit above on above.occurrence_id = hidden.occurrence_id and above.holds
       join disable_rule dr on dr.id = above.rule_id and dr.overrides
     where not hidden.holds group by hidden.rule_id`,
  ).all(placeParameters(noChange, now.toISOString())) as { id: number; wider: string; everywhere: number }[]
  return new Map(
    rows.map(({ id, wider, everywhere }) => [
      id,
      { wider: JSON.parse(wider) as Overridden['wider'], everywhere: everywhere === 1 },
    ]),
  )
}
