import { expect, test } from 'vitest'
import { hasEnded, lastDayText } from './support.ts'

const at = (iso: string) => Date.parse(iso)

test('the last day is a day of support in full', () => {
  expect(hasEnded('2026-06-10', at('2026-06-10T00:00:00Z'))).toBe(false)
  expect(hasEnded('2026-06-10', at('2026-06-10T23:59:59Z'))).toBe(false)
  expect(hasEnded('2026-06-10', at('2026-06-11T00:00:00Z'))).toBe(true)
})

test('a last day says how long ago or ahead it is', () => {
  expect(lastDayText('2026-06-10', at('2026-11-21T00:00:00Z'))).toBe('10 Jun 2026, 5 months ago')
  expect(lastDayText('2028-06-30', at('2026-11-21T00:00:00Z'))).toBe('30 Jun 2028, next year')
})
