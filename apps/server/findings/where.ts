import { type FindingFilter, severityRank } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import { baseDepth } from '../posture/base.ts'
import { foundInConnected } from '../posture/removed.ts'
import { registryWithin } from '../scopes/within.ts'
import { fold, soughtPackage, soughtText } from './search-text.ts'
import { oneOf } from './sql-lists.ts'

/**
 * The only place where a choice of findings becomes SQL: filters of lists, exports and counts; the criteria of disable
 * rules are beside it (where-criteria.ts). Conditions speak of finding f alone; what they need of other tables they look
 * up in a subquery, so that a choice by match is made among the distinct matches, and one by place among the images.
 */

/**
 * A rule that holds for the finding's image holds for its match. Most matches have no rule at all; only for the others
 * the image is looked up.
 */
export const disabledByRule = sql`exists (
  select 1 from disable_rule_match dm cross join rule_set_rule sr on sr.rule_id = dm.rule_id
  where dm.match_id = f.match_id and sr.set_id = (
    select o.rule_set_id from occurrence o where o.id = f.occurrence_id))`

/** The state as people see it: rules do not rewrite findings, so `disabled` is worked out here. */
export const findingState = sql`case when f.state = 'closed' then 'closed' when ${disabledByRule} then 'disabled' else f.state end`

const ofStatus: Readonly<Record<FindingFilter['status'], SQL>> = {
  open: sql`f.state = 'open' and not ${disabledByRule}`,
  undetermined: sql`f.state = 'undetermined' and not ${disabledByRule}`,
  disabled: sql`f.state in ('open', 'undetermined') and ${disabledByRule}`,
  closed: sql`f.state = 'closed'`,
}

/**
 * A filter that names a place or a rule chooses there whatever the plan is; one that does not is about what counts, as
 * recommendation, score and overview are, also where it is narrowed to a scope as they are.
 */
export const namesPlace = ({ subscriptionId, registryId, digest, ruleId }: FindingFilter): boolean =>
  [subscriptionId, registryId, digest, ruleId].some(value => value !== undefined)

/** The condition for a filter: every field that is given must hold. */
export function whereFilter(filter: FindingFilter): SQL {
  const match = whereMatch(filter)
  const rest = whereBesideMatch(filter)
  return match === null ? rest : sql`${rest} and f.match_id in (select m.id from match_fact m where ${match})`
}

/** The same for findings of matches that `whereMatch` has chosen already. */
export function whereBesideMatch(filter: FindingFilter): SQL {
  const conditions: SQL[] = [
    ofStatus[filter.status],
    oneOf(sql`f.class`, filter.class ?? ['security']),
    foundInConnected,
  ]
  if (filter.severity !== undefined) {
    const ranks = filter.severity.map(severity => severityRank[severity])
    conditions.push(oneOf(sql`f.severity_rank`, ranks))
  }
  if (filter.fix !== undefined) conditions.push(sql`f.patchable = ${filter.fix === 'available' ? 1 : 0}`)
  const place = wherePlace(filter)
  // A plus, or each match would be looked for in each image of the place.
  if (place !== null) conditions.push(sql`+f.occurrence_id in (${place})`)
  if (filter.origin !== undefined) {
    const ofBase = sql`(f.occurrence_id, f.match_id) in (${fromBase(place)})`
    conditions.push(filter.origin === 'base' ? ofBase : sql`not ${ofBase}`)
  }
  if (filter.ruleId !== undefined) {
    conditions.push(sql`exists (
      select 1 from occurrence o join rule_set_rule sr on sr.set_id = o.rule_set_id
        join disable_rule_match dm on dm.rule_id = sr.rule_id and dm.match_id = f.match_id
      where o.id = f.occurrence_id and sr.rule_id in (${revisionsOf(filter.ruleId)}))`)
  }
  return sql.join(conditions, sql` and `)
}

/** Image and match of what the layers of base images brought into the images of a place. */
const fromBase = (place: SQL | null): SQL => sql`
  with based as materialized (
    select o.id, i.layers, ${baseDepth} as depth
    from occurrence o join repository rp on rp.id = o.repository_id join registry rg on rg.id = rp.registry_id
      join image i on i.id = o.image_id
    where ${place === null ? sql`1` : sql`o.id in (${place})`})
  select based.id, ml.match_id from based cross join json_each(based.layers) l
    cross join match_layer ml on ml.layer = l.value ->> 'diffId'
  where l.key < based.depth`

/** The images that a filter by place chooses, as a query of their ids; null when it does not. */
export function wherePlace({
  scope,
  subscriptionId,
  registryId,
  repository,
  digest,
}: FindingFilter): SQL | null {
  const conditions: SQL[] = []
  if (scope !== undefined) conditions.push(registryWithin(scope))
  if (subscriptionId !== undefined) conditions.push(sql`rg.subscription_id = ${subscriptionId}`)
  if (registryId !== undefined) conditions.push(sql`rg.id = ${registryId}`)
  if (repository !== undefined) conditions.push(sql`rp.name = ${repository}`)
  if (digest !== undefined) conditions.push(sql`o.digest = ${digest}`)
  if (conditions.length === 0) return null
  return sql`select o.id from registry rg join repository rp on rp.registry_id = rg.id
      join occurrence o on o.repository_id = rp.id
    where ${sql.join(conditions, sql` and `)}`
}

/** The part of a filter that chooses among matches, as a condition on match_fact m; null when it does not. */
export function whereMatch(filter: FindingFilter): SQL | null {
  const conditions: SQL[] = []
  // What no rule holds for need not be looked at one finding by one.
  if (filter.status === 'disabled') {
    conditions.push(sql`m.id in (select dm.match_id from disable_rule_match dm)`)
  }
  if (filter.ruleId !== undefined) {
    conditions.push(
      sql`m.id in (select dm.match_id from disable_rule_match dm where dm.rule_id in (${revisionsOf(filter.ruleId)}))`,
    )
  }
  if (filter.cve !== undefined) conditions.push(isVulnerability(filter.cve))
  if (filter.securityCheck !== undefined) {
    conditions.push(sql`m.security_check_folded = ${fold(filter.securityCheck)}`)
  }
  if (filter.kev !== undefined) {
    conditions.push(
      sql`m.id in (select mt.match_id from match_threat mt where mt.kev = ${filter.kev ? 1 : 0})`,
    )
  }
  if (filter.epssAtLeast !== undefined) {
    conditions.push(
      sql`m.id in (select mt.match_id from match_threat mt where mt.epss >= ${filter.epssAtLeast})`,
    )
  }
  if (filter.layer !== undefined) {
    conditions.push(sql`m.id in (select ml.match_id from match_layer ml where ml.layer = ${filter.layer})`)
  }
  if (filter.package !== undefined) {
    conditions.push(sql`instr(m.search_text, ${soughtPackage(filter.package)}) > 0`)
  }
  if (filter.feed !== undefined) conditions.push(sql`m.feed = ${filter.feed}`)
  const q = filter.q === undefined ? '' : soughtText(filter.q)
  if (q !== '') conditions.push(sql`instr(m.search_text, ${q}) > 0`)
  return conditions.length === 0 ? null : sql.join(conditions, sql` and `)
}

/** A rule's rows: more than one while a change of it spreads. */
const revisionsOf = (ruleId: string): SQL =>
  sql`select dr.id from disable_rule dr where dr.number = ${/^\d{1,15}$/.test(ruleId) ? Number(ruleId) : -1}`

/** By a CVE, or by the finding's own id: advisories that name no CVE are known by theirs, as it is written. */
const isVulnerability = (id: string): SQL =>
  sql`m.id in (select mc.match_id from match_cve mc where mc.cve = ${id.toUpperCase()}
    union all select own.id from match_fact own where own.vulnerability_id = ${id})`
