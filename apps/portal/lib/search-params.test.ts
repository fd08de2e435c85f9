import { expect, test } from 'vitest'
import { withParam } from './search-params.ts'

test('a parameter is set in sorted order and the original stays as it was', () => {
  const before = new URLSearchParams('q=ssl&tab=layers')
  expect(withParam(before, 'finding', 'f1').toString()).toBe('finding=f1&q=ssl&tab=layers')
  expect(before.toString()).toBe('q=ssl&tab=layers')
})

test('null and the empty text remove it', () => {
  expect(withParam(new URLSearchParams('q=ssl'), 'q', null).toString()).toBe('')
  expect(withParam(new URLSearchParams('q=ssl'), 'q', '').toString()).toBe('')
})
