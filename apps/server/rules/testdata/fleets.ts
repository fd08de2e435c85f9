import { type Match, type NewDisableRule, newDisableRuleSchema, severities } from '@plimsoll/types'
import fc from 'fast-check'
import { madeDigest, madeMatch } from '../../testdata/fleet.ts'

/** What may happen to a made-up fleet. Few values, so that rules, places and findings meet. */

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)
const few = <T>(values: readonly T[]) => fc.subarray([...values], { maxLength: 2 })

export const registries = ['r1', 'r2', 'r3'] as const
export const repositories = ['team/api', 'team/[x]', 'lib'] as const
export const digests = [1, 2].map(madeDigest)
export const indexDigest = madeDigest(9)
const tags = ['1.0', '1.1', 'dev'] as const

export type Step =
  | { readonly do: 'scan'; readonly place: PlaceName; readonly matches: readonly Match[] }
  | { readonly do: 'tag'; readonly registry: string; readonly repository: string; readonly tag: string; readonly digest: string }
  | { readonly do: 'untag'; readonly registry: string; readonly repository: string; readonly tag: string }
  | { readonly do: 'create'; readonly rule: NewDisableRule; readonly days: number | null }
  | { readonly do: 'change'; readonly pick: number; readonly rule: NewDisableRule; readonly days: number | null }
  | { readonly do: 'delete'; readonly pick: number }
  | { readonly do: 'sleep'; readonly days: number }
  | { readonly do: 'delete-image'; readonly place: PlaceName }
  | { readonly do: 'move-registry'; readonly registry: string; readonly to: string }
  | { readonly do: 'move-subscription'; readonly subscription: string; readonly to: string }
  | { readonly do: 'threats'; readonly exploited: readonly string[]; readonly odds: number }

export interface PlaceName {
  readonly registry: string
  readonly repository: string
  readonly digest: string
}

export const vulnerabilities = ['CVE-2024-1', 'CVE-2024-10', 'DSA-5000-1'] as const
const packages = ['openssl', 'libssl3', 'zlib', 'Ünïcode%_', 'lib[a]'] as const
const feeds = ['Debian:12', 'Debian:13', 'Alpine:v3.19', 'Ubuntu:22.04:LTS'] as const

const matches = fc
  .record({
    vulnerabilityId: some(vulnerabilities),
    sourceName: some(packages),
    binaries: few(packages),
    feed: some(feeds),
    class: fc.oneof({ weight: 4, arbitrary: fc.constant('security' as const) }, { weight: 1, arbitrary: fc.constant('unimportant' as const) }),
    state: fc.oneof({ weight: 4, arbitrary: fc.constant('open' as const) }, { weight: 1, arbitrary: fc.constant('undetermined' as const) }),
    severity: some(severities),
    cvssV3BaseScore: some([null, 3.9, 4, 9.8]),
    patchable: fc.boolean(),
  })
  .map(({ binaries, feed, ...facts }): Match => {
    const category = feed.split(':')[0] ?? ''
    const ecosystem = category === 'Alpine' ? 'apk' : 'deb'
    const securityCheck = `${category} security update for ${facts.sourceName} (${facts.vulnerabilityId})`
    const match = madeMatch({ ...facts, feed, category, ecosystem, securityCheck })
    const [first] = match.packages
    return first === undefined ? match : { ...match, packages: [first, ...binaries.map(name => ({ ...first, name }))] }
  })

const found = fc.uniqueArray(matches, { selector: match => [match.vulnerabilityId, match.feed, match.sourceName].join(' '), minLength: 1,
  maxLength: 5 })

const places = some(
  [
    ['r1', 'team/api', 0],
    ['r1', 'team/api', 1],
    ['r1', 'team/[x]', 0],
    ['r2', 'lib', 0],
    ['r3', 'team/api', 0],
    ['r3', 'lib', 1],
  ] as const,
).map(([registry, repository, at]) => ({ registry, repository, digest: digests[at] ?? '' }))

const scopes = fc
  .record({
    node: some([
      ['tenant', 'tenant'],
      ['tenant', 'tenant'],
      ['management-group', 'upper'],
      ['management-group', 'lower'],
      ['subscription', 's1'],
      ['subscription', 's2'],
      ['registry', 'r1'],
      ['registry', 'r3'],
    ] as const),
    repository: some([null, null, null, null, 'team/*', 'team/[x]', '*i?', 'lib']),
    tag: some([null, null, null, null, null, null, '1.*', 'dev', '*']),
    digest: some([null, null, null, null, null, digests[0] ?? null]),
  })
  .map(({ node: [kind, id], ...narrowed }) => ({ kind, id, ...narrowed }))

const criteria = fc.record({
  ids: few(['cve-2024-1', 'DSA-5000-1']),
  cves: few(['CVE-2024-1', 'cve-2024-10']),
  categories: few(['deb', 'ALP']),
  securityChecks: few(['for zlib', 'SSL', '%']),
  cvssBelow: some([null, null, 4, 9]),
  severityBelow: some([null, null, 'Medium', 'Critical'] as const),
  notPatchable: fc.boolean(),
  packages: few(['LIB*', '*ssl?', 'z*b', 'l*b', 'ünï*', 'lib[a]', '?lib']),
  ecosystems: few(['DEB', 'apk']),
  distributions: few(['debian:12', 'Debian', 'Ubuntu:22.04', 'Alpine:v3']),
  epssBelow: some([null, null, 0.1, 0.6]),
  kev: some([null, null, true, false]),
})

const rules = fc
  .record({
    name: fc.constant('a rule'),
    scope: scopes,
    match: some(['any', 'all'] as const),
    // Most rules have few criteria: with all of them set at random, any-of is everything and all-of nothing.
    criteria: fc.tuple(criteria, fc.integer({ min: 1, max: 3 }), fc.nat(11)).map(([all, kept, from]) => {
      const names = Object.keys(all)
      const chosen = new Set(names.filter((_, at) => (at - from + names.length) % names.length < kept))
      return Object.fromEntries(Object.entries(all).filter(([name]) => chosen.has(name)))
    }),
    overrides: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    untilFixed: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  })
  .map(rule => newDisableRuleSchema.safeParse(rule))
  .filter(read => read.success)
  .map(read => read.data)

const days = some([null, 1, 3, 90])

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('scan' as const), place: places, matches: found }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tag' as const), registry: some(registries), repository: some(repositories), tag: some(tags), digest: some([...digests, indexDigest]) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('untag' as const), registry: some(registries), repository: some(repositories), tag: some(tags) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('create' as const), rule: rules, days }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), pick: fc.nat(2), rule: rules, days }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sleep' as const), days: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete-image' as const), place: places }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move-registry' as const), registry: some(registries), to: some(['s1', 's2']) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move-subscription' as const), subscription: some(['s1', 's2']), to: some(['tenant', 'upper', 'lower']) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('threats' as const), exploited: few(vulnerabilities), odds: some([0.05, 0.1, 0.5, 0.9]) }) },
)

const scan = fc.record({ do: fc.constant('scan' as const), place: places, matches: found })

export const fleets: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.array(scan, { minLength: 4, maxLength: 8 }), fc.array(step, { minLength: 4, maxLength: 14 }))
  .map(([scans, steps]) => [...scans, ...steps])
