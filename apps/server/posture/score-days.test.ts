import { newDisableRuleSchema } from '@plimsoll/types'
import pino from 'pino'
import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { recordFindings } from '../findings/record.ts'
import { createRule } from '../rules/create.ts'
import { deleteRule } from '../rules/delete.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { heavyReadsInline } from './heavy-reads.ts'
import { noteCause } from './score-causes.ts'
import { startScoreDays } from './score-days.ts'
import { scoreTrend } from './score-trend.ts'

const day = 24 * 60 * 60_000

async function started() {
  const db = openInMemory()
  const clock = { time: Date.parse('2024-03-01T10:00:00.000Z') }
  const now = (): Date => new Date(clock.time)
  const log = pino({ level: 'silent' })
  const rules = startRuleKeeper({ db, events: createEventBus(), log, now })
  const days = startScoreDays({ db, heavyReads: heavyReadsInline(db), rules, log, now })
  const image = (number: number, registry: string, subscription: string, matches = [madeMatch()]): void => {
    const id = madeOccurrence(db, { subscription, registry, digest: madeDigest(number) })
    recordFindings(db, id, matches, [], now().toISOString())
  }
  const trend = (length = 30) => scoreTrend(db, { days: length, today: now().toISOString().slice(0, 10) })
  const deps = { db, events: createEventBus(), log, rules, viewer: { name: 'Ada' }, now }
  await days.take()
  return {
    db,
    clock,
    now,
    days,
    image,
    trend,
    deps,
    rules,
    stop: async () => {
      await days.stop()
      await rules.stop()
    },
  }
}

test('a day keeps what held when it was last looked at, and today is what holds now', async () => {
  const { clock, days, image, trend, stop } = await started()
  image(1, 'r1', 's1')
  image(2, 'r2', 's2', [])
  await days.take()
  clock.time += day
  expect(trend().points).toMatchObject([
    { day: '2024-03-01', score: { current: 3, max: 6, percentage: 0.5 }, open: { High: 1 }, fixable: 1 },
    { day: '2024-03-02', score: { current: 3 }, images: { unhealthy: 1, healthy: 1 } },
  ])
  image(1, 'r1', 's1', [])
  expect(trend().points.map(({ score }) => score.current)).toEqual([3, 6])
  await days.take()
  image(3, 'r1', 's1')
  clock.time += 3 * day
  // Two days without a server are not made up.
  expect(trend().points.map(point => [point.day, point.score.current])).toEqual([
    ['2024-03-01', 3],
    ['2024-03-02', 6],
    ['2024-03-05', 3],
  ])
  expect(trend(4).points.map(point => point.day)).toEqual(['2024-03-02', '2024-03-05'])
  await stop()
})

test('a subscription that has no registry any more is not in the rest of the day', async () => {
  const { db, days, image, stop } = await started()
  image(1, 'r1', 's1')
  await days.take()
  db.$client.exec(`update registry set removed_at = '2024-03-01T12:00:00.000Z'`)
  await days.take()
  expect(db.$client.prepare('select count(*) from score_snapshot').pluck().get()).toBe(0)
  await stop()
})

test('a rule that ended while everything slept does not stand in the snapshot after it', async () => {
  const { clock, days, image, trend, deps, stop } = await started()
  image(1, 'r1', 's1')
  const expiresAt = new Date(clock.time + day).toISOString()
  await createRule(rule({ expiresAt }), deps)
  await days.take()
  clock.time += 2 * day
  await days.take()
  clock.time += day
  expect(trend().points.map(({ score, disabled }) => [score.current, disabled])).toEqual([
    [6, 1],
    [0, 0],
    [0, 0],
  ])
  await stop()
})

test('a year is kept', async () => {
  const { db, clock, days, image, stop } = await started()
  image(1, 'r1', 's1')
  noteCause(db, { at: '2024-03-01T00:00:00.000Z', kind: 'plan-on', id: 's1', name: 's1', by: 'Ada' })
  const kept = () =>
    db.$client
      .prepare('select (select count(*) from score_snapshot), (select count(*) from score_cause)')
      .raw()
      .get()
  await days.take()
  clock.time += 366 * day
  await days.take()
  expect(kept()).toEqual([2, 1])
  clock.time += day
  await days.take()
  expect(kept()).toEqual([2, 0])
  await stop()
})

test('causes are told in their order, rules by what became of them', async () => {
  const { db, clock, now, trend, deps, rules, stop } = await started()
  const causes = () => trend().causes.map(({ kind, name, id, by }) => [kind, name, id, by])
  madeOccurrence(db, { registry: 'r1', digest: madeDigest(1) })
  noteCause(db, { at: now().toISOString(), kind: 'registry-connected', id: 'r1', name: 'One', by: 'Joan' })
  clock.time += 1000
  const first = (await createRule(rule({ name: 'First' }), deps)).id
  clock.time += 1000
  await createRule(rule({ name: 'Second', expiresAt: new Date(clock.time + 1000).toISOString() }), deps)
  clock.time += 2000
  await rules.upToDate()
  await deleteRule(first, { ...deps, viewer: { name: 'Grace' } })
  // What is gone leads nowhere.
  expect(causes()).toEqual([
    ['registry-connected', 'One', 'r1', 'Joan'],
    ['rule-created', 'First', null, 'Ada'],
    ['rule-created', 'Second', '2', 'Ada'],
    ['rule-expired', 'Second', '2', null],
    ['rule-deleted', 'First', null, 'Grace'],
  ])
  await deleteRule('2', { ...deps, viewer: { name: 'Grace' } })
  db.$client.exec(`update registry set removed_at = '2024-03-01T12:00:00.000Z'`)
  expect(causes()).toEqual([
    ['registry-connected', 'One', null, 'Joan'],
    ['rule-created', 'First', null, 'Ada'],
    ['rule-created', 'Second', null, 'Ada'],
    ['rule-expired', 'Second', null, null],
    ['rule-deleted', 'First', null, 'Grace'],
  ])
  clock.time += 2 * day
  expect(trend(2).causes).toEqual([])
  await stop()
})

const rule = (more: object) =>
  newDisableRuleSchema.parse({
    name: 'A rule',
    scope: { kind: 'tenant', id: 'tenant' },
    criteria: { cves: ['CVE-2024-0001'] },
    ...more,
  })
