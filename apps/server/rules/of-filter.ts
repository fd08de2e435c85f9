import {
  type FindingFilter,
  type RuleCriteria,
  type RuleOfFilter,
  type RuleScope,
  ruleCriteriaSchema,
  type Severity,
  severityRank,
  tenantId,
} from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { countFindings, findingsChosenBy } from '../findings/list.ts'
import { invalidInput } from '../invalid-input.ts'
import { Refusal } from '../refusal.ts'
import { nearestAround } from '../scopes/around.ts'

/** The most entries that a criterion takes. */
const mostEntries = 200

/**
 * The narrowest rule that disables what a filter of open findings chooses. What criteria can say of it, they say; the
 * rest is put into ids and packages. It may be about other findings too, which its preview counts.
 * @throws Refusal when no rule can: the findings have too many ids, or count nowhere as it is.
 */
export function ruleOfFilter(db: Db, filter: FindingFilter): RuleOfFilter {
  refuseUncounted(filter)
  const said = criteriaOf(filter)
  const criteria = { ...said.criteria, ...(said.whole ? {} : entriesOf(db, filter)) }
  return {
    scope: placeOf(db, filter),
    match: 'all',
    criteria: readCriteria(criteria),
    findings: countFindings(db, filter),
  }
}

function readCriteria(criteria: Partial<RuleCriteria>): RuleCriteria {
  const read = ruleCriteriaSchema.safeParse(criteria)
  if (read.success) return read.data
  throw new Refusal('bad-request', `No rule can say this filter: ${invalidInput(read.error)}`)
}

function refuseUncounted(filter: FindingFilter): void {
  if (!['open', 'undetermined'].includes(filter.status)) {
    throw new Refusal('bad-request', 'Only open and undetermined findings can be disabled.')
  }
  if (filter.class?.some(one => one !== 'security')) {
    throw new Refusal('bad-request', 'These findings count nowhere, so there is nothing to disable.', {
      hint: 'Only findings of the class "security" count.',
    })
  }
}

/** What criteria say of a filter; `whole` when that is all of it. */
function criteriaOf(filter: FindingFilter): { criteria: Partial<RuleCriteria>; whole: boolean } {
  const { kev, fix, severity } = filter
  const [cve, securityCheck, name, feed, q] = [
    filter.cve,
    filter.securityCheck,
    filter.package,
    filter.feed,
    filter.q,
  ].map(text => text?.trim() || undefined)
  const below = severity === undefined ? null : boundOf(severity)
  const criteria: Partial<RuleCriteria> = {
    ...(cve !== undefined && (/^CVE-/i.test(cve) ? { cves: [cve] } : { ids: [cve] })),
    ...(securityCheck !== undefined && { securityChecks: [securityCheck] }),
    ...(name !== undefined && { packages: [name] }),
    ...(feed !== undefined && { distributions: [feed] }),
    ...(kev !== undefined && { kev }),
    ...(fix === 'none' && { notPatchable: true }),
    ...(below !== null && { severityBelow: below }),
  }
  const unsaid = [
    q,
    filter.layer,
    filter.origin,
    filter.epssAtLeast,
    fix === 'available' ? fix : undefined,
    below === null ? severity : undefined,
  ]
  const whole = Object.keys(criteria).length > 0 && unsaid.every(value => value === undefined)
  return { criteria, whole }
}

/** Low alone, or with those next above it, is all that is below a severity. */
function boundOf(severity: readonly Severity[]): RuleCriteria['severityBelow'] {
  const ranks = new Set(severity.map(one => severityRank[one]))
  const bounds = ['Medium', 'High', 'Critical'] as const
  return bounds.find(bound => ranks.size === severityRank[bound] - 1 && covers(ranks, bound)) ?? null
}

const covers = (ranks: ReadonlySet<number>, bound: Severity): boolean =>
  Array.from({ length: severityRank[bound] - 1 }, (_, index) => index + 1).every(rank => ranks.has(rank))

/** What the chosen findings are of, entry by entry. */
function entriesOf(db: Db, filter: FindingFilter): Partial<RuleCriteria> {
  const ids = distinct(db, filter, 'vulnerability_id')
  if (ids.length > mostEntries) {
    throw new Refusal(
      'bad-request',
      `These findings have more than ${mostEntries} ids, and a rule takes no more.`,
      {
        hint: 'Narrow the list down, for instance to a package, or make a rule by what it can say at once: severity below, no fix, a package, a distribution.',
      },
    )
  }
  if (ids.length === 0) throw new Refusal('bad-request', 'No finding matches these filters now.')
  const packages = filter.package === undefined ? distinct(db, filter, 'source_name') : []
  // Names that are none of a pattern's plain ones would mean more than themselves.
  const isPlain = packages.length <= mostEntries && packages.every(name => !/[*?]/.test(name))
  return { ids: filter.cve === undefined ? ids : [], ...(isPlain && packages.length > 0 && { packages }) }
}

function distinct(db: Db, filter: FindingFilter, column: 'vulnerability_id' | 'source_name'): string[] {
  const { from, where } = findingsChosenBy(db, filter)
  return db
    .all<{ value: string }>(sql`
      select distinct mf.${sql.identifier(column)} as value from match_fact mf
      where mf.id in (select f.match_id ${from} where ${where}) limit ${mostEntries + 1}`)
    .map(({ value }) => value)
    .toSorted()
}

/** The narrowest place that a rule can hold in and that has all that the filter's place has. */
function placeOf(
  db: Db,
  { scope, subscriptionId, registryId, repository, digest }: FindingFilter,
): RuleScope {
  const below = { repository: null, tag: null, digest: digest ?? null }
  if (registryId !== undefined) {
    return { kind: 'registry', id: registryId, ...below, repository: repository ?? null }
  }
  if (subscriptionId !== undefined) return { kind: 'subscription', id: subscriptionId, ...below }
  if (scope === undefined) return { kind: 'tenant', id: tenantId, ...below }
  return { ...nearestAround(db, scope), ...below }
}
