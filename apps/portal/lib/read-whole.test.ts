import { expect, test } from 'vitest'
import { readWhole } from './read-whole.ts'

test.each([
  ['7', 7],
  [' 1 ', 1],
  ['365', 365],
  ['0', null],
  ['366', null],
  ['1.5', null],
  ['-1', null],
  ['1e2', null],
  ['', null],
])('%j between 1 and 365 reads as %s', (text, value) => {
  expect(readWhole(text, 1, 365)).toBe(value)
})
