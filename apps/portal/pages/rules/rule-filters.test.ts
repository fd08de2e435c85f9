import { expect, test } from 'vitest'
import { readRuleFilter } from './rule-filters.ts'

const read = (search: string) => readRuleFilter(new URLSearchParams(search))

test('a status and a scope are read from the address', () => {
  expect(read('status=stale&scope=registry:r1')).toEqual({
    status: 'stale',
    scope: { kind: 'registry', id: 'r1' },
    ignored: [],
  })
})

test('what means nothing is told, and leaves the list whole', () => {
  expect(read('status=asleep&scope=moon:1')).toEqual({
    status: undefined,
    scope: null,
    ignored: ['status=asleep', 'scope=moon:1'],
  })
  expect(read('')).toEqual({ status: undefined, scope: null, ignored: [] })
})
