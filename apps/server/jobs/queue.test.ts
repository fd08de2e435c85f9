import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { cancel } from './cancel.ts'
import { listScans } from './list.ts'
import { putBack, putBackAbandoned } from './put-back.ts'
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

describe('a request for what is being scanned', () => {
  const request = () =>
    enqueue(db, { repositoryId, digest: madeDigest(1), trigger: 'request', requestedBy: 'Ada' }, at)
  const scans = () =>
    listScans(db, { page: 1, size: 9 }).rows.map(one => [one.state, one.trigger, one.lane, one.requestedBy])
  const another = ['queued', 'request', 0, 'Ada']

  test('has it scanned once more afterwards, however often it is made', () => {
    ask(1, 'rescan')
    const leased = take()
    expect(request()).toEqual({ id: leased.id, isNew: false })
    request()
    finish(db, leased, 1, at)
    expect(scans()).toEqual([another, ['done', 'rescan', 1, null]])
  })

  test('does so as well when the scan failed, and is its next try when that waits', () => {
    ask(1, 'rescan')
    let leased = take()
    request()
    expect(fail(db, leased, timeout, start)).toBe('waits')
    expect(scans()).toEqual([another])
    leased = take('worker', later(4000))
    expect(leased).toMatchObject({ trigger: 'request', requestedBy: 'Ada' })
    finish(db, leased, 1, at)
    ask(1, 'push')
    leased = take()
    request()
    fail(db, leased, corrupt, start)
    expect(scans().slice(0, 2)).toEqual([another, ['failed', 'push', 0, null]])
  })

  test('is made good by a scan that was asked for the same way, and called off with it', () => {
    request()
    const leased = take()
    request()
    finish(db, leased, 1, at)
    expect(scans()).toHaveLength(1)
    ask(1, 'rescan')
    take()
    request()
    cancel(db, repositoryId, madeDigest(1), 'Called off.', at)
    expect(states()).toEqual(['cancelled', 'done'])
  })

  test('is the next try when the server is gone meanwhile', () => {
    ask(1, 'rescan')
    take()
    request()
    putBackAbandoned(db, start, true)
    expect(take()).toMatchObject({ trigger: 'request', requestedBy: 'Ada' })
  })
})

test('of an image that is scanned again and again the newest scans are kept', () => {
  for (let scan = 0; scan < 30; scan++) {
    ask(1)
    finish(db, take(), 1, at)
    ask(2)
    fail(db, take(), corrupt, start)
  }
  ask(1)
  const { rows } = listScans(db, { page: 1, size: 99 })
  const of = (number: number) => rows.filter(({ digest }) => digest === madeDigest(number))
  expect([of(1).length, of(2).length]).toEqual([20, 20])
  expect(rows[0]).toMatchObject({ id: '61', state: 'queued' })
})

test('a wait that a clock which was ahead began is no longer than any other', () => {
  ask(1)
  const ahead = later(10 * 365 * 24 * 60 * 60_000)
  expect(fail(db, take('worker', ahead), timeout, ahead)).toBe('waits')
  putBackAbandoned(db, start, false)
  expect(nextStart(db, start)).toBe(later(256_000).getTime())
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
