import { beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { ensureRepository } from '../intake/places.ts'
import { madeDigest, madeOccurrence } from '../testdata/fleet.ts'
import { queryPlans } from '../testdata/query-plans.ts'
import { listScans } from './list.ts'
import { enqueue, fail, finish, lease } from './queue.ts'
import { retryFailed } from './retry-failed.ts'

const now = new Date('2024-03-01T00:00:00.000Z')
const at = now.toISOString()
const corrupt = { code: 'layer-corrupt' as const, message: 'It is broken.', hint: null }
let db: Db
const heard: unknown[] = []
let woken = 0

beforeEach(() => {
  db = openInMemory()
  heard.length = 0
  woken = 0
})

const deps = () => {
  const events = createEventBus()
  events.subscribe(event => heard.push(event))
  return { db, events, viewer: { name: 'Ada' }, wakeRunner: () => (woken += 1) }
}

function scan(registry: string, number: number, outcome: 'failed' | 'done', lane: 0 | 1 = 1): void {
  const digest = madeDigest(number)
  madeOccurrence(db, { subscription: `sub-${registry}`, registry, digest })
  const repositoryId = ensureRepository(db, registry, 'team/api')
  enqueue(db, { repositoryId, digest, trigger: 'discovery', lane }, at)
  const leased = lease(db, 'w', now)
  if (leased?.digest !== digest) throw new Error('another scan was leased')
  if (outcome === 'failed') fail(db, leased, corrupt, now)
  else finish(db, leased, 1, at)
}

const queued = () =>
  listScans(db, { page: 1, size: 50, state: 'queued' }).rows.map(
    row => `${row.registryId} ${Number.parseInt(row.digest.slice(-4), 16)} ${row.lane} ${row.requestedBy}`,
  )

test('what failed and is current is asked for again in the background, in the name of who asks', async () => {
  scan('a', 1, 'failed')
  scan('a', 2, 'done')
  scan('b', 3, 'failed')
  expect(await retryFailed({}, deps())).toBe(2)
  expect(queued()).toEqual(['b 3 1 Ada', 'a 1 1 Ada'])
  expect(heard).toEqual([{ type: 'changed', what: 'images' }])
  expect(woken).toBe(1)
  // They wait already: the second time there is nothing left.
  expect(await retryFailed({}, deps())).toBe(0)
  expect(queued()).toHaveLength(2)
})

test('what was scanned since, went away or has its plan off is passed over', async () => {
  scan('a', 1, 'failed')
  scan('a', 1, 'done')
  scan('a', 2, 'failed')
  scan('a', 3, 'failed')
  scan('off', 4, 'failed')
  scan('gone', 5, 'failed')
  const update = (sql: string) => db.$client.exec(sql)
  update(`update occurrence set deleted_at = 'x' where digest = '${madeDigest(2)}'`)
  update(`update occurrence set superseded_at = 'x' where digest = '${madeDigest(3)}'`)
  update(`update subscription set plan = 'off' where id = 'sub-off'`)
  update(`update registry set removed_at = 'x' where id = 'gone'`)
  expect(await retryFailed({}, deps())).toBe(0)
  expect(queued()).toEqual([])
})

test('a registry or a lane chooses, and an image that failed twice is asked for once', async () => {
  scan('a', 1, 'failed')
  scan('a', 1, 'failed')
  scan('b', 2, 'failed', 0)
  expect(await retryFailed({ registryId: 'b', lane: 1 }, deps())).toBe(0)
  expect(await retryFailed({ lane: 0 }, deps())).toBe(1)
  expect(await retryFailed({ registryId: 'a' }, deps())).toBe(1)
  expect(queued().toSorted()).toEqual(['a 1 1 Ada', 'b 2 1 Ada'])
})

test('more than fit into one transaction are all asked for', async () => {
  for (let number = 1; number <= 450; number++) scan('a', number, 'failed')
  expect(await retryFailed({}, deps())).toBe(450)
  expect(listScans(db, { page: 1, size: 25, state: 'queued' }).total).toBe(450)
})

test('however many failed, each is looked up once', async () => {
  scan('a', 1, 'failed')
  const plans = await queryPlans(db, () => retryFailed({}, deps()))
  const scans = plans.filter(step => /^(SCAN|SEARCH) (scan|s|n)\b/.test(step))
  expect(scans).toEqual(
    expect.arrayContaining([
      'SEARCH scan USING COVERING INDEX scan_turn (state=? AND lane=? AND registry_id=? AND id>? AND id<?)',
      'SEARCH s USING INTEGER PRIMARY KEY (rowid=?)',
      'SEARCH n USING COVERING INDEX scan_image (repository_id=? AND digest=? AND id>?)',
    ]),
  )
  // Of the list one pass; where it is searched, it is so for each scan.
  expect(plans.filter(step => step.includes(' j ') && !step.startsWith('SCAN j'))).toEqual([])
  expect(plans.findIndex(step => step.startsWith('SCAN j'))).toBeLessThan(
    plans.indexOf('SEARCH s USING INTEGER PRIMARY KEY (rowid=?)'),
  )
})
