import { expect, test } from 'vitest'
import { readRuleFilter } from './rule-filters.ts'

const read = (search: string) => readRuleFilter(new URLSearchParams(search))

test('a status and a place are read from the address', () => {
  expect(read('status=stale&at=registry:r1')).toEqual({
    status: 'stale',
    at: { kind: 'registry', id: 'r1' },
    ignored: [],
  })
})

test('what means nothing is told, and leaves the list whole', () => {
  expect(read('status=asleep&at=moon:1')).toEqual({
    status: undefined,
    at: null,
    ignored: ['status=asleep', 'at=moon:1'],
  })
  expect(read('')).toEqual({ status: undefined, at: null, ignored: [] })
})
