import { type NewDisableRule, newDisableRuleSchema, ruleListInputSchema } from '@plimsoll/types'
import pino from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { recordFindings } from '../findings/record.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { rulesAtPlaces } from './at-places.ts'
import { changeRule } from './change.ts'
import { createRule } from './create.ts'
import { deleteRule } from './delete.ts'
import { startRuleKeeper } from './keeper.ts'
import { listRules } from './list.ts'
import type { RuleDeps } from './rule.ts'

const day = 24 * 60 * 60_000

let db: Db
let time: number
let deps: RuleDeps
beforeEach(() => {
  db = openInMemory()
  time = Date.parse('2024-03-01T00:00:00.000Z')
  const base = { db, events: createEventBus(), log: pino({ level: 'silent' }), now: () => new Date(time) }
  deps = { ...base, rules: startRuleKeeper(base), viewer: { name: 'Ada' } }
  for (const [number, seenOn] of [
    [1, '2024-02-01'],
    [2, '2024-02-09'],
  ] as const) {
    const matches = [madeMatch(), madeMatch({ vulnerabilityId: `CVE-2024-100${number}` })]
    const image = madeOccurrence(db, { registry: `r${number}`, digest: madeDigest(number) })
    recordFindings(db, image, matches, [], `${seenOn}T00:00:00.000Z`)
  }
})

/** A second passes, so that no two rules are saved at the same time. */
async function create(
  name: string,
  { days = 30, ...rule }: { days?: number | null } & Record<string, unknown>,
) {
  time += 1000
  const expiresAt = days === null ? null : new Date(time + days * day).toISOString()
  const scope = { kind: 'tenant', id: 'tenant' }
  return await createRule(newDisableRuleSchema.parse({ name, scope, expiresAt, ...rule }), deps)
}

const both = { criteria: { cves: ['CVE-2024-0001'] } }
const listed = (input: object = {}) => listRules(db, ruleListInputSchema.parse(input), new Date(time))
const names = (input: object) => listed(input).rows.map(({ name }) => name)

test('rules are chosen by status, node and text, and each status is counted beside', async () => {
  await create('Both', { ...both, owner: 'Web team' })
  await create('One of them', { criteria: { cves: ['CVE-2024-1001'] }, days: 10 })
  await create('None', { criteria: { packages: ['log4j*'] }, scope: { kind: 'registry', id: 'r1' } })
  await create('Over', { ...both, days: 1 })
  time += 2 * day
  await deps.rules.upToDate()
  expect(listed()).toMatchObject({
    total: 4,
    byStatus: { active: 1, expiring: 1, expired: 1, stale: 1, overridden: 0, applying: 0 },
  })
  expect(names({ status: 'expiring' })).toEqual(['One of them'])
  expect(names({ status: 'overridden' })).toEqual([])
  expect(names({ scope: { kind: 'registry', ids: ['r2'] } })).toEqual(['Over', 'One of them', 'Both'])
  const ofRegistry = listed({ at: { kind: 'registry', id: 'r1' }, status: 'active' })
  expect(ofRegistry).toMatchObject({ rows: [], total: 0, byStatus: { stale: 1, active: 0 } })
  expect(names({ q: 'WEB' })).toEqual(['Both'])
  expect(names({ q: 'log4j' })).toEqual(['None'])
  expect(names({ q: 'cve-2024-0001' })).toEqual(['Over', 'Both'])
  // What stands in the stored form and is no text of anybody's.
  expect(names({ q: 'securityChecks' })).toEqual([])
  expect(names({ q: '%' })).toEqual([])
})

test('rules are ordered as asked, those without an end last, and come in pages', async () => {
  await create('rule 10', { ...both, days: 40 })
  await create('rule 9', { criteria: { cves: ['CVE-2024-1001'] }, days: null })
  await create('Rule 2', { criteria: { cves: ['CVE-2042-1'] }, days: 20 })
  expect(names({})).toEqual(['Rule 2', 'rule 9', 'rule 10'])
  expect(names({ sort: 'saved' })).toEqual(['rule 10', 'rule 9', 'Rule 2'])
  expect(names({ sort: 'name' })).toEqual(['Rule 2', 'rule 9', 'rule 10'])
  expect(names({ sort: '-name' })).toEqual(['rule 10', 'rule 9', 'Rule 2'])
  expect(names({ sort: '-disables' })).toEqual(['rule 10', 'rule 9', 'Rule 2'])
  expect(names({ sort: 'expires' })).toEqual(['Rule 2', 'rule 10', 'rule 9'])
  expect(names({ sort: '-expires' })).toEqual(['rule 10', 'Rule 2', 'rule 9'])
  for (let number = 0; number < 30; number += 1) await create(`more ${number}`, { ...both })
  const second = listed({ page: 2, size: 25 })
  expect([second.total, second.rows.length, second.rows.at(-1)?.name]).toEqual([33, 8, 'rule 10'])
  expect(listed({ page: 9, size: 25 }).rows).toEqual([])
})

test('a rule tells what it disables and when that was last new, without registries that were removed', async () => {
  const { id } = await create('Both', both)
  const rule = () => listed().rows.find(each => each.id === id)
  expect(rule()).toMatchObject({ disables: 2, lastMatchedAt: '2024-02-09T00:00:00.000Z' })
  db.$client.exec(`update registry set removed_at = '2024-03-01' where id = 'r2'`)
  expect(rule()).toMatchObject({ disables: 1, lastMatchedAt: '2024-02-01T00:00:00.000Z', status: 'active' })
  await changeRule({ ...newRule(rule()), criteria: newRule({ ...both }).criteria, id }, deps)
  expect(rule()).toMatchObject({ disables: 1 })
})

test('the tree is told of the rules at each node, few by name and all by number', async () => {
  for (let number = 1; number <= 6; number += 1) await create(`of all ${number}`, both)
  await create('of one', { ...both, scope: { kind: 'registry', id: 'r1', repository: 'team/*' } })
  await create('short', { ...both, days: 1 })
  const gone = await create('gone', both)
  await deleteRule(gone.id, deps)
  time += 2 * day
  expect(rulesAtPlaces(db, new Date(time))).toEqual([
    { kind: 'registry', id: 'r1', rules: 1, newest: [{ id: '7', name: 'of one' }] },
    {
      kind: 'tenant',
      id: 'tenant',
      rules: 6,
      newest: [6, 5, 4, 3].map(number => ({ id: String(number), name: `of all ${number}` })),
    },
  ])
})

const newRule = (rule: object | undefined): NewDisableRule =>
  newDisableRuleSchema.parse({ name: 'x', scope: { kind: 'tenant', id: 'tenant' }, ...rule })
