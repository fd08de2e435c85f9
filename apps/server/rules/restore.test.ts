import { newDisableRuleSchema } from '@plimsoll/types'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { countFindings } from '../findings/list.ts'
import { recordFindings } from '../findings/record.ts'
import { listCauses } from '../posture/score-causes.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { changeRule } from './change.ts'
import { createRule } from './create.ts'
import { deleteRule } from './delete.ts'
import { startRuleKeeper } from './keeper.ts'
import { findRule, listRevisions } from './list.ts'
import { restoreRules } from './restore.ts'
import type { RuleDeps } from './rule.ts'
import { findingTimeline } from './timeline.ts'

let db: Db
let time: number
let deps: RuleDeps
beforeEach(() => {
  db = openInMemory()
  time = Date.parse('2024-03-01T00:00:00.000Z')
  const base = { db, events: createEventBus(), log: pino({ level: 'silent' }), now: () => new Date(time) }
  deps = { ...base, rules: startRuleKeeper(base), viewer: { name: 'Ada' } }
  const image = madeOccurrence(db, { digest: madeDigest(1) })
  recordFindings(db, image, [madeMatch()], [], '2024-02-01T00:00:00.000Z')
})
afterEach(async () => await deps.rules.stop())

async function create(name: string, more: object = {}): Promise<string> {
  const scope = { kind: 'tenant', id: 'tenant' }
  const rule = newDisableRuleSchema.parse({ name, scope, criteria: { cves: ['CVE-2024-0001'] }, ...more })
  return (await createRule(rule, deps)).id
}
const disabled = () => countFindings(db, { status: 'disabled' })
const later = () => {
  time += 1000
}

test('a deleted rule comes back as it was and stays the same rule, in every account of it', async () => {
  const id = await create('Mine', { owner: 'Web team', justification: 'Because.' })
  later()
  await deleteRule(id, deps)
  expect(disabled()).toBe(0)
  later()
  expect(await restoreRules([id], deps)).toEqual({ restored: [id] })
  expect(disabled()).toBe(1)
  expect(findRule(db, id, new Date(time))).toMatchObject({
    id,
    name: 'Mine',
    owner: 'Web team',
    justification: 'Because.',
    disables: 1,
    status: 'active',
  })
  expect(listRevisions(db, id).map(({ end, endedBy }) => [end, endedBy])).toEqual([
    [null, null],
    ['deleted', 'Ada'],
  ])
  const causes = listCauses(db, '2024-03-01').map(({ kind, id: of }) => [kind, of])
  expect(causes).toEqual([
    ['rule-created', id],
    ['rule-deleted', id],
    ['rule-created', id],
  ])
  const told = findingTimeline(db, 1).map(event =>
    'rule' in event ? [event.kind, event.rule.isThere] : event.kind,
  )
  expect(told).toEqual(['first-seen', ['disabled', true], ['rule-lost', true], ['disabled', true]])
  await deleteRule(id, deps)
  expect(disabled()).toBe(0)
  expect(findRule(db, id, new Date(time))).toBeNull()
})

test('all come back or none, and what is there, never was or is over does not', async () => {
  const expiresAt = new Date(time + 5000).toISOString()
  const [lasting, short] = [await create('Lasting'), await create('Short', { expiresAt })]
  await expect(restoreRules([lasting], deps)).rejects.toThrow('Lasting is there already')
  await expect(restoreRules(['99'], deps)).rejects.toThrow('There is no disable rule 99.')
  await deleteRule(lasting, deps)
  await deleteRule(short, deps)
  time += 6000
  await expect(restoreRules([lasting, short], deps)).rejects.toThrow('expired already')
  expect(disabled()).toBe(0)
  expect(await restoreRules([lasting, lasting], deps)).toEqual({ restored: [lasting] })
  expect(disabled()).toBe(1)
})

test('that a rule had expired before it was renewed stays so when it is deleted', async () => {
  const id = await create('Mine', { expiresAt: new Date(time + 1000).toISOString() })
  later()
  await deps.rules.upToDate()
  const cves = { scope: { kind: 'tenant', id: 'tenant' }, criteria: { cves: ['CVE-2024-0001'] } }
  await changeRule({ ...newDisableRuleSchema.parse({ name: 'Mine', ...cves }), id }, deps)
  later()
  await deleteRule(id, deps)
  await restoreRules([id], deps)
  expect(listRevisions(db, id).map(({ end, endedBy }) => [end, endedBy])).toEqual([
    [null, null],
    ['deleted', 'Ada'],
    ['expired', null],
  ])
})
