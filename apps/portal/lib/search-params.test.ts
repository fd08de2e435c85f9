import { expect, test } from 'vitest'
import { rebased, withParam } from './search-params.ts'

test('a parameter is set in sorted order and the original stays as it was', () => {
  const before = new URLSearchParams('q=ssl&tab=layers')
  expect(withParam(before, 'finding', 'f1').toString()).toBe('finding=f1&q=ssl&tab=layers')
  expect(before.toString()).toBe('q=ssl&tab=layers')
})

test('null and the empty text remove it', () => {
  expect(withParam(new URLSearchParams('q=ssl'), 'q', null).toString()).toBe('')
  expect(withParam(new URLSearchParams('q=ssl'), 'q', '').toString()).toBe('')
})

const of = (text: string): URLSearchParams => new URLSearchParams(text)

test.each([
  ['set', 'a=1', 'a=1&b=2', 'a=1&c=3', 'a=1&b=2&c=3'],
  ['removed', 'a=1&b=2', 'a=1', 'a=1&b=2&c=3', 'a=1&c=3'],
  ['set otherwise than it came to be', 'a=1', 'a=2', 'a=3', 'a=2'],
  ['left alone, and went', 'a=1', 'a=1&b=2', '', 'b=2'],
  ['set in a list that was turned to another page', 'a=1', 'a=1&b=2', 'a=1&page=2', 'a=1&b=2'],
  ['turned, in a list that was searched', 'a=1', 'a=1&page=2', 'a=1&b=2', 'a=1&b=2&page=2'],
  ['set several times', 'a=1&a=2', 'a=2&a=3', 'a=1&a=2&b=1', 'a=2&a=3&b=1'],
])('of two changes both hold: what was %s', (_, drawn, changed, latest, expected) => {
  expect(rebased(of(drawn), of(changed), of(latest)).toString()).toBe(expected)
})
