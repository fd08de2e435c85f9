import type { FindingEvent, TimelineRule } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { eventWords } from './timeline-words.ts'

const at = '2024-03-01T00:00:00.000Z'
const rule: TimelineRule = {
  id: '7',
  isThere: true,
  name: 'Low ones',
  savedBy: 'Ada',
  reason: null,
  justification: '',
  expiresAt: null,
  untilFixed: false,
}
const sentence = (event: FindingEvent): string => {
  const { before, after } = eventWords(event)
  return 'rule' in event ? `${before} ${event.rule.name}${after}` : before
}

test('what happened to a finding is told in words', () => {
  const lost = { kind: 'rule-lost', at, rule } as const
  expect(sentence({ kind: 'disabled', at, rule })).toBe('Disabled by Low ones')
  expect(sentence({ ...lost, because: 'expired', by: null, reopened: true })).toBe(
    'Re-opened: Low ones expired',
  )
  expect(sentence({ ...lost, because: 'deleted', by: 'Grace', reopened: false })).toBe(
    'Still disabled by others: Low ones was deleted by Grace',
  )
  const scans = { kind: 'rescanned', at, lastAt: at, atLeast: false } as const
  expect(sentence({ ...scans, times: 1 })).toBe('Rescanned, still there')
  expect(sentence({ ...scans, times: 12 })).toBe('Rescanned 12 times, still there')
  expect(sentence({ ...scans, times: 19, atLeast: true })).toBe('Rescanned 19 times or more, still there')
  expect(sentence({ kind: 'closed', at, reason: 'fixed' })).toBe(
    'Closed. The image now carries a fixed version.',
  )
  expect(sentence({ kind: 'closed', at, reason: null })).toBe('Closed.')
})
