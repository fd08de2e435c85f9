import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { queryPlans } from '../testdata/query-plans.ts'
import { listScans, listScansOfImage } from './list.ts'
import { enqueue, fail, finish, lease } from './queue.ts'

const at = '2024-03-01T00:00:00.000Z'

function twoRegistries() {
  const db = openInMemory()
  ensureSubscription(db, { id: 's', name: 'S' }, at)
  for (const id of ['a', 'b']) {
    ensureRegistry(db, { id, subscriptionId: 's', name: id, kind: 'distribution', url: null }, at)
  }
  const ask = (registryId: string, number: number, trigger: 'push' | 'discovery') =>
    enqueue(
      db,
      { repositoryId: ensureRepository(db, registryId, 'r'), digest: madeDigest(number), trigger },
      at,
    )
  return { db, ask }
}

test('pages of scans hold what runs, what waits and what ended, each scan once', () => {
  const db = openInMemory()
  ensureSubscription(db, { id: 's', name: 'S' }, at)
  ensureRegistry(db, { id: 'r', subscriptionId: 's', name: 'r', kind: 'distribution', url: null }, at)
  const repositoryId = ensureRepository(db, 'r', 'team/api')
  for (let number = 1; number <= 12; number++) {
    enqueue(db, { repositoryId, digest: madeDigest(number), trigger: 'push' }, at)
  }
  for (let ended = 0; ended < 6; ended++) {
    const leased = lease(db, 'worker', new Date(at))
    if (leased !== null) finish(db, leased, 1, at)
  }
  lease(db, 'worker', new Date(at))
  lease(db, 'worker', new Date(at))

  const pages = [1, 2, 3, 4].map(page => listScans(db, { page, size: 5 }))
  expect(pages.map(({ total, queued, running }) => [total, queued, running])).toEqual(
    Array(4).fill([12, 4, 2]),
  )
  expect(pages.map(({ rows }) => rows.map(({ id }) => Number(id)))).toEqual([
    [8, 7, 12, 11, 10],
    [9, 6, 5, 4, 3],
    [2, 1],
    [],
  ])
})

test('scans of a registry that was removed are neither listed nor counted', () => {
  const { db, ask } = twoRegistries()
  for (const number of [1, 2]) ask('a', number, 'push')
  for (const number of [3, 4, 5]) ask('b', number, 'discovery')
  const ended = lease(db, 'worker', new Date(at))
  if (ended !== null) finish(db, ended, 1, at)
  lease(db, 'worker', new Date(at))
  db.$client.exec(`update registry set removed_at = '${at}' where id = 'a'`)
  const counted = { queued: 3, running: 0, total: 3, states: { queued: 3, running: 0, done: 0 } }
  const { rows, ...counts } = listScans(db, { page: 1, size: 5 })
  expect(counts).toMatchObject(counted)
  expect(rows.map(({ id }) => Number(id))).toEqual([5, 4, 3])
  expect(listScans(db, { page: 1, size: 5, registryId: 'a' })).toMatchObject({
    rows: [],
    total: 0,
    queued: 3,
  })
  expect(listScansOfImage(db, { registryId: 'a', repository: 'r', digest: madeDigest(1) })).toEqual([])
})

test('few among many are read from one index, and a page of many by going back from the newest', async () => {
  const { db, ask } = twoRegistries()
  for (let number = 1; number <= 40; number++) ask('a', number, 'discovery')
  ask('b', 1, 'push')
  const plansOf = async (chosen: object) =>
    (await queryPlans(db, () => listScans(db, { page: 1, size: 5, ...chosen }))).filter(step =>
      /^(SCAN|SEARCH) scan\b/.test(step),
    )
  const ofTurns = 'SEARCH scan USING COVERING INDEX scan_turn (state=? AND lane=?'
  // Counts of what is chosen, counts of what waits and runs, the newest id, the page.
  expect(await plansOf({ registryId: 'b' })).toEqual([
    `${ofTurns} AND registry_id=?)`,
    `${ofTurns})`,
    'SEARCH scan',
    `${ofTurns} AND registry_id=?)`,
  ])
  expect(await plansOf({ registryId: 'a', lane: 1 })).toEqual([`${ofTurns} AND registry_id=?)`, 'SCAN scan'])
})

test('a state, lane and registry choose among them, and the counts of states are of the lane and registry', () => {
  const { db, ask } = twoRegistries()
  ask('a', 1, 'push')
  const leased = lease(db, 'worker', new Date(at))
  if (leased !== null)
    fail(db, leased, { code: 'layer-corrupt', message: 'Broken.', hint: null }, new Date(at))
  ask('a', 2, 'push')
  ask('a', 3, 'discovery')
  ask('b', 4, 'discovery')
  const list = (chosen: object) => {
    const { rows, total, states } = listScans(db, { page: 1, size: 5, ...chosen })
    return { ids: rows.map(({ id }) => Number(id)), total, failed: states.failed, queued: states.queued }
  }
  expect(list({})).toEqual({ ids: [4, 3, 2, 1], total: 4, failed: 1, queued: 3 })
  expect(list({ state: 'failed' })).toEqual({ ids: [1], total: 1, failed: 1, queued: 3 })
  expect(list({ state: 'queued', lane: 1 })).toEqual({ ids: [4, 3], total: 2, failed: 0, queued: 2 })
  expect(list({ registryId: 'b' })).toEqual({ ids: [4], total: 1, failed: 0, queued: 1 })
})
