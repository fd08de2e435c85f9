import { expect, test } from 'vitest'
import { parseAnswer } from './answers.ts'

const record = {
  name: 'a',
  version: '1',
  sourceName: 'a',
  sourceVersion: '1',
  arch: '',
  module: null,
  vendor: '',
  layer: 0,
}
const packages = (list: unknown) => ({
  kind: 'packages',
  ecosystem: 'deb',
  path: 'db',
  packages: list,
})

/** What is wrong with an answer, in the words of its error; null when nothing is. */
function complaint(answer: unknown): string | null {
  try {
    parseAnswer(answer)
    return null
  } catch (error) {
    // Whoever writes errors down writes down their causes too, and this one would be the child's to choose.
    const { name, message, cause } = error as Error
    expect([name, cause]).toEqual(['ProtocolError', undefined])
    return message
  }
}

test('an answer of the right shape is handed on', () => {
  expect(complaint(packages([record]))).toBeNull()
})

test.each([
  ['at packages.1.version', packages([record, { ...record, version: 7 }])],
  ['at packages.0.module', packages([{ ...record, module: '' }])],
  ['at packages.0.vendor', packages([{ ...record, vendor: 'x'.repeat(1025) }])],
  ['at packages.0.layer', packages([{ ...record, layer: -1 }])],
  ['at packages', packages('none')],
  ['', { ...packages([]), extra: true }],
  ['at kind', { kind: 'other' }],
  ['', null],
])('one of another shape is refused, and it is said where: %s', (where, answer) => {
  expect(complaint(answer)).toBe(`an answer has an unexpected shape ${where}`.trim())
})

test('the items of a list that is too long are not even looked at', () => {
  expect(complaint(packages(new Array(1001).fill(7)))).toBe('an answer has an unexpected shape at packages')
})
