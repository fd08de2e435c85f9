import type { DisableRule, RuleCriteria, RuleRevision, RuleStatus } from '@plimsoll/types'

/** A rule as a row of `disable_rule`, and what its columns mean. */
export interface RuleRow {
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

export const ruleColumns = `dr.id, dr.number, dr.name, dr.scope_kind kind, dr.scope_id scopeId,
  case dr.scope_kind when 'subscription' then (select name from subscription where id = dr.scope_id)
    when 'registry' then (select name from registry where id = dr.scope_id)
    else (select name from management_group where id = dr.scope_id) end scopeName,
  dr.repository_pattern repository, dr.tag_pattern tag, dr.digest, dr.criteria_match "match", dr.criteria, dr.overrides,
  dr.until_fixed untilFixed, dr.reason, dr.justification, dr.owner, dr.expires_at expiresAt, dr.origin,
  dr.saved_by savedBy, dr.saved_at savedAt, dr.judged, dr.ended_at endedAt, dr.ended_by endedBy, dr."end"`

/** The newest row of each rule that is there, also of those that have expired. */
export const newestOfEach = `dr.id = (select max(n.id) from disable_rule n where n.number = dr.number)
  and coalesce(dr."end", '') <> 'deleted'`

/** What somebody gave. */
export function ruleFieldsOf(row: RuleRow) {
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

/** A rule that ends within so many days is told to be about to. */
const expiringDays = 14

const hasExpired = ({ endedAt, expiresAt }: Pick<RuleRow, 'endedAt' | 'expiresAt'>, now: Date): boolean =>
  endedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= now.getTime())

/** @param everywhere rules above let it hold nowhere. */
export function ruleStatusOf(
  row: Pick<RuleRow, 'endedAt' | 'judged' | 'expiresAt'>,
  { disables, everywhere }: { readonly disables: number; readonly everywhere: boolean },
  now: Date,
): RuleStatus {
  if (hasExpired(row, now)) return 'expired'
  if (row.judged === 0) return 'applying'
  if (everywhere) return 'overridden'
  if (disables === 0) return 'stale'
  const { expiresAt } = row
  return expiresAt !== null && Date.parse(expiresAt) <= soonAfter(now).getTime() ? 'expiring' : 'active'
}

export const soonAfter = (now: Date): Date => new Date(now.getTime() + expiringDays * 24 * 60 * 60_000)
