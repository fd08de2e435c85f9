import { beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { queryPlans } from '../testdata/query-plans.ts'
import { scanned } from '../testdata/scanned.ts'
import { cancelQueued, cancelScan } from './cancel.ts'
import { listScans } from './list.ts'
import { enqueue, type LeasedScan, lease, renew } from './queue.ts'
import { queueState } from './queue-state.ts'
import { requestScan, requestScans } from './request.ts'

const now = new Date('2024-03-01T00:00:00.000Z')
const at = now.toISOString()
let db: Db

beforeEach(() => {
  db = openInMemory()
  for (const id of ['a', 'b', 'c']) registry(id)
})

function registry(id: string): void {
  ensureSubscription(db, { id: `sub-${id}`, name: id }, at)
  ensureRegistry(db, { id, subscriptionId: `sub-${id}`, name: id, kind: 'distribution', url: null }, at)
}
const ask = (registryId: string, number: number, trigger: LeasedScan['trigger'] = 'discovery') =>
  enqueue(
    db,
    { repositoryId: ensureRepository(db, registryId, 'r'), digest: madeDigest(number), trigger },
    at,
  ).id
const take = (backgroundFirst = false) => {
  const leased = lease(db, 'w', now, backgroundFirst)
  return leased === null ? null : `${leased.registryId}${Number.parseInt(leased.digest.slice(-4), 16)}`
}
const takeAll = () => {
  const taken: string[] = []
  for (let one = take(); one !== null; one = take()) taken.push(one)
  return taken
}
const deps = () => ({ db, events: createEventBus(), viewer: { name: 'Ada' }, wakeRunner: () => undefined })

test('registries take turns within a lane, each in the order of asking', () => {
  for (const number of [1, 2, 3, 4]) ask('a', number)
  for (const number of [1, 2]) ask('b', number)
  ask('c', 1)
  expect(takeAll()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

test('a registry that had its turn in one lane waits for its next in the other', () => {
  ask('a', 1, 'push')
  ask('a', 2)
  ask('b', 1)
  expect(takeAll()).toEqual(['a1', 'b1', 'a2'])
})

test('the background comes first when it is its turn, and people where it has nothing', () => {
  ask('a', 1, 'push')
  ask('a', 2, 'import')
  ask('b', 1)
  expect([take(true), take(true), take(true)]).toEqual(['b1', 'a1', 'a2'])
})

test('nothing is taken where the plan is off, or of a registry that was removed', () => {
  for (const id of ['a', 'b', 'c']) ask(id, 1, 'push')
  db.$client.exec(
    `update subscription set plan = 'off' where id = 'sub-a'; update registry set removed_at = '${at}' where id = 'b'`,
  )
  expect(takeAll()).toEqual(['c1'])
})

test('100,000 scans that wait in 50 registries cost a lease next to nothing', () => {
  const number = 2000
  for (let index = 0; index < 50; index++) registry(`r${index}`)
  for (let index = 0; index < 50; index++) {
    const repositoryId = ensureRepository(db, `r${index}`, 'r')
    db.$client
      .prepare(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${number})
         insert into scan (repository_id, registry_id, digest, trigger, lane, state, queued_at)
         select ?, ?, 'sha256:' || i, 'discovery', 1, 'queued', ? from n`,
      )
      .run(repositoryId, `r${index}`, at)
  }
  lease(db, 'w', now)
  const started = performance.now()
  const taken = Array.from({ length: 100 }, () => lease(db, 'w', now)?.registryId)
  const ms = (performance.now() - started) / 100
  expect(new Set(taken.slice(0, 50)).size).toBe(50)
  // 0.15 ms on a quiet machine; a look at every scan would take 20.
  expect(ms).toBeLessThan(10)
  expect(queueState(db, 2)).toMatchObject({ queued: { people: 0, background: 99_899 }, running: 101 })
})

test('a scan that waits or runs is cancelled by name, one that ended is not', () => {
  const id = ask('a', 1)
  const leased = lease(db, 'w', now)
  if (leased === null) throw new Error('nothing waits')
  expect(cancelScan(id, deps())).toMatchObject({
    state: 'cancelled',
    error: { message: 'Cancelled by Ada.' },
  })
  expect(() => renew(db, leased, now)).toThrow(/no longer leased/)
  expect(() => cancelScan(id, deps())).toThrow(/ended already/)
  expect(() => cancelScan(99, deps())).toThrow(/no such scan/)
})

test('all that waits is cancelled, of a registry or a lane alone where that is said', async () => {
  ask('a', 1, 'push')
  ask('a', 2, 'reader-changed')
  ask('b', 1)
  expect(await cancelQueued({ registryId: 'a', lane: 1 }, deps())).toBe(1)
  expect(await cancelQueued({ lane: 0 }, deps())).toBe(1)
  const waits = (filter: object) => listScans(db, { page: 1, size: 9, ...filter }).total
  expect([waits({ state: 'queued' }), waits({ state: 'cancelled' }), waits({ registryId: 'b' })]).toEqual([
    1, 2, 1,
  ])
  expect(await cancelQueued({}, deps())).toBe(1)
})

test('who asks for scans stands with them; a whole registry is asked for behind what people wait for', async () => {
  const repositoryId = ensureRepository(db, 'a', 'r')
  for (const number of [1, 2, 3]) scanned(db, repositoryId, madeDigest(number))
  expect(await requestScans({ registryId: 'a' }, deps())).toBe(3)
  expect(await requestScans({ registryId: 'a', repository: 'r' }, deps())).toBe(3)
  const name = { registryId: 'a', repository: 'r', digest: madeDigest(3) }
  expect(requestScan(name, deps())).toMatchObject({ lane: 0, requestedBy: 'Ada', trigger: 'request' })
  expect(queueState(db, 2)).toMatchObject({
    queued: { people: 1, background: 2 },
    oldestQueuedAt: expect.any(String),
    byRegistry: [{ registryId: 'a', registryName: 'a', queued: 3, running: 0 }],
  })
  await expect(requestScans({ registryId: 'a', repository: 'none' }, deps())).rejects.toThrow(
    /no repository none/,
  )
  await expect(requestScans({ registryId: 'none' }, deps())).rejects.toThrow(/no such registry/)
  db.$client.exec(`update subscription set plan = 'off'`)
  expect(() => requestScan(name, deps())).toThrow(/plan of this registry’s subscription is off/)
  await expect(requestScans({ registryId: 'a' }, deps())).rejects.toThrow(/is off/)
})

test('a registry is gone over repository by repository, from where the last images ended', async () => {
  const at = (repository: string, numbers: readonly number[]) => {
    const id = ensureRepository(db, 'a', repository)
    for (const number of numbers) ensureOccurrence(db, id, madeDigest(number), now.toISOString())
  }
  at(
    'large',
    Array.from({ length: 450 }, (_, number) => number),
  )
  at('none', [])
  at('small', [1, 2, 3])
  at('gone', [4, 5])
  db.$client.exec(
    `update occurrence set superseded_at = 'x' where digest = '${madeDigest(2)}';
     update occurrence set deleted_at = 'x' where digest in ('${madeDigest(4)}', '${madeDigest(5)}')`,
  )
  const asked: number[] = []
  const plans = await queryPlans(db, async () => asked.push(await requestScans({ registryId: 'a' }, deps())))
  expect(asked).toEqual([447 + 2])
  expect(db.$client.prepare(`select count(*) from scan where state = 'queued'`).pluck().get()).toBe(449)
  expect(plans).toContain('SEARCH occurrence USING INDEX occurrence_digest (repository_id=? AND digest>?)')
  expect(plans.filter(step => step.includes('TEMP B-TREE'))).toEqual([])
})
