import { expect, test } from 'vitest'
import { hasEnded, updatesText } from './support.ts'

const at = (iso: string) => Date.parse(iso)

test('the last day is a day of support in full', () => {
  expect(hasEnded('2026-06-10', at('2026-06-10T00:00:00Z'))).toBe(false)
  expect(hasEnded('2026-06-10', at('2026-06-10T23:59:59Z'))).toBe(false)
  expect(hasEnded('2026-06-10', at('2026-06-11T00:00:00Z'))).toBe(true)
})

test('the last day of updates says whether it is over, and how long since', () => {
  const now = at('2026-11-21T00:00:00Z')
  expect(updatesText('2026-06-10', now)).toBe('Ended 10 Jun 2026, 5 months ago')
  expect(updatesText('2028-06-30', now)).toBe('Until 30 Jun 2028')
  expect(updatesText('2026-11-21', now)).toBe('Until 21 Nov 2026')
})
