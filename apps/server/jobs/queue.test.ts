import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { cancel } from './cancel.ts'
import { listScans } from './list.ts'
import {
  enqueue,
  fail,
  finish,
  type LeasedScan,
  LeaseLost,
  lease,
  leaseMs,
  maxAttempts,
  nextStart,
  putBack,
  putBackAbandoned,
  renew,
} from './queue.ts'

let db: Db
let repositoryId: number
const start = new Date('2024-03-01T00:00:00.000Z')
const at = start.toISOString()
const later = (ms: number): Date => new Date(start.getTime() + ms)

beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  repositoryId = ensureRepository(db, 'reg', 'team/api')
})

const ask = (number: number, trigger: LeasedScan['trigger'] = 'push') =>
  enqueue(db, { repositoryId, digest: madeDigest(number), trigger }, at)
const take = (owner = 'worker', now = start): LeasedScan => {
  const leased = lease(db, owner, now)
  if (leased === null) throw new Error('nothing waits')
  return leased
}
const states = () => listScans(db, { page: 1, size: 50 }).rows.map(scan => scan.state)
const timeout = { code: 'registry-timeout' as const, message: 'It said nothing.', hint: null }
const corrupt = { code: 'layer-corrupt' as const, message: 'It is broken.', hint: null }

test('a digest that waits or is being scanned is not asked for twice, one that ended is', () => {
  expect(ask(1)).toEqual({ id: 1, isNew: true })
  expect(ask(1)).toEqual({ id: 1, isNew: false })
  const leased = take()
  expect(ask(1)).toEqual({ id: 1, isNew: false })
  finish(db, leased, 3, at)
  expect(ask(1)).toEqual({ id: 2, isNew: true })
})

test('what people wait for is taken before what is done in the background, each in its order', () => {
  for (const [number, trigger] of [
    [1, 'discovery'],
    [2, 'demonstration'],
    [3, 'push'],
    [4, 'request'],
  ] as const) {
    ask(number, trigger)
  }
  expect([take(), take(), take(), take()].map(({ digest }) => digest)).toEqual([3, 4, 1, 2].map(madeDigest))
  expect(lease(db, 'worker', start)).toBeNull()
})

test('what waits in the background is taken first once a person asks for it', () => {
  ask(1, 'discovery')
  ask(2, 'discovery')
  ask(2, 'request')
  expect(take()).toMatchObject({ digest: madeDigest(2), trigger: 'request' })
})

describe('a lease', () => {
  test('is one worker’s alone, and ends with its time', () => {
    ask(1)
    const first = take('first')
    expect(lease(db, 'second', later(leaseMs - 1))).toBeNull()
    putBackAbandoned(db, later(leaseMs - 1), false)
    expect(states()).toEqual(['running'])
    putBackAbandoned(db, later(leaseMs + 1), false)
    const second = take('second', later(leaseMs + 1))
    expect(second).toMatchObject({ id: first.id, attempts: 2 })
    expect(() => renew(db, first, later(leaseMs + 2))).toThrow(LeaseLost)
    expect(() => finish(db, first, 1, at)).toThrow(LeaseLost)
    expect(() => fail(db, first, corrupt, start)).toThrow(LeaseLost)
    expect(states()).toEqual(['running'])
  })

  test('lasts as long as it is renewed', () => {
    ask(1)
    const leased = take()
    renew(db, leased, later(leaseMs - 1))
    putBackAbandoned(db, later(leaseMs + 1), false)
    expect(states()).toEqual(['running'])
  })

  test('of a server that is gone ends at the next start', () => {
    ask(1)
    take()
    putBackAbandoned(db, later(1), true)
    expect(take('next').attempts).toBe(2)
  })

  test('is lost when the scan is called off', () => {
    ask(1)
    const leased = take()
    cancel(db, repositoryId, leased.digest, 'The image was deleted.', at)
    expect(() => renew(db, leased, start)).toThrow(LeaseLost)
    expect(states()).toEqual(['cancelled'])
  })
})

test('a scan that kills its server each time is given up with a sentence', () => {
  ask(1)
  for (let start = 1; start <= maxAttempts; start++) {
    expect(take().attempts).toBe(start)
    putBackAbandoned(db, later(1), true)
  }
  const [scan] = listScans(db, { page: 1, size: 50 }).rows
  expect(scan).toMatchObject({ state: 'failed', error: { code: 'internal' } })
  expect(scan?.error?.message).toMatch(/started 5 times/)
})

test('a scan that is put back because the server stops has not been tried', () => {
  ask(1)
  putBack(db, take())
  expect(take().attempts).toBe(1)
})

describe('an error', () => {
  test('that may pass is tried again, after longer and longer waits, and not for ever', () => {
    ask(1)
    const waits: number[] = []
    let now = start
    for (let attempt = 1; attempt < maxAttempts; attempt++) {
      expect(fail(db, take('worker', now), timeout, now)).toBe('waits')
      expect(lease(db, 'worker', now)).toBeNull()
      const next = nextStart(db, now) ?? 0
      waits.push(next - now.getTime())
      now = new Date(next)
    }
    expect(waits).toEqual([4000, 16_000, 64_000, 256_000])
    expect(fail(db, take('worker', now), timeout, now)).toBe('ended')
    expect(states()).toEqual(['failed'])
  })

  test('that will not pass ends the scan', () => {
    ask(1)
    expect(fail(db, take(), corrupt, start)).toBe('ended')
    expect(states()).toEqual(['failed'])
  })

  test('waits no longer when the scan is asked for again', () => {
    ask(1)
    fail(db, take(), timeout, start)
    ask(1, 'request')
    expect(take().attempts).toBe(2)
  })
})
