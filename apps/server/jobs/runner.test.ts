import { setImmediate } from 'node:timers/promises'
import { SourceError } from '@plimsoll/engine'
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
import { enqueue, type ScanAsked } from './queue.ts'
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

/** A database with an empty repository. */
function empty(): { db: Db; ask: (number: number, trigger: ScanAsked['trigger']) => number } {
  const db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  const repositoryId = ensureRepository(db, 'reg', 'r')
  return {
    db,
    ask: (number, trigger) => enqueue(db, { repositoryId, digest: madeDigest(number), trigger }, at).id,
  }
}

const running = (db: Db) => listScans(db, { page: 1, size: 9 }).running

test('how many run at a time is changed while they run, and one that is cancelled ends at once', async () => {
  const { db, ask } = empty()
  const ids = [1, 2, 3, 4].map(number => ask(number, 'push'))
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

/** Each scan ends at once; @returns in which order they began, `p` for what was pushed and `b` for the background. */
function recording(began: (order: string) => Promise<void> | void): { sources: never; order: () => string } {
  let order = ''
  const open = (_place: unknown, digest: string) => ({
    resolve: async () => {
      order += pushed.has(digest) ? 'p' : 'b'
      await began(order)
      // As any registry it leaves the others their turn.
      await setImmediate()
      throw new SourceError('manifest-invalid', 'It is no image.')
    },
  })
  return { sources: { open } as never, order: () => order }
}
const pushed = new Set<string>()

test('while pushes never cease, one start of ten is the background’s', async () => {
  const { db, ask } = empty()
  let number = 0
  const push = (): void => {
    number += 1
    pushed.add(madeDigest(number))
    ask(number, 'push')
  }
  for (let waits = 0; waits < 4; waits++) ask(9000 + waits, 'discovery')
  for (let waits = 0; waits < 3; waits++) push()
  // For each that begins another comes in.
  const { sources, order } = recording(push)
  const deps = { db, events: createEventBus(), log: pino({ level: 'silent' }), sources }
  const runner = startRunner({ ...deps, rematch: () => undefined }, () => 1)
  await until('the background had its turns', () => order().split('b').length > 4)
  await runner.stop()
  expect(order().slice(0, 40)).toBe('pppppppppb'.repeat(4))
})

test('a push overtakes a background that is full, even in the middle of it', async () => {
  const { db, ask } = empty()
  for (let waits = 0; waits < 500; waits++) ask(9000 + waits, 'discovery')
  const { promise, resolve } = Promise.withResolvers<void>()
  const { sources, order } = recording(began => (began.length === 20 ? promise : undefined))
  const deps = { db, events: createEventBus(), log: pino({ level: 'silent' }), sources }
  const runner = startRunner({ ...deps, rematch: () => undefined }, () => 1)
  await until('some of it is done', () => order().length === 20)
  pushed.add(madeDigest(1)).add(madeDigest(2))
  ask(1, 'push')
  ask(2, 'import')
  resolve()
  await until('it goes on', () => order().length > 25)
  await runner.stop()
  expect(order().slice(0, 25)).toBe(`${'b'.repeat(20)}ppbbb`)
})
