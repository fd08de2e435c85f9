import { type RuleCriteria, type RuleMatch, severityRank } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import { fold, separator } from './search-text.ts'
import { inList, oneOf } from './sql-lists.ts'

/** Which findings a rule is about, without where it holds. */
export interface Judgement {
  readonly match: RuleMatch
  readonly criteria: RuleCriteria
  readonly untilFixed: boolean
}

/** The condition on match_fact m for a disable rule. */
export function whereJudged({ match, criteria, untilFixed }: Judgement): SQL {
  const set = conditions(criteria).map(condition => sql`(${condition})`)
  if (set.length === 0) return sql`0`
  const holds = sql.join(set, match === 'all' ? sql` and ` : sql` or `)
  return untilFixed ? sql`m.patchable = 0 and (${holds})` : holds
}

/** One for each criterion that is set. */
function conditions(criteria: RuleCriteria): SQL[] {
  const { ids, cves, categories, securityChecks, packages, ecosystems, distributions } = criteria
  const { cvssBelow, severityBelow, epssBelow, kev } = criteria
  const set: SQL[] = []
  if (ids.length > 0) set.push(inList(sql`lower(m.vulnerability_id)`, ids.map(fold)))
  if (cves.length > 0) set.push(hasCve(cves))
  if (categories.length > 0) set.push(contains(sql`m.category_folded`, categories))
  if (securityChecks.length > 0) set.push(contains(sql`m.security_check_folded`, securityChecks))
  // A match without a CVSS v3 score compares as null, and one of Unknown severity (rank 0) is below nothing.
  if (cvssBelow !== null) set.push(sql`coalesce(m.cvss_v3 < ${cvssBelow}, 0)`)
  if (severityBelow !== null) {
    set.push(sql`m.severity_rank > 0 and m.severity_rank < ${severityRank[severityBelow]}`)
  }
  if (criteria.notPatchable) set.push(sql`m.patchable = 0`)
  if (packages.length > 0) set.push(sql.join(packages.map(hasPackage), sql` or `))
  if (ecosystems.length > 0) set.push(inList(sql`lower(m.ecosystem)`, ecosystems.map(fold)))
  if (distributions.length > 0) set.push(isOfDistribution(distributions))
  if (epssBelow !== null) {
    set.push(sql`m.id in (select mt.match_id from match_threat mt where mt.epss < ${epssBelow})`)
  }
  if (kev !== null) {
    set.push(sql`m.id in (select mt.match_id from match_threat mt where mt.kev = ${kev ? 1 : 0})`)
  }
  return set
}

const contains = (column: SQL, parts: readonly string[]): SQL =>
  sql`exists (select 1 from json_each(${JSON.stringify(parts.map(fold))}) part where instr(${column}, part.value) > 0)`

const hasCve = (cves: readonly string[]): SQL => {
  const sought = cves.map(cve => cve.toUpperCase())
  return sql`m.id in (select mc.match_id from match_cve mc where ${oneOf(sql`mc.cve`, sought)})`
}

/** A pattern of ours for SQLite's GLOB, which knows character classes besides. */
const globOf = (pattern: string): string => pattern.replaceAll('[', '[[]')

/**
 * One of the packages' names fits the pattern. The first condition rules out most by their search text as a whole, in
 * which a pattern may reach over several names; the second looks at each name that stands in it.
 */
function hasPackage(pattern: string): SQL {
  const glob = globOf(fold(pattern))
  const names = sql`substr(m.search_text, instr(m.search_text, ${separator}) + 1)`
  return sql`(m.search_text glob ${`*${separator}${glob}${separator}*`} and exists (
    select 1 from json_each('[' || replace(json_quote(${names}), '\\u001f', '","') || ']') name
    where name.value glob ${glob}))`
}

/** The feed's name is the distribution's, or begins with it as a whole: "Debian" and "Debian:12" are both of Debian 12. */
const isOfDistribution = (distributions: readonly string[]): SQL =>
  sql`exists (select 1 from json_each(${JSON.stringify(distributions.map(fold))}) d
    where lower(m.feed) = d.value or substr(lower(m.feed), 1, length(d.value) + 1) = d.value || ':')`
