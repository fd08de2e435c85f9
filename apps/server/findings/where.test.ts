import {
  type FindingFilter,
  type FindingState,
  findingClasses,
  findingSorts,
  healthStates,
  type Match,
  type NewDisableRule,
  newDisableRuleSchema,
  severities,
  severityRank,
} from '@plimsoll/types'
import fc from 'fast-check'
import pino from 'pino'
import { expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { storeImage } from '../jobs/inventory.ts'
import { listImages } from '../posture/images.ts'
import { totals } from '../posture/recommendation.ts'
import { listRegistries } from '../posture/registries.ts'
import { listRepositories } from '../posture/repositories.ts'
import { createRule } from '../rules/create.ts'
import { deleteRule } from '../rules/delete.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { listRules } from '../rules/list.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { countFindings, listFindings } from './list.ts'
import { closeFindings, recordFindings } from './record.ts'

/**
 * Filters, rules and counts against a second implementation that knows no SQL: a list of findings in memory, judged
 * one by one from the words of the contract in packages/types.
 */

type FindingSort = (typeof findingSorts)[number]

interface Place {
  readonly subscription: string
  readonly registry: string
  readonly repository: string
  readonly digest: string
}

const places: readonly Place[] = [
  { subscription: 's1', registry: 'r1', repository: 'team/api', digest: madeDigest(1) },
  { subscription: 's1', registry: 'r1', repository: 'team/api', digest: madeDigest(2) },
  { subscription: 's1', registry: 'r1', repository: 'web', digest: madeDigest(1) },
  { subscription: 's2', registry: 'r2', repository: 'team/api', digest: madeDigest(1) },
]

/** The second image is the first layer of the first one, so that it is its base. */
const [bottom, middle] = [madeDigest(101), madeDigest(102)] as const
const layersOfImage: Readonly<Record<string, readonly string[]>> = {
  [madeDigest(1)]: [bottom, middle, madeDigest(103)],
  [madeDigest(2)]: [bottom],
}
const baseLayers: Readonly<Record<string, readonly string[]>> = { [madeDigest(1)]: [bottom] }
const exploited = ['CVE-2024-10', 'DSA-5000-1']
const scores: Readonly<Record<string, number>> = { 'CVE-2024-1': 0.02, 'CVE-2024-10': 0.5 }

interface OracleFinding {
  readonly place: Place
  match: Match
  closed: boolean
}
interface OracleRule {
  readonly id: string
  readonly rule: NewDisableRule
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const within = (part: string, whole: string): boolean => whole.toLowerCase().includes(part.toLowerCase())
const cves = (match: Match): string[] =>
  [match.vulnerabilityId, ...match.cves.map(cve => cve.title)].filter(id =>
    id.toUpperCase().startsWith('CVE-'),
  )

function holds({ criteria }: NewDisableRule, match: Match): boolean {
  if (criteria.ids.some(id => same(id, match.vulnerabilityId))) return true
  if (criteria.cves.some(cve => cves(match).some(one => same(one, cve)))) return true
  if (criteria.categories.some(text => within(text, match.category))) return true
  if (criteria.securityChecks.some(text => within(text, match.securityCheck))) return true
  if (criteria.cvssBelow !== null && match.cvssV3BaseScore !== null) {
    if (match.cvssV3BaseScore < criteria.cvssBelow) return true
  }
  if (criteria.severityBelow !== null && match.severity !== 'Unknown') {
    if (severityRank[match.severity] < severityRank[criteria.severityBelow]) return true
  }
  return criteria.notPatchable && !match.patchable
}

const rulesOn = (finding: OracleFinding, rules: readonly OracleRule[]): OracleRule[] =>
  rules.filter(({ rule }) => rule.scope.id === finding.place.subscription && holds(rule, finding.match))

function stateOf(finding: OracleFinding, rules: readonly OracleRule[]): FindingState {
  if (finding.closed) return 'closed'
  return rulesOn(finding, rules).length > 0 ? 'disabled' : finding.match.state
}

function chosen(finding: OracleFinding, rules: readonly OracleRule[], filter: FindingFilter): boolean {
  const { match, place } = finding
  const names = [match.sourceName, ...match.packages.map(one => one.name)]
  const texts = [match.vulnerabilityId, ...match.aliases, match.securityCheck, ...names]
  return (
    stateOf(finding, rules) === filter.status &&
    (filter.class ?? ['security']).includes(match.class) &&
    (filter.severity === undefined || filter.severity.includes(match.severity)) &&
    (filter.fix === undefined || match.patchable === (filter.fix === 'available')) &&
    (filter.subscriptionId === undefined || place.subscription === filter.subscriptionId) &&
    (filter.registryId === undefined || place.registry === filter.registryId) &&
    (filter.repository === undefined || place.repository === filter.repository) &&
    (filter.digest === undefined || place.digest === filter.digest) &&
    (filter.cve === undefined ||
      filter.cve === match.vulnerabilityId ||
      cves(match).some(cve => same(cve, filter.cve ?? ''))) &&
    (filter.securityCheck === undefined || same(match.securityCheck, filter.securityCheck)) &&
    (filter.package === undefined || names.some(name => same(name, filter.package ?? ''))) &&
    (filter.kev === undefined || exploited.includes(match.vulnerabilityId) === filter.kev) &&
    (filter.epssAtLeast === undefined || (scores[match.vulnerabilityId] ?? -1) >= filter.epssAtLeast) &&
    (filter.layer === undefined || match.packages.some(one => one.layer === filter.layer)) &&
    (filter.origin === undefined ||
      match.packages.some(one => baseLayers[place.digest]?.includes(one.layer ?? '')) ===
        (filter.origin === 'base')) &&
    (filter.ruleId === undefined || rulesOn(finding, rules).some(({ id }) => id === filter.ruleId)) &&
    (filter.q === undefined || texts.some(text => within(filter.q?.trim() ?? '', text)))
  )
}

// Few values, so that filters and rules meet findings; some of them parts or other spellings of others.
const ids = ['CVE-2024-1', 'CVE-2024-10', 'cve-2023-77', 'DSA-5000-1', 'ALPINE-É1']
const packages = ['openssl', 'libssl3', 'zlib', 'zlib1g', 'Ünïcode%_']
const categories = ['Debian', 'Alpine', 'Über']
const subset = <T>(values: readonly T[]) => fc.subarray([...values])
const some = <T>(values: readonly T[]) => fc.constantFrom(...values)

const matches = fc.record({
  vulnerabilityId: some(ids),
  aliases: subset(['GHSA-xx', 'CVE-2020-9']),
  sourceName: some(packages),
  binaries: subset(packages),
  class: some(findingClasses),
  state: some(['open', 'undetermined'] as const),
  severity: some(severities),
  cvssV3BaseScore: some([null, 0, 3.9, 4, 7.1, 9.8]),
  patchable: fc.boolean(),
  category: some(categories),
  cves: subset(['CVE-2024-1', 'CVE-2020-9']),
  layers: fc.array(some([null, bottom, middle]), { minLength: 1, maxLength: 2 }),
})

const toMatch = ({
  binaries,
  cves: named,
  layers,
  ...facts
}: typeof matches extends fc.Arbitrary<infer T> ? T : never): Match => {
  const match = madeMatch({
    ...facts,
    securityCheck: `${facts.category} security update for ${facts.sourceName} (${facts.vulnerabilityId})`,
  })
  return {
    ...match,
    cves: named.map(cve => ({ title: cve, link: `https://www.cve.org/CVERecord?id=${cve}` })),
    packages: [...match.packages, ...binaries.map(name => ({ ...match.packages[0], name }))].map(
      (one, at) => ({
        arch: 'amd64',
        path: 'p',
        version: '1',
        ...one,
        layer: layers[at % layers.length] ?? null,
        name: one.name ?? facts.sourceName,
      }),
    ),
  }
}

const identity = (match: Match): string => `${match.vulnerabilityId} ${match.sourceName}`
const scans = fc.record({
  place: fc.nat(places.length - 1),
  matches: fc.uniqueArray(matches.map(toMatch), { selector: identity, maxLength: 8 }),
})

const rules = fc
  .record({
    scope: some(['s1', 's2']).map(id => ({ kind: 'subscription' as const, id })),
    name: fc.constant('a rule'),
    criteria: fc.record({
      ids: subset(['cve-2024-1', 'DSA-5000-1', 'CVE-2024']),
      cves: subset(['cve-2024-1', 'CVE-2020-9']),
      categories: subset(['deb', 'ÜBER', '%']),
      securityChecks: subset(['for zlib', 'SSL', '(cve-2024-1)']),
      cvssBelow: some([null, 4, 7.1, 10]),
      severityBelow: some([null, 'Medium', 'High', 'Critical'] as const),
      notPatchable: fc.boolean(),
    }),
  })
  .filter(rule => newDisableRuleSchema.safeParse(rule).success)
  .map(rule => newDisableRuleSchema.parse(rule))

const filters: fc.Arbitrary<Omit<FindingFilter, 'ruleId'>> = fc.record(
  {
    status: some(['open', 'disabled', 'undetermined', 'closed'] as const),
    q: some(['cve-2024-1', 'ÜNÏ', '%_', ' ssl', '\n', 'ghsa', '']),
    severity: subset(severities),
    class: subset(findingClasses),
    fix: some(['available', 'none'] as const),
    subscriptionId: some(['s1', 's2']),
    registryId: some(['r1', 'r2']),
    repository: some(['team/api', 'web']),
    digest: some([madeDigest(1), madeDigest(2)]),
    cve: some(['CVE-2024-1', 'cve-2020-9', 'CVE-2024', 'DSA-5000-1', 'ALPINE-É1']),
    securityCheck: some(['debian security update for zlib (cve-2024-1)', 'Debian']),
    package: some(['ZLIB', 'libssl3', 'lib']),
    kev: fc.boolean(),
    epssAtLeast: some([0, 0.02, 0.3, 1]),
    layer: some([bottom, middle]),
    origin: some(['base', 'own'] as const),
  },
  { requiredKeys: ['status'] },
)

type Step =
  | { readonly do: 'scan'; readonly scan: { place: number; matches: Match[] } }
  | { readonly do: 'rule'; readonly rule: NewDisableRule }
  | { readonly do: 'unrule'; readonly pick: number }
  | { readonly do: 'delete'; readonly place: number }
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: scans.map(scan => ({ do: 'scan' as const, scan })) },
  { weight: 3, arbitrary: rules.map(rule => ({ do: 'rule' as const, rule })) },
  { weight: 1, arbitrary: fc.nat(5).map(pick => ({ do: 'unrule' as const, pick })) },
  { weight: 1, arbitrary: fc.nat(places.length - 1).map(place => ({ do: 'delete' as const, place })) },
)

/** The images' layers, and what is known of attacks. */
function storeContent(db: Db): void {
  for (const [digest, diffIds] of Object.entries(layersOfImage)) {
    const id = storeImage(
      db,
      {
        digest,
        mediaType: null,
        platform: null,
        sizeBytes: null,
        layers: diffIds.map(diffId => ({ digest: diffId, diffId, mediaType: 'x', sizeBytes: 1 })),
        distro: null,
        createdAt: null,
        packages: [],
        coverage: { status: 'complete', reasons: [], packages: {}, databases: [], release: null, feeds: [] },
      },
      '2024-03-01T00:00:00.000Z',
    )
    db.$client.prepare('update occurrence set image_id = ? where digest = ?').run(id, digest)
  }
  const kev = db.$client.prepare(`insert into kev (cve, added_on, ransomware) values (?, '2024-03-01', 0)`)
  for (const cve of exploited) kev.run(cve)
  const epss = db.$client.prepare('insert into epss (cve, probability, percentile) values (?, ?, 0.5)')
  for (const [cve, probability] of Object.entries(scores)) epss.run(cve, probability)
}

/** Takes the steps in the database and in memory. */
async function play(taken: readonly Step[]) {
  const db = openInMemory()
  const occurrences = places.map(place => madeOccurrence(db, place))
  storeContent(db)
  const base = { db, events: createEventBus(), log: pino({ level: 'silent' }) }
  const deps = { ...base, rules: startRuleKeeper(base), viewer: { name: 'test' } }
  const findings: OracleFinding[] = []
  let made: OracleRule[] = []
  for (const step of taken) {
    if (step.do === 'scan') {
      const place = places[step.scan.place] as Place
      recordFindings(
        db,
        occurrences[step.scan.place] as number,
        step.scan.matches,
        [],
        '2024-03-01T00:00:00.000Z',
      )
      const here = findings.filter(finding => finding.place === place)
      for (const finding of here) finding.closed = true
      for (const match of step.scan.matches) {
        const old = here.find(finding => identity(finding.match) === identity(match))
        if (old === undefined) findings.push({ place, match, closed: false })
        else Object.assign(old, { match, closed: false })
      }
    } else if (step.do === 'rule') {
      made.push({ id: (await createRule(step.rule, deps)).id, rule: step.rule })
    } else if (step.do === 'unrule') {
      const gone = made[step.pick]
      if (gone === undefined) continue
      made = made.filter(rule => rule !== gone)
      await deleteRule(gone.id, deps)
    } else {
      closeFindings(db, occurrences[step.place] as number, 'image-deleted', '2024-03-01T00:00:00.000Z')
      for (const finding of findings) if (finding.place === places[step.place]) finding.closed = true
    }
  }
  return { db, findings, rules: made }
}

const named = (place: Place, match: Match): string =>
  [place.registry, place.repository, place.digest, identity(match)].join(' ')

function listed(
  db: Db,
  filter: FindingFilter,
  sort: FindingSort,
): { keys: string[]; total: number; disabledTotal: number } {
  const page = listFindings(db, { filter, sort, page: 1, size: 200 })
  return {
    keys: page.rows
      .map(row => [row.registryId, row.repository, row.digest, row.vulnerabilityId, row.sourceName].join(' '))
      .sort(),
    total: page.total,
    disabledTotal: page.disabledTotal,
  }
}

test('a filter chooses what the oracle chooses, whatever was scanned, disabled and deleted before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { maxLength: 12 }),
      fc.array(filters, { minLength: 1, maxLength: 6 }),
      some(findingSorts),
      async (taken, asked, sort) => {
        const { db, findings, rules: made } = await play(taken)
        const withRule: FindingFilter[] = made.map(({ id }) => ({ status: 'disabled', ruleId: id }))
        for (const filter of [...asked, ...withRule]) {
          const expected = findings.filter(finding => chosen(finding, made, filter))
          const { keys, total, disabledTotal } = listed(db, filter, sort)
          expect(keys).toEqual(expected.map(({ place, match }) => named(place, match)).sort())
          expect(total).toBe(expected.length)
          expect(disabledTotal).toBe(
            findings.filter(finding => chosen(finding, made, { ...filter, status: 'disabled' })).length,
          )
        }
        db.$client.close()
      },
    ),
    { numRuns: 150 },
  )
})

test('the likeliest to be exploited come first, and those without a score last, on every page', () => {
  const db = openInMemory()
  storeContent(db)
  const [first = 0, second = 0] = places.map(place => madeOccurrence(db, place))
  const made = ['CVE-2024-1', 'CVE-2024-10', 'DSA-5000-1'].map(vulnerabilityId =>
    madeMatch({ vulnerabilityId }),
  )
  recordFindings(db, first, made, [], '2024-03-01T00:00:00.000Z')
  recordFindings(db, second, made.slice(0, 1), [], '2024-03-01T00:00:00.000Z')
  const list = (filter: Partial<FindingFilter>) =>
    listFindings(db, { filter: { status: 'open', ...filter }, sort: '-epss', page: 1, size: 25 }).rows.map(
      row => [row.vulnerabilityId, row.epss?.probability ?? null, row.kev?.addedOn ?? null],
    )
  expect(list({})).toEqual([
    ['CVE-2024-10', 0.5, '2024-03-01'],
    ['CVE-2024-1', 0.02, null],
    ['CVE-2024-1', 0.02, null],
    ['DSA-5000-1', null, '2024-03-01'],
  ])
  expect(list({ q: 'cve' })).toEqual(list({}).slice(0, 3))
  expect(list({ digest: madeDigest(1) })).toHaveLength(3)
})

test('counts on every level are the totals of the lists they lead to', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 14 }), async taken => {
      const { db, findings, rules: made } = await play(taken)
      const levels = [
        { counts: totals(db).findings, scope: {} },
        ...listRegistries(db).map(one => ({ counts: one.findings, scope: { registryId: one.id } })),
        ...listRegistries(db)
          .flatMap(one => listRepositories(db, one.id))
          .map(one => ({
            counts: one.findings,
            scope: { registryId: one.registryId, repository: one.name },
          })),
        ...listImages(db, { superseded: false, page: 1, size: 50 }).rows.map(one => ({
          counts: one.findings,
          scope: { registryId: one.registryId, repository: one.repository, digest: one.digest },
        })),
      ]
      expect(levels).toHaveLength(1 + 2 + 3 + 4)
      for (const { counts, scope } of levels) {
        const count = (filter: FindingFilter): number =>
          findings.filter(finding => chosen(finding, made, { ...scope, ...filter })).length
        for (const severity of severities) {
          expect(counts.open[severity]).toBe(count({ status: 'open', severity: [severity] }))
          expect(counts.patchable[severity]).toBe(
            count({ status: 'open', severity: [severity], fix: 'available' }),
          )
        }
        expect(counts.disabled).toBe(count({ status: 'disabled' }))
        expect(counts.undetermined).toBe(count({ status: 'undetermined' }))
        expect(counts.unimportant).toBe(count({ status: 'open', class: ['unimportant'] }))
        expect(counts.kernelHeaders).toBe(count({ status: 'open', class: ['kernel-headers'] }))
      }
      for (const { id, images } of listRegistries(db)) {
        const listed = healthStates.map(
          health => listImages(db, { registryId: id, health, superseded: false, page: 1, size: 50 }).total,
        )
        const { unhealthy, healthy, undecided, notApplicable, notScanned, failed } = images
        expect(listed).toEqual([unhealthy, healthy, undecided, notApplicable, notScanned, failed])
      }
      for (const rule of listRules(db, { sort: '-saved', page: 1, size: 200 }, new Date()).rows) {
        expect(rule.disables).toBe(countFindings(db, { status: 'disabled', ruleId: rule.id }))
      }
      expect(countFindings(db, { status: 'open' })).toBe(
        findings.filter(finding => chosen(finding, made, { status: 'open' })).length,
      )
      db.$client.close()
    }),
    { numRuns: 100 },
  )
})
