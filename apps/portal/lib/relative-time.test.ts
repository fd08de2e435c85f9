import { expect, test } from 'vitest'
import { absoluteTime, dayOf, duration, relativeTime } from './relative-time.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString()

test.each([
  [0, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [3599, '59 minutes ago'],
  [3600, '1 hour ago'],
  [86_399, '23 hours ago'],
  [86_400, 'yesterday'],
  [3 * 86_400 - 1, '2 days ago'],
  [7 * 86_400, 'last week'],
  [40 * 86_400, 'last month'],
  [3 * 365.25 * 86_400, '3 years ago'],
])('%d seconds ago reads "%s"', (seconds, text) => {
  expect(relativeTime(before(seconds), now)).toBe(text)
})

test('a moment to come reads as such', () => {
  expect(relativeTime(before(-2 * 3600), now)).toBe('in 2 hours')
})

test('the absolute time is in UTC whatever offset was given', () => {
  expect(absoluteTime('2026-11-21T13:12:33.789+01:00')).toBe('2026-11-21 12:12:33 UTC')
})

test('the day is the day in UTC', () => {
  expect(dayOf('2026-11-21T23:30:00-02:00')).toBe('22 Nov 2026')
})

test.each([
  [99, 'under 0.1 s'],
  [100, '0.1 s'],
  [840, '0.8 s'],
  [9960, '10 s'],
  [42_000, '42 s'],
  [59_600, '1 min 0 s'],
  [185_000, '3 min 5 s'],
])('%d ms lasts %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text)
})
