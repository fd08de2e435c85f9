import { expect, test } from 'vitest'
import { readRuleFilter } from './rule-filters.ts'

const read = (search: string) => readRuleFilter(new URLSearchParams(search))
const usual = { status: undefined, at: null, q: '', sort: '-saved', page: 1, size: 50, ignored: [] }

test('what rules are asked for, and in which order, is read from the address', () => {
  expect(read('status=stale&at=registry:r1&q=log4j&sort=-disables&page=3&size=25')).toEqual({
    status: 'stale',
    at: { kind: 'registry', id: 'r1' },
    q: 'log4j',
    sort: '-disables',
    page: 3,
    size: 25,
    ignored: [],
  })
})

test('what means nothing is told, and leaves the list whole', () => {
  expect(read('status=asleep&at=moon:1&sort=colour')).toEqual({
    ...usual,
    ignored: ['status=asleep', 'at=moon:1', 'sort=colour'],
  })
  expect(read('')).toEqual(usual)
  expect(read('status=&at=&sort=')).toEqual(usual)
})
