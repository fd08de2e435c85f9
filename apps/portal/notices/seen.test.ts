import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { markSeen, seenOf } from './seen.ts'

const all = (userId: string) => ({ userId, scope: null })
const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
})

afterEach(() => void vi.unstubAllGlobals())

test('what was seen is kept for each user, and never goes back', () => {
  expect(seenOf(all('ada'))).toBe(0)
  markSeen(all('ada'), 7)
  markSeen(all('ada'), 3)
  expect(seenOf(all('ada'))).toBe(7)
  expect(seenOf(all('bob'))).toBe(0)
})

test('who saw those of a scope saw no others, and who saw all saw those of every scope', () => {
  const [plants, shops] = ['management-group:plants', 'subscription:shop'].map(scope => ({
    userId: 'ada',
    scope,
  }))
  markSeen(plants!, 7)
  expect([plants!, shops!, all('ada')].map(seenOf)).toEqual([7, 0, 0])
  markSeen(all('ada'), 9)
  expect([plants!, shops!, all('ada')].map(seenOf)).toEqual([9, 9, 9])
})

test('nonsense that somebody put there reads as nothing seen', () => {
  kept.set('plimsoll-notices-seen-ada', '1e999')
  expect(seenOf(all('ada'))).toBe(0)
})
