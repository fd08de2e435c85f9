import { expect, test } from 'vitest'
import { entriesProblem, maxEntries, maxEntryLength, readBound, readEntries } from './criteria-text.ts'

test('entries are separated by semicolons and line breaks, trimmed, and empty ones dropped', () => {
  expect(readEntries(' CVE-2024-1 ;CVE-2024-2;\r\n\n;  CVE-2024-3\n')).toEqual([
    'CVE-2024-1',
    'CVE-2024-2',
    'CVE-2024-3',
  ])
  expect(readEntries(' \n ; ')).toEqual([])
})

test('commas and spaces are part of an entry', () => {
  expect(readEntries('Debian security update for sudo, again')).toEqual([
    'Debian security update for sudo, again',
  ])
})

test('an entry counts once whatever its case, as first written', () => {
  expect(readEntries('CVE-2024-1;cve-2024-1')).toEqual(['CVE-2024-1'])
})

test('limits are those of the schema and said in a sentence', () => {
  expect(entriesProblem(['a'])).toBeNull()
  expect(entriesProblem(Array.from({ length: maxEntries + 1 }, (_, index) => `CVE-${index}`))).toContain(
    '201',
  )
  expect(entriesProblem(['x'.repeat(maxEntryLength)])).toBeNull()
  expect(entriesProblem(['x'.repeat(maxEntryLength + 1)])).toContain('longer than 500')
})

test.each([
  ['', null],
  ['7', 7],
  [' 4.5 ', 4.5],
  ['4,5', 4.5],
  ['10', 10],
])('the bound %j is read', (text, value) => {
  expect(readBound(text, 10)).toEqual({ value, problem: null })
})

test.each(['0', '10.1', '-1', 'high', '1e1', 'NaN', '7.', '0x7', '5 %'])(
  'the bound %j is refused with a sentence',
  text => {
    expect(readBound(text, 10).value).toBeNull()
    expect(readBound(text, 10).problem).toContain('above 0')
  },
)

test('a bound of probability is read as a number or in percents', () => {
  expect(readBound('0.05', 1)).toEqual({ value: 0.05, problem: null })
  expect(readBound('5 %', 1)).toEqual({ value: 0.05, problem: null })
  expect(readBound('1,5%', 1)).toEqual({ value: 0.015, problem: null })
  for (const text of ['0', '2', '101 %', '%', '5 % %']) {
    expect(readBound(text, 1)).toEqual({ value: null, problem: expect.stringContaining('probability') })
  }
})
