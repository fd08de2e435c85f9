import { expect, test } from 'vitest'
import { freshnessWords } from './freshness-words.ts'

test('the freshness interval is a number of days, a range where subscriptions differ, or none', () => {
  expect(freshnessWords({ least: 7, most: 7 })).toBe('7 days')
  expect(freshnessWords({ least: 1, most: 30 })).toBe('1 to 30 days, by subscription')
  expect(freshnessWords(null)).toBe('Never: no plan has images scanned again')
})
