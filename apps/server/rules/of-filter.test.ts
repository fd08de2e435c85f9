import { type FindingFilter, newDisableRuleSchema, severities } from '@plimsoll/types'
import fc from 'fast-check'
import pino from 'pino'
import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { countFindings } from '../findings/list.ts'
import { recordFindings } from '../findings/record.ts'
import { Refusal } from '../refusal.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { createRule } from './create.ts'
import { deleteRule } from './delete.ts'
import { disablingRules } from './disabling.ts'
import { startRuleKeeper } from './keeper.ts'
import { ruleOfFilter } from './of-filter.ts'
import { previewChange } from './preview.ts'
import { digests, fleets, registries, repositories, vulnerabilities } from './testdata/fleets.ts'
import { inForce } from './testdata/oracle.ts'
import { play } from './testdata/play.ts'

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)

const fields = {
  q: some(['cve-2024', 'ssl', ' ']),
  severity: fc.subarray([...severities], { minLength: 1 }),
  fix: some(['available', 'none'] as const),
  scope: some([
    { kind: 'registry' as const, ids: ['r1', 'r2'] },
    { kind: 'subscription' as const, ids: ['s1'] },
    { kind: 'subscription' as const, ids: ['s1', 's2'] },
    { kind: 'management-group' as const, ids: ['upper'] },
  ]),
  subscriptionId: some(['s1', 's2']),
  registryId: some(registries),
  repository: some(repositories),
  digest: some(digests),
  cve: some(vulnerabilities),
  securityCheck: some(['debian security update for openssl (cve-2024-1)']),
  package: some(['openssl', 'lib[a]', 'ZLIB']),
  feed: some(['Debian:12', 'Ubuntu:22.04:LTS']),
  kev: fc.boolean(),
  epssAtLeast: some([0.05, 0.5]),
} satisfies Partial<Record<keyof FindingFilter, fc.Arbitrary<unknown>>>

/** Two or three fields are given; more choose next to nothing. A repository alone means nothing. */
const filters: fc.Arbitrary<FindingFilter> = fc
  .record({
    status: some(['open', 'open', 'undetermined'] as const),
    all: fc.record(fields),
    given: fc.subarray(Object.keys(fields), { maxLength: 3 }),
  })
  .map(({ status, all, given }) => ({
    status,
    ...Object.fromEntries(
      Object.entries(all).filter(
        ([field]) => given.includes(field) && (field !== 'repository' || given.includes('registryId')),
      ),
    ),
  }))

test('a rule made from a filter disables all that it chooses, and tells how many of those it does', async () => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(fleets, fc.array(filters, { minLength: 4, maxLength: 4 }), async (steps, chosen) => {
      const { db, fleet, now } = await play(steps)
      const base = { db, events: createEventBus(), log: pino({ level: 'silent' }), now }
      const deps = { ...base, rules: startRuleKeeper(base), viewer: { name: 'Ada' } }
      for (const filter of chosen) {
        const findings = countFindings(db, filter)
        const answer = orRefusal(() => ruleOfFilter(db, filter))
        if (answer instanceof Refusal) {
          expect(findings).toBe(0)
          continue
        }
        made += 1
        expect(answer.findings).toBe(findings)
        const { scope, match, criteria } = answer
        const rule = newDisableRuleSchema.parse({ name: 'of a filter', scope, match, criteria })
        const { preview } = previewChange(db, { id: null, rule, selection: filter }, now())
        // A rule above that overrides lets none below hold.
        const overridden = inForce(fleet.rules, now()).some(one => one.rule.overrides)
        if (!overridden) expect(preview.selection).toEqual({ findings, disables: findings })
        const { id } = await createRule(rule, deps)
        const left = countFindings(db, filter)
        expect(preview.selection).toEqual({ findings, disables: findings - left })
        const disabled = disablingRules(db, { filter: { ...filter, status: 'disabled' } })
        expect(disabled.rules.find(each => each.id === id)?.findings ?? 0).toBeGreaterThanOrEqual(
          findings - left,
        )
        await deleteRule(id, deps)
        expect(countFindings(db, filter)).toBe(findings)
      }
      await deps.rules.stop()
      db.$client.close()
    }),
    { numRuns: 40 },
  )
  expect(made).toBeGreaterThan(40)
})

function orRefusal<T>(run: () => T): T | Refusal {
  try {
    return run()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

test('criteria say what they can, and the rest is ids and packages', () => {
  const db = openInMemory()
  const id = madeOccurrence(db, { subscription: 'line-1', registry: 'r1', digest: madeDigest(1) })
  const matches = [
    madeMatch({ vulnerabilityId: 'CVE-2024-0001', severity: 'Low' }),
    madeMatch({ vulnerabilityId: 'DSA-1-1', severity: 'Medium', sourceName: 'zlib' }),
  ]
  recordFindings(db, id, matches, [], '2024-03-01T00:00:00.000Z')
  const of = (filter: Partial<FindingFilter>) => {
    const { scope, criteria } = ruleOfFilter(db, { status: 'open', ...filter })
    const isSet = (value: unknown) =>
      Array.isArray(value) ? value.length > 0 : value !== null && value !== false
    return [
      `${scope.kind} ${scope.id}`,
      Object.fromEntries(Object.entries(criteria).filter(([, each]) => isSet(each))),
    ]
  }
  expect(of({ severity: ['Low', 'Medium'], subscriptionId: 'line-1' })).toEqual([
    'subscription line-1',
    { severityBelow: 'High' },
  ])
  expect(of({ severity: ['Medium'] })).toEqual(['tenant tenant', { ids: ['DSA-1-1'], packages: ['zlib'] }])
  expect(of({ cve: 'cve-2024-0001', feed: 'Debian:12' })).toEqual([
    'tenant tenant',
    { cves: ['cve-2024-0001'], distributions: ['Debian:12'] },
  ])
  expect(of({ q: 'zlib', registryId: 'r1', repository: 'team/api' })[1]).toEqual({
    ids: ['DSA-1-1'],
    packages: ['zlib'],
  })
  expect(of({})[1]).toEqual({ ids: ['CVE-2024-0001', 'DSA-1-1'], packages: ['openssl', 'zlib'] })
  expect(() => of({ q: 'nothing of the kind' })).toThrow('No finding matches')
  expect(() => of({ status: 'disabled' })).toThrow('Only open and undetermined')
  expect(() => of({ class: ['unimportant'] })).toThrow('count nowhere')
})

test('more ids than a rule takes are refused, unless criteria say the filter', () => {
  const db = openInMemory()
  const id = madeOccurrence(db, { digest: madeDigest(1) })
  const matches = Array.from({ length: 201 }, (_, at) =>
    madeMatch({ vulnerabilityId: `CVE-2024-${1000 + at}` }),
  )
  recordFindings(db, id, matches, [], '2024-03-01T00:00:00.000Z')
  expect(() => ruleOfFilter(db, { status: 'open' })).toThrow('more than 200 ids')
  expect(ruleOfFilter(db, { status: 'open', package: 'openssl' })).toMatchObject({
    findings: 201,
    criteria: { packages: ['openssl'], ids: [] },
  })
})
