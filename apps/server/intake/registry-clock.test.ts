import fc from 'fast-check'
import { expect, test } from 'vitest'
import { madeDigest } from '../testdata/fleet.ts'
import type { RegistryEvent } from './event.ts'
import { createSetBack } from './registry-clock.ts'

const hour = 3_600_000
const start = Date.parse('2026-03-04T12:00:00.000Z')
const iso = (ms: number): string => new Date(ms).toISOString()
const event = (at: number): RegistryEvent => ({
  id: String(at),
  at: iso(at),
  action: 'push',
  repository: 'team/api',
  digest: madeDigest(1),
  tag: '1.0',
  mediaType: null,
})

/** The times that events have after they were told of, each in a delivery of its own, in milliseconds since the start. */
const told = (events: readonly { readonly at: number; readonly received: number }[]): number[] => {
  const setBack = createSetBack()
  return events.map(({ at, received }) => {
    const [back] = setBack('reg', [event(start + at)], iso(start + received))
    return Date.parse(back?.at ?? '') - start
  })
}

test('what is told after it happened keeps its time', () => {
  expect(
    told([
      { at: 0, received: 5 },
      { at: -hour, received: 5 },
    ]),
  ).toEqual([0, -hour])
})

test('what is told before it happens happened when it was told', () => {
  expect(told([{ at: 1000 * hour, received: 7 }])).toEqual([7])
})

test('two events by a clock an hour ahead keep their order, whichever came first', () => {
  expect(
    told([
      { at: hour + 20_000, received: 20_000 },
      { at: hour, received: 25_000 },
    ]),
  ).toEqual([20_000, 0])
  const setBack = createSetBack()
  const together = [hour, hour + 9000, hour + 5000].map(at => event(start + at))
  const times = setBack('reg', together, iso(start + 9000)).map(({ at }) => Date.parse(at) - start)
  expect(times).toEqual([0, 9000, 5000])
})

test('after a date that somebody made up everything counts that is told later', () => {
  const madeUp = { at: 1000 * hour, received: 0 }
  // By a clock that is right, one a second ahead, and one an hour ahead.
  for (const by of [-1, 1000, hour]) {
    const [first = 0, ...later] = told([
      madeUp,
      ...[1, 2, 3].map(second => ({ at: second * 1000 + by, received: second * 1000 })),
    ])
    expect(later.every(time => time >= first)).toBe(true)
    expect(later).toEqual(later.toSorted((a, b) => a - b))
  }
})

test('a clock that was put right is believed again', () => {
  const [, right, after] = told([
    { at: 30_000, received: 0 },
    { at: 900, received: 1000 },
    { at: 2001, received: 2000 },
  ])
  expect([right, after]).toEqual([900, 2000])
})

test('each registry has its own clock', () => {
  const setBack = createSetBack()
  setBack('fast', [event(start + 30_000)], iso(start))
  expect(setBack('right', [event(start + 5)], iso(start)).map(({ at }) => at)).toEqual([iso(start)])
})

test('property: no event happened after it came, and a steady clock’s events keep their order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 60_001, max: 48 * hour }),
      fc.array(fc.record({ at: fc.nat(30_000), late: fc.nat(29_000) }), { minLength: 1, maxLength: 8 }),
      (ahead, happenings) => {
        const arrivals = happenings
          .map(({ at, late }) => ({ at: at + ahead, received: at + late }))
          .toSorted((a, b) => a.received - b.received)
        // What came before in due time has told how far ahead the clock is.
        const first = { at: -1000 + ahead, received: -1000 }
        const times = told([first, ...arrivals]).slice(1)
        for (const [index, { at, received }] of arrivals.entries()) {
          expect(times[index]).toBeLessThanOrEqual(received)
          expect(times[index]).toBe(at - ahead)
        }
      },
    ),
  )
})
