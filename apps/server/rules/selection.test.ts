import { newDisableRuleSchema } from '@plimsoll/types'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { disablingRules } from './disabling.ts'
import { ruleOfFilter } from './of-filter.ts'
import { previewChange } from './preview.ts'
import { chooses, disabledFilters, openFilters } from './testdata/filters.ts'
import { fleets } from './testdata/fleets.ts'
import { holdsFor, inForce, type OracleRule, rulesFor, stateOf } from './testdata/oracle.ts'
import { play } from './testdata/play.ts'

/** What is done with findings that were chosen, compared with a second implementation that knows no SQL. */

test('the rule of a filter disables all that it chooses where it holds, and others are counted exactly', {
  timeout: 200_000,
}, async () => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(
      fleets,
      fc.array(openFilters, { minLength: 4, maxLength: 4 }),
      async (steps, filters) => {
        const { db, fleet, now } = await play(steps)
        const rules = inForce(fleet.rules, now())
        const all = fleet.images.flatMap(image => image.findings.map(finding => ({ image, finding, rules })))
        for (const filter of filters) {
          const chosen = all.filter(one => chooses(filter, fleet, one))
          if (chosen.length === 0) continue
          made += 1
          const { scope, match, criteria, findings } = ruleOfFilter(db, filter)
          expect(findings).toBe(chosen.length)
          const rule = newDisableRuleSchema.parse({ name: 'of a filter', scope, match, criteria })
          const after: OracleRule[] = [...rules, { id: 'own', rule }]
          const isOwn = ({ id }: OracleRule): boolean => id === 'own'
          for (const { image, finding } of chosen) {
            const { holding, overridden } = rulesFor(fleet, image, after)
            expect([...holding, ...overridden].some(isOwn)).toBe(true)
            expect(holdsFor(fleet, rule, finding.match)).toBe(true)
          }
          const disabled = all.filter(
            ({ image, finding }) =>
              finding.match.class === 'security' &&
              ['open', 'undetermined'].includes(stateOf(fleet, image, finding, rules)) &&
              rulesFor(fleet, image, after).holding.some(isOwn) &&
              holdsFor(fleet, rule, finding.match),
          )
          const own = disabled.filter(one => chosen.includes(one)).length
          const { preview } = previewChange(db, { id: null, rule, selection: filter }, now())
          expect(preview.selection).toEqual({ findings: chosen.length, disables: own })
          // What the editor tells as others.
          expect(preview.disables - own).toBe(disabled.length - own)
        }
        db.$client.close()
      },
    ),
    { numRuns: 80 },
  )
  expect(made).toBeGreaterThan(50)
})

test('which rules disable chosen findings, and how many of them, is told exactly', {
  timeout: 200_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fleets,
      fc.array(disabledFilters, { minLength: 3, maxLength: 3 }),
      async (steps, filters) => {
        const { db, fleet, now } = await play(steps)
        const rules = inForce(fleet.rules, now())
        const all = fleet.images.flatMap(image => image.findings.map(finding => ({ image, finding, rules })))
        const disabledBy = ({ id, rule }: OracleRule) =>
          all.filter(
            ({ image, finding }) =>
              !finding.closed &&
              rulesFor(fleet, image, rules).holding.some(one => one.id === id) &&
              holdsFor(fleet, rule, finding.match),
          )
        for (const filter of filters) {
          const chosen = all.filter(one => chooses(filter, fleet, one))
          const expected = rules.flatMap(one => {
            const disabled = disabledBy(one)
            const findings = disabled.filter(each => chosen.includes(each)).length
            const disables = disabled.filter(({ finding }) => finding.match.class === 'security').length
            return findings === 0 ? [] : [{ id: one.id, scope: one.rule.scope, findings, disables }]
          })
          const told = disablingRules(db, { filter })
          expect(told.findings).toBe(chosen.length)
          expect(
            told.rules
              .map(({ id, scope, findings, disables }) => ({ id, scope, findings, disables }))
              .toSorted((a, b) => Number(a.id) - Number(b.id)),
          ).toEqual(expected.toSorted((a, b) => Number(a.id) - Number(b.id)))
        }
        db.$client.close()
      },
    ),
    { numRuns: 60 },
  )
})
