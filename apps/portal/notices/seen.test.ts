import { beforeEach, expect, test, vi } from 'vitest'
import { markSeen, seenOf } from './seen.ts'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
})

test('what was seen is kept for each user, and never goes back', () => {
  expect(seenOf('ada')).toBe(0)
  markSeen('ada', 7)
  markSeen('ada', 3)
  expect(seenOf('ada')).toBe(7)
  expect(seenOf('bob')).toBe(0)
})

test('nonsense that somebody put there reads as nothing seen', () => {
  kept.set('plimsoll-notices-seen-ada', '1e999')
  expect(seenOf('ada')).toBe(0)
})
