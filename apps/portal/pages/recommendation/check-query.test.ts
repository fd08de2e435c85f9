import { expect, test } from 'vitest'
import { readCheckQuery, writeCheckQuery } from './check-query.ts'

test('the state survives the way to the URL and back, beside parameters of others', () => {
  const query = { q: 'sudo', sort: '-images', page: 2, size: 100 } as const
  const params = writeCheckQuery(new URLSearchParams('checks=disabled'), query)
  expect(params.toString()).toBe('checks=disabled&page=2&q=sudo&size=100&sort=-images')
  expect(readCheckQuery(params)).toEqual(query)
})

test('defaults are the empty URL, and nonsense reads as they do', () => {
  const defaults = { q: undefined, sort: '-severity', page: 1, size: 50 }
  expect(readCheckQuery(new URLSearchParams('sort=name&page=-1&size=7&q='))).toEqual(defaults)
  expect(writeCheckQuery(new URLSearchParams(), readCheckQuery(new URLSearchParams())).toString()).toBe('')
})
