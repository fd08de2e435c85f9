import { type FindingFilter, findingFilterSchema, severities } from '@plimsoll/types'
import fc from 'fast-check'
import { digests } from './fleets.ts'
import { type OracleFinding, type OracleFleet, type OracleImage, type OracleRule, stateOf } from './oracle.ts'

/** Filters that choose among what fleets.ts makes up, and what they choose, told without SQL. */

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)
/** Most of a filter's fields are not given. */
const seldom = <T>(values: readonly T[]) => fc.option(some(values), { nil: undefined, freq: 3 }).map(value => value)
const rarely = <T>(values: readonly T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some(values) })

const scopes = [
  { kind: 'management-group', ids: ['upper'] },
  { kind: 'management-group', ids: ['tenant', 'lower'] },
  { kind: 'subscription', ids: ['s1'] },
  { kind: 'subscription', ids: ['s1', 's2'] },
  { kind: 'registry', ids: ['r1', 'r2'] },
  { kind: 'registry', ids: ['r1', 'r3'] },
] as const

const filters = (status: readonly FindingFilter['status'][]): fc.Arbitrary<FindingFilter> =>
  fc
    .record({
      status: some(status),
      scope: rarely(scopes),
      subscriptionId: rarely(['s1', 's2']),
      registryId: rarely(['r1', 'r3']),
      repository: rarely(['team/api', 'team/[x]', 'lib']),
      digest: rarely(digests.slice(0, 1)),
      severity: rarely([['Low'], ['Low', 'Medium'], ['High', 'Low', 'Medium'], ['Critical'], ['Unknown', 'Low'], severities]),
      fix: rarely(['available', 'none']),
      q: rarely([' ', 'ssl', 'cve-2024-1', 'zlib (']),
      cve: rarely(['cve-2024-1', 'CVE-2024-10', 'DSA-5000-1']),
      securityCheck: rarely(['Debian security update for zlib (CVE-2024-1)', 'alpine security update for openssl (dsa-5000-1)']),
      package: rarely(['OpenSSL', 'zlib', 'Ünïcode%_', 'lib[a]']),
      feed: rarely(['Debian:12', 'Alpine:v3.19', 'Ubuntu:22.04:LTS']),
      kev: seldom([true, false]),
      epssAtLeast: rarely([0.1, 0.5]),
    })
    .map(filter => findingFilterSchema.parse(JSON.parse(JSON.stringify(filter))))

export const openFilters = filters(['open', 'open', 'open', 'undetermined'])
export const disabledFilters = filters(['disabled'])

const fold = (text: string): string => text.toLowerCase()

/** Whether a filter chooses a finding, by the words of packages/types. */
export function chooses(
  filter: FindingFilter,
  fleet: OracleFleet,
  { image, finding, rules }: { image: OracleImage; finding: OracleFinding; rules: readonly OracleRule[] },
): boolean {
  const { match } = finding
  const subscription = fleet.registries.get(image.registry) ?? ''
  const names = [match.sourceName, ...match.packages.map(({ name }) => name)].map(fold)
  const texts = [match.vulnerabilityId, ...match.aliases, match.securityCheck, ...names].map(fold)
  const cves = [match.vulnerabilityId, ...match.cves.map(({ title }) => title)].filter(id => /^cve-/i.test(id))
  const { q = '', cve, kev, epssAtLeast, scope } = filter
  return [
    stateOf(fleet, image, finding, rules) === filter.status,
    (filter.class ?? ['security']).includes(match.class),
    scope === undefined || isWithin(fleet, image, scope),
    is(filter.subscriptionId, subscription),
    is(filter.registryId, image.registry),
    is(filter.repository, image.repository),
    is(filter.digest, image.digest),
    filter.severity === undefined || filter.severity.includes(match.severity),
    filter.fix === undefined || match.patchable === (filter.fix === 'available'),
    texts.some(text => text.includes(fold(q.trim()))),
    cve === undefined || cve === match.vulnerabilityId || cves.some(one => fold(one) === fold(cve)),
    filter.securityCheck === undefined || fold(filter.securityCheck) === fold(match.securityCheck),
    filter.package === undefined || names.includes(fold(filter.package)),
    is(filter.feed, match.feed),
    kev === undefined || fleet.exploited.has(match.vulnerabilityId) === kev,
    epssAtLeast === undefined || (fleet.odds.get(match.vulnerabilityId) ?? -1) >= epssAtLeast,
  ].every(Boolean)
}

const is = (asked: string | undefined, actual: string): boolean => asked === undefined || asked === actual

function isWithin(
  fleet: OracleFleet,
  { registry }: OracleImage,
  { kind, ids }: NonNullable<FindingFilter['scope']>,
): boolean {
  if (kind === 'registry') return ids.includes(registry)
  const subscription = fleet.registries.get(registry) ?? ''
  if (kind === 'subscription') return ids.includes(subscription)
  const above: string[] = []
  let group = fleet.subscriptions.get(subscription)
  for (; group !== undefined; group = fleet.groups.get(group)) above.push(group)
  return above.some(id => ids.includes(id))
}
