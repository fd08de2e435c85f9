import {
  type FindingState,
  type Health,
  type Match,
  type NewDisableRule,
  type RuleCriteria,
  severityRank,
  tenantId,
} from '@plimsoll/types'

/**
 * What disable rules mean, a second time and without SQL: a fleet in memory, judged finding by finding and place by place
 * from the words of packages/types.
 */

export interface OracleFinding {
  match: Match
  closed: boolean
}

export interface OracleImage {
  readonly registry: string
  readonly repository: string
  readonly digest: string
  readonly findings: OracleFinding[]
  deleted: boolean
}

export interface OracleRule {
  readonly id: string
  rule: NewDisableRule
}

export interface OracleFleet {
  /** Management groups and what they are under; the tenant is under nothing. */
  readonly groups: Map<string, string>
  /** Subscriptions and the group they are under; registries and their subscription. */
  readonly subscriptions: Map<string, string>
  readonly registries: Map<string, string>
  readonly images: OracleImage[]
  /** `REGISTRY REPOSITORY TAG` and the digest it points to. */
  readonly tags: Map<string, string>
  readonly indexes: Map<string, readonly string[]>
  rules: OracleRule[]
  readonly exploited: Set<string>
  readonly odds: Map<string, number>
}

/** Nodes of the tree above an image, from its registry up. */
function nodesAbove(fleet: OracleFleet, { registry }: OracleImage): string[] {
  const subscription = fleet.registries.get(registry) ?? ''
  const nodes = [`registry ${registry}`, `subscription ${subscription}`]
  let group = fleet.subscriptions.get(subscription) ?? tenantId
  while (group !== tenantId) {
    nodes.push(`management-group ${group}`)
    group = fleet.groups.get(group) ?? tenantId
  }
  return [...nodes, `tenant ${tenantId}`]
}

function tagsOf(fleet: OracleFleet, { registry, repository, digest }: OracleImage): string[] {
  const here = [...fleet.tags].filter(([key]) => key.startsWith(`${registry} ${repository} `))
  const leads = here.filter(([, to]) => to === digest || fleet.indexes.get(to)?.includes(digest) === true)
  return leads.map(([key]) => key.split(' ')[2] ?? '')
}

/** `*` is any text, `?` one character, everything else itself. */
function fits(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern[0] === '*') return fits(rest, text) || (text !== '' && fits(pattern, text.slice(1)))
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && fits(rest, text.slice(1))
}

interface Applying {
  readonly id: string
  readonly rule: NewDisableRule
  /** The wider its scope, the higher. */
  readonly rank: number
}

/** The rules that hold for an image, and those that others override. */
export function rulesFor(
  fleet: OracleFleet,
  image: OracleImage,
  rules: readonly OracleRule[],
): { holding: OracleRule[]; overridden: OracleRule[] } {
  const above = nodesAbove(fleet, image)
  const applying = rules.flatMap(({ id, rule }): Applying[] => {
    const { kind, id: node, repository, tag, digest } = rule.scope
    const height = above.indexOf(`${kind} ${node}`)
    const within =
      height >= 0 &&
      (repository === null || fits(repository, image.repository)) &&
      (digest === null || digest === image.digest) &&
      (tag === null || tagsOf(fleet, image).some(name => fits(tag, name)))
    if (!within) return []
    const narrowness = digest !== null ? 3 : tag !== null ? 2 : repository !== null ? 1 : 0
    return [{ id, rule, rank: height * 10 - narrowness }]
  })
  const widest = Math.max(...applying.filter(({ rule }) => rule.overrides).map(({ rank }) => rank))
  const holds = ({ rank }: Applying): boolean => !Number.isFinite(widest) || rank >= widest
  return { holding: applying.filter(holds), overridden: applying.filter(one => !holds(one)) }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const within = (part: string, whole: string): boolean => whole.toLowerCase().includes(part.toLowerCase())

/** Whether each criterion that is set holds. */
function judged(fleet: OracleFleet, criteria: RuleCriteria, match: Match): boolean[] {
  const cves = [match.vulnerabilityId, ...match.cves.map(({ title }) => title)].filter(id => /^cve-/i.test(id))
  const names = [match.sourceName, ...match.packages.map(({ name }) => name)].map(name => name.toLowerCase())
  const odds = fleet.odds.get(match.vulnerabilityId)
  const { cvssBelow, severityBelow, epssBelow, kev } = criteria
  const answers: (boolean | null)[] = [
    criteria.ids.length === 0 ? null : criteria.ids.some(id => same(id, match.vulnerabilityId)),
    criteria.cves.length === 0 ? null : criteria.cves.some(id => cves.some(one => same(one, id))),
    criteria.categories.length === 0 ? null : criteria.categories.some(text => within(text, match.category)),
    criteria.securityChecks.length === 0
      ? null
      : criteria.securityChecks.some(text => within(text, match.securityCheck)),
    cvssBelow === null ? null : match.cvssV3BaseScore !== null && match.cvssV3BaseScore < cvssBelow,
    severityBelow === null
      ? null
      : match.severity !== 'Unknown' && severityRank[match.severity] < severityRank[severityBelow],
    criteria.notPatchable ? !match.patchable : null,
    criteria.packages.length === 0
      ? null
      : criteria.packages.some(pattern => names.some(name => fits(pattern.toLowerCase(), name))),
    criteria.ecosystems.length === 0 ? null : criteria.ecosystems.some(one => same(one, match.ecosystem)),
    criteria.distributions.length === 0
      ? null
      : criteria.distributions.some(
          one => same(one, match.feed) || match.feed.toLowerCase().startsWith(`${one.toLowerCase()}:`),
        ),
    epssBelow === null ? null : odds !== undefined && odds < epssBelow,
    kev === null ? null : fleet.exploited.has(match.vulnerabilityId) === kev,
  ]
  return answers.filter(answer => answer !== null)
}

export function holdsFor(fleet: OracleFleet, { match: how, criteria, untilFixed }: NewDisableRule, match: Match): boolean {
  if (untilFixed && match.patchable) return false
  const answers = judged(fleet, criteria, match)
  return how === 'all' ? answers.every(Boolean) : answers.some(Boolean)
}

/** The rules as they are at a moment. */
export const inForce = (rules: readonly OracleRule[], now: Date): OracleRule[] =>
  rules.filter(({ rule }) => rule.expiresAt === null || Date.parse(rule.expiresAt) > now.getTime())

export function stateOf(
  fleet: OracleFleet,
  image: OracleImage,
  finding: OracleFinding,
  rules: readonly OracleRule[],
): FindingState {
  if (finding.closed) return 'closed'
  const { holding } = rulesFor(fleet, image, rules)
  return holding.some(({ rule }) => holdsFor(fleet, rule, finding.match)) ? 'disabled' : finding.match.state
}

export function healthOf(fleet: OracleFleet, image: OracleImage, rules: readonly OracleRule[]): Health {
  const counted = image.findings.filter(({ match }) => match.class === 'security')
  const states = new Set(counted.map(finding => stateOf(fleet, image, finding, rules)))
  if (states.has('open')) return 'unhealthy'
  return states.has('undetermined') ? 'undecided' : 'healthy'
}
