import pino from 'pino'
import { expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { concurrencyOf, setConcurrency } from '../settings/concurrency.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { until } from '../testdata/server-process.ts'
import { cancelScan } from './cancel.ts'
import { listScans } from './list.ts'
import { enqueue } from './queue.ts'
import { startRunner } from './runner.ts'

const at = '2024-03-01T00:00:00.000Z'

/** A registry that never answers. @returns how many wait for it. */
function hanging(): { sources: never; waiting: () => number } {
  let waiting = 0
  const resolve = async (_: unknown, signal: AbortSignal) => {
    waiting += 1
    await new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    )
  }
  const resolved = (...given: [unknown, AbortSignal]) => resolve(...given).finally(() => (waiting -= 1))
  return { sources: { open: () => ({ resolve: resolved }) } as never, waiting: () => waiting }
}

const running = (db: Db) => listScans(db, { page: 1, size: 9 }).running

test('how many run at a time is changed while they run, and one that is cancelled ends at once', async () => {
  const db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  const repositoryId = ensureRepository(db, 'reg', 'r')
  const ids = [1, 2, 3, 4].map(
    number => enqueue(db, { repositoryId, digest: madeDigest(number), trigger: 'push' }, at).id,
  )
  const { sources, waiting } = hanging()
  const log = pino({ level: 'silent' })
  const events = createEventBus()
  const runner = startRunner({ db, events, log, sources, rematch: () => undefined }, () => concurrencyOf(db))
  const deps = { db, events, log, viewer: { name: 'Ada' }, wakeRunner: runner.wake }

  setConcurrency(1, deps)
  expect(concurrencyOf(db)).toBe(1)
  setConcurrency(3, deps)
  expect(running(db)).toBe(3)
  await until('three are asked for', () => waiting() === 3)

  cancelScan(ids[0] ?? 0, deps)
  await until('the next takes its place', () => running(db) === 3 && waiting() === 3)
  expect(listScans(db, { page: 1, size: 9, state: 'cancelled' }).total).toBe(1)

  setConcurrency(1, deps)
  expect(running(db)).toBe(3)
  await runner.stop()
  expect(listScans(db, { page: 1, size: 9, state: 'queued' }).total).toBe(3)
})
