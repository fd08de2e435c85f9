import pino from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { enqueue, lease } from '../jobs/queue.ts'
import { madeDigest, madeOccurrence } from '../testdata/fleet.ts'
import { queryPlans } from '../testdata/query-plans.ts'
import { cancelWherePlanIsOff } from './cancel-scans.ts'
import { configurePlan } from './configure.ts'
import { isPlanOn, mayScan, planOf } from './plan.ts'
import { type PlanDeps, setPlan } from './set-plan.ts'

const at = '2026-11-01T00:00:00.000Z'
let db: Db
let woken: string[]
let deps: PlanDeps
beforeEach(() => {
  db = openInMemory()
  woken = []
  deps = {
    db,
    events: createEventBus(),
    log: pino({ level: 'silent' }),
    viewer: { name: 'Ada' },
    wakeRunner: () => undefined,
    reconciler: { wake: id => woken.push(id) > 0 },
  }
  madeOccurrence(db, { subscription: 'a', registry: 'ra', digest: madeDigest(1) })
  madeOccurrence(db, { subscription: 'b', registry: 'rb', digest: madeDigest(1) })
})

const repositoryOf = (registryId: string): number =>
  db.$client.prepare('select id from repository where registry_id = ?').pluck().get(registryId) as number
const ask = (registryId: string, digest: number): number =>
  enqueue(db, { repositoryId: repositoryOf(registryId), digest: madeDigest(digest), trigger: 'push' }, at).id
const scan = (id: number) =>
  db.$client.prepare('select state, error_message message from scan where id = ?').get(id) as {
    state: string
    message: string | null
  }

test('off: what waits and runs is cancelled with a sentence, elsewhere nothing is', async () => {
  const many = Array.from({ length: 1203 }, (_, number) => ask('ra', number + 10))
  const elsewhere = ask('rb', 10)
  const running = lease(db, 'worker', new Date())
  expect(running?.id).toBe(many[0])
  expect(await setPlan({ id: 'a', plan: 'off' }, deps)).toMatchObject({
    plan: 'off',
    planChangedBy: 'Ada',
    effectiveTriggers: [],
  })
  const cancelled = { state: 'cancelled', message: 'The plan of this subscription is off.' }
  expect(new Set(many.map(id => JSON.stringify(scan(id))))).toEqual(new Set([JSON.stringify(cancelled)]))
  expect(scan(elsewhere).state).toBe('queued')
  expect([isPlanOn(db, 'ra'), mayScan(db, 'ra', 'push'), mayScan(db, 'rb', 'push')]).toEqual([
    false,
    false,
    true,
  ])
  expect(woken).toEqual([])
})

test('off: of the scans only those that wait or run are looked at, however many have ended', async () => {
  const plans = await queryPlans(db, () => cancelWherePlanIsOff(db, deps.events))
  expect(plans).toContain('SEARCH s USING COVERING INDEX scan_turn (state=? AND lane=? AND registry_id=?)')
  expect(plans.filter(step => step.includes(' scan ') || step.includes(' s '))).toHaveLength(2)
})

test('on: its registries are gone over, and the demonstration is scanned as it was to be', async () => {
  db.$client.exec(`update registry set kind = 'demonstration' where id = 'ra'`)
  const sample = madeOccurrence(db, { subscription: 'a', registry: 'ra', digest: madeDigest(2) })
  db.$client.prepare(`update occurrence set coverage_status = 'not-scanned' where id = ?`).run(sample)
  ask('ra', 2)
  await setPlan({ id: 'a', plan: 'off' }, deps)
  const changedAt = (await setPlan({ id: 'a', plan: 'on' }, deps)).planChangedAt
  expect(woken).toEqual(['ra'])
  const queued = db.$client.prepare(`select digest, trigger from scan where state = 'queued'`).all()
  expect(queued).toEqual([{ digest: madeDigest(2), trigger: 'demonstration' }])
  // Turning on what is on changes nothing.
  expect((await setPlan({ id: 'a', plan: 'on' }, deps)).planChangedAt).toBe(changedAt)
  expect(woken).toEqual(['ra'])
  await expect(setPlan({ id: 'gone', plan: 'on' }, deps)).rejects.toThrow('There is no subscription gone.')
})

test('settings change one by one, and a cloud that knows pushes alone has no other trigger', () => {
  const triggers = { push: false, pull: true, import: true, running: false }
  expect(configurePlan({ id: 'a', settings: { triggers, rescanEveryDays: 1 } }, deps)).toMatchObject({
    cloud: 'commercial',
    rescanEveryDays: 1,
    scanLimitMinutes: 40,
    effectiveTriggers: ['pull', 'import'],
  })
  expect(woken).toEqual([])
  expect(configurePlan({ id: 'a', settings: { cloud: 'china' } }, deps)).toMatchObject({
    triggers,
    effectiveTriggers: [],
  })
  expect(planOf(db, 'ra')).toMatchObject({
    subscriptionId: 'a',
    plan: 'on',
    effective: [],
    rescanEveryDays: 1,
  })
  configurePlan({ id: 'a', settings: { triggers: { ...triggers, push: true } } }, deps)
  expect([mayScan(db, 'ra', 'push'), mayScan(db, 'ra', 'pull'), woken]).toEqual([true, false, ['ra']])
  expect([planOf(db, 'gone'), mayScan(db, 'gone', 'push')]).toEqual([null, false])
})
