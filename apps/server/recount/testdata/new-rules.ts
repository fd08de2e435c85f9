import { type NewDisableRule, newDisableRuleSchema } from '@plimsoll/types'
import fc from 'fast-check'
import { cves } from './records.ts'

/** Rules for any node of the tree and narrower, about what the made-up advisories say. */

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const few = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 })

const scope = fc
  .record({
    node: some(
      ['tenant', 'tenant'],
      ['tenant', 'tenant'],
      ['tenant', 'tenant'],
      ['tenant', 'tenant'],
      ['management-group', 'upper'],
      ['management-group', 'lower'],
      ['management-group', 'other'],
      ['subscription', 's1'],
      ['subscription', 's2'],
      ['registry', 'r1'],
      ['registry', 'r3'],
    ),
    repository: some(null, null, null, null, null, 'team/*', 'lib'),
    tag: some(null, null, null, null, null, null, '1.*', 'dev'),
  })
  .map(({ node: [kind, id], repository, tag }) => ({ kind, id, repository, tag }))

const byThreat = [fc.record({ epssBelow: some(0.1, 0.6) }), fc.record({ kev: fc.boolean() })]
const byMatch = [
  fc.record({ cves: few(...cves) }),
  fc.record({ ids: few('dsa-5001-1', 'TEMP-0500-1A2B3C') }),
  fc.record({ packages: few('lib*', 'zlib', 'linux*') }),
  fc.record({ severityBelow: some('Medium', 'High', 'Critical') }),
  fc.record({ cvssBelow: some(4, 9) }),
  fc.record({ notPatchable: fc.constant(true) }),
  fc.record({ ecosystems: few('deb', 'apk') }),
  fc.record({ distributions: few('Debian', 'Debian:12', 'Alpine') }),
]

/** One or two at a time: with many set, any-of would be everything and all-of nothing. */
const rules = (place: fc.Arbitrary<object>, criteria: readonly fc.Arbitrary<object>[]): fc.Arbitrary<NewDisableRule> =>
  fc
    .record({
      name: fc.constant('a rule'),
      scope: place,
      match: some('any', 'any', 'all'),
      criteria: fc.array(fc.oneof(...criteria), { minLength: 1, maxLength: 2 }).map(all => Object.assign({}, ...all) as object),
      overrides: some(false, false, false, true),
      untilFixed: some(false, false, false, true),
    })
    .map(rule => newDisableRuleSchema.parse(rule))

export const newRules = rules(scope, [...byMatch, ...byThreat])
export const rulesByThreat = rules(scope, byThreat)

/** For all of a tag's images, whatever is found in them. */
export const rulesOfTags = rules(
  some('1.*', '1.0', 'dev').map(tag => ({ kind: 'tenant', id: 'tenant', tag })),
  [fc.constant({ ecosystems: ['deb', 'apk'] })],
)
