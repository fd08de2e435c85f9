import { expect, test } from 'vitest'
import { readPage, withPage, withSize } from './page-params.ts'

test('page and size come back as written, and defaults are left out', () => {
  const params = withPage(withSize(new URLSearchParams('tab=packages'), 100), 3)
  expect(params.toString()).toBe('page=3&size=100&tab=packages')
  expect(readPage(params)).toEqual({ page: 3, size: 100 })
  expect(withPage(withSize(params, 50), 1).toString()).toBe('tab=packages')
})

test('another size begins at the first page', () => {
  expect(withSize(new URLSearchParams('page=7'), 25).toString()).toBe('size=25')
})

test.each(['page=0', 'page=-1', 'page=1.5', 'page=1e3', 'page=x&size=51'])(
  '%s reads as the first page of 50',
  search => {
    expect(readPage(new URLSearchParams(search))).toEqual({ page: 1, size: 50 })
  },
)
