import { newDisableRuleSchema } from '@plimsoll/types'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { countFindings } from '../findings/list.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository } from '../intake/places.ts'
import { createRule } from '../rules/create.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { until } from '../testdata/server-process.ts'
import { changeRegistry } from './change.ts'
import { recountLeft, startRecounter } from './recount.ts'
import { removeRegistry } from './remove.ts'
import { type TestConnections, testConnections } from './testdata/connections.ts'

const by = { name: 'Ada' }
const at = '2024-03-01T00:00:00.000Z'
const images = 6
let deps: TestConnections

/** A registry of two repositories with three images each, and a rule elsewhere that holds for all their findings. */
beforeEach(() => {
  deps = testConnections()
  const url = 'https://moving.example'
  ensureRegistry(
    deps.db,
    { id: 'moving', subscriptionId: 'main', name: 'moving', kind: 'distribution', url },
    at,
  )
  for (let number = 1; number <= images; number++) {
    const repository = ensureRepository(deps.db, 'moving', `team/${number % 2}`)
    ensureOccurrence(deps.db, repository, madeDigest(number), at)
    scanned(deps.db, repository, madeDigest(number), { matches: [madeMatch()] })
  }
  const rule = { subscriptionId: 'other', name: 'This one', criteria: { cves: ['CVE-2024-0001'] } }
  createRule(newDisableRuleSchema.parse(rule), { ...deps, viewer: by })
})
afterEach(() => vi.restoreAllMocks())

/** Each look at the clock finds the time of a transaction used up. */
function hurry(): void {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
}
const counts = () => [
  countFindings(deps.db, { status: 'open' }),
  countFindings(deps.db, { status: 'disabled' }),
]
const move = (subscriptionId: string) => changeRegistry({ registryId: 'moving', subscriptionId }, deps, by)
const left = async () => await recountLeft(deps.db, new AbortController().signal)
const noted = () => deps.db.$client.prepare('select recount_from from registry').pluck().get()

test('a registry that moves is counted anew at once', async () => {
  move('other')
  expect(counts()).toEqual([0, images])
  expect([noted(), await left()]).toEqual([null, 0])
})

test('what takes longer than a transaction may is noted, and done bit by bit', async () => {
  hurry()
  move('other')
  expect(counts()).toEqual([images, 0])
  expect(noted()).not.toBeNull()
  const ending = new AbortController()
  const broken = recountLeft(deps.db, ending.signal)
  ending.abort()
  expect(await broken).toBe(0)
  expect(await left()).toBe(1)
  expect(counts()).toEqual([0, images])
  expect([noted(), await left()]).toEqual([null, 0])
})

test('one that moves back meanwhile is counted from its start', async () => {
  hurry()
  move('other')
  move('main')
  expect(await left()).toBe(1)
  expect(counts()).toEqual([images, 0])
})

test('one that is removed meanwhile is let be', async () => {
  hurry()
  move('other')
  removeRegistry('moving', deps, by)
  expect(await left()).toBe(0)
})

test('the next start goes on, and tries again what failed', async () => {
  hurry()
  move('other')
  vi.restoreAllMocks()
  const { db, events } = deps
  const told: string[] = []
  events.subscribe(event => void told.push(event.type === 'changed' ? event.what : event.type))
  db.$client.exec(`create trigger full before insert on posture begin select raise(abort, 'disk full'); end`)
  const recounter = startRecounter(deps, { retryMs: 5 })
  await until('it failed', () => deps.logged().includes('could not be counted'))
  db.$client.exec('drop trigger full')
  await until('it is counted', () => told.includes('findings'))
  expect(counts()).toEqual([0, images])
  await recounter.stop()
})
