import { type FindingFilter, type RuleCriteria, severityRank } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import { fold, soughtPackage, soughtText } from './search-text.ts'

/**
 * The only place where a choice of findings becomes SQL: filters of lists, exports and counts, and the criteria of
 * disable rules. The aliases are those of `findingTables`.
 */

/** Everything a condition here may speak of: finding f, match_fact m, occurrence o, repository rp, registry rg. */
export const findingTables = sql`finding f
  join match_fact m on m.id = f.match_id
  join occurrence o on o.id = f.occurrence_id
  join repository rp on rp.id = o.repository_id
  join registry rg on rg.id = rp.registry_id`

/** A rule of the finding's subscription holds for its match. */
export const disabledByRule = sql`exists (
  select 1 from disable_rule_match dm join disable_rule dr on dr.id = dm.rule_id
  where dm.match_id = f.match_id and dr.subscription_id = rg.subscription_id)`

/** The state as people see it: rules do not rewrite findings, so `disabled` is worked out here. */
export const findingState = sql`case when f.state = 'closed' then 'closed' when ${disabledByRule} then 'disabled' else f.state end`

const ofStatus: Readonly<Record<FindingFilter['status'], SQL>> = {
  open: sql`f.state = 'open' and not ${disabledByRule}`,
  undetermined: sql`f.state = 'undetermined' and not ${disabledByRule}`,
  disabled: sql`f.state in ('open', 'undetermined') and ${disabledByRule}`,
  closed: sql`f.state = 'closed'`,
}

/** The condition for a filter: every field that is given must hold. */
export function whereFilter(filter: FindingFilter): SQL {
  const conditions: SQL[] = [ofStatus[filter.status], inList(sql`f.class`, filter.class ?? ['security'])]
  if (filter.severity !== undefined) {
    conditions.push(
      inList(
        sql`f.severity_rank`,
        filter.severity.map(severity => severityRank[severity]),
      ),
    )
  }
  if (filter.fix !== undefined) conditions.push(sql`f.patchable = ${filter.fix === 'available' ? 1 : 0}`)
  if (filter.subscriptionId !== undefined) conditions.push(sql`rg.subscription_id = ${filter.subscriptionId}`)
  if (filter.registryId !== undefined) conditions.push(sql`rg.id = ${filter.registryId}`)
  if (filter.repository !== undefined) conditions.push(sql`rp.name = ${filter.repository}`)
  if (filter.digest !== undefined) conditions.push(sql`o.digest = ${filter.digest}`)
  if (filter.cve !== undefined) conditions.push(hasCve([filter.cve]))
  if (filter.securityCheck !== undefined) {
    conditions.push(sql`m.security_check_folded = ${fold(filter.securityCheck)}`)
  }
  if (filter.package !== undefined) {
    conditions.push(sql`instr(m.search_text, ${soughtPackage(filter.package)}) > 0`)
  }
  if (filter.ruleId !== undefined) {
    conditions.push(sql`exists (
      select 1 from disable_rule_match dm join disable_rule dr on dr.id = dm.rule_id
      where dr.id = ${filter.ruleId} and dm.match_id = f.match_id and dr.subscription_id = rg.subscription_id)`)
  }
  const q = filter.q === undefined ? '' : soughtText(filter.q)
  if (q !== '') conditions.push(sql`instr(m.search_text, ${q}) > 0`)
  return sql.join(conditions, sql` and `)
}

/** The condition on match_fact m for a rule's criteria: any that is set suffices. */
export function whereCriteria(criteria: RuleCriteria): SQL {
  const any: SQL[] = []
  if (criteria.ids.length > 0) any.push(inList(sql`lower(m.vulnerability_id)`, criteria.ids.map(fold)))
  if (criteria.cves.length > 0) any.push(hasCve(criteria.cves))
  if (criteria.categories.length > 0) any.push(contains(sql`m.category_folded`, criteria.categories))
  if (criteria.securityChecks.length > 0) {
    any.push(contains(sql`m.security_check_folded`, criteria.securityChecks))
  }
  // A match without a CVSS v3 score compares as null, and one of Unknown severity (rank 0) is below nothing.
  if (criteria.cvssBelow !== null) any.push(sql`m.cvss_v3 < ${criteria.cvssBelow}`)
  if (criteria.severityBelow !== null) {
    any.push(sql`m.severity_rank > 0 and m.severity_rank < ${severityRank[criteria.severityBelow]}`)
  }
  if (criteria.notPatchable) any.push(sql`m.patchable = 0`)
  if (any.length === 0) return sql`0`
  return sql.join(
    any.map(condition => sql`(${condition})`),
    sql` or `,
  )
}

// Lists travel as one JSON parameter: their length then changes neither the statement nor the depth of its expression.
const listed = (values: readonly (string | number)[]): SQL =>
  sql`(select value from json_each(${JSON.stringify(values)}))`

const inList = (column: SQL, values: readonly (string | number)[]): SQL => sql`${column} in ${listed(values)}`

const contains = (column: SQL, parts: readonly string[]): SQL =>
  sql`exists (select 1 from json_each(${JSON.stringify(parts.map(fold))}) part where instr(${column}, part.value) > 0)`

const hasCve = (cves: readonly string[]): SQL =>
  sql`exists (select 1 from match_cve mc where mc.match_id = m.id and ${inList(
    sql`mc.cve`,
    cves.map(cve => cve.toUpperCase()),
  )})`
