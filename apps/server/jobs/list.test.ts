import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { listScans } from './list.ts'
import { enqueue, finish, lease } from './queue.ts'

test('pages of scans hold what runs, what waits and what ended, each scan once', () => {
  const db = openInMemory()
  const at = '2024-03-01T00:00:00.000Z'
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
