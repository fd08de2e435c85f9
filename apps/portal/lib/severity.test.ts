import { severities as vocabulary } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { severities, severitySentence, totalOf } from './severity.ts'

test('the order is that of the shared vocabulary', () => {
  expect(severities).toEqual(vocabulary)
})

test('counts are summed and said in rank order, without the empty ones', () => {
  const counts = { Low: 3, Critical: 2, High: 14, Medium: 0, Unknown: 0 }
  expect(totalOf(counts)).toBe(19)
  expect(severitySentence(counts)).toBe('2 Critical, 14 High, 3 Low')
  expect(severitySentence({ Low: 0, Critical: 0, High: 0, Medium: 0, Unknown: 0 })).toBe('None')
})
