import { newDisableRuleSchema, type RuleRevision } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { historyOf } from './rule-history.ts'

const first: RuleRevision = {
  ...newDisableRuleSchema.parse({
    name: 'Mine',
    scope: { kind: 'registry', id: 'r1' },
    criteria: { cves: ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4'] },
  }),
  savedBy: 'Grace',
  savedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-02-01T00:00:00.000Z',
  endedBy: 'Ada',
  end: 'changed',
}
const names = ({ id }: { id: string }) => id.toUpperCase()

test('what was changed is told by field, before and after', () => {
  const second: RuleRevision = {
    ...first,
    scope: { ...first.scope, repository: 'shop/*' },
    overrides: true,
    savedBy: 'Ada',
    savedAt: '2026-02-01T00:00:00.000Z',
    endedAt: null,
    endedBy: null,
    end: null,
  }
  expect(historyOf([second, first], names)).toEqual([
    {
      key: 'saved 0',
      at: second.savedAt,
      by: 'Ada',
      what: 'Changed',
      changes: [
        { field: 'Scope', before: 'Registry R1', after: 'Registry R1, repository shop/*' },
        { field: 'Override rules below', before: 'no', after: 'yes' },
      ],
    },
    { key: 'saved 1', at: first.savedAt, by: 'Grace', what: 'Created', changes: [] },
  ])
})

test('a change in what the sentence of the criteria leaves out is told too', () => {
  const second: RuleRevision = {
    ...first,
    criteria: { ...first.criteria, cves: ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-5'] },
  }
  expect(historyOf([second, first], names)[0]?.changes).toEqual([
    { field: 'Criteria, cves', before: 'CVE-1; CVE-2; CVE-3; CVE-4', after: 'CVE-1; CVE-2; CVE-3; CVE-5' },
  ])
})

test('a rule that expired by itself is renewed by the next change', () => {
  const expired: RuleRevision = { ...first, end: 'expired', endedBy: null }
  const renewed: RuleRevision = { ...first, savedAt: '2026-03-01T00:00:00.000Z', end: null, endedAt: null }
  expect(historyOf([renewed, expired], names).map(({ what, by }) => [what, by])).toEqual([
    ['Renewed', 'Grace'],
    ['Expired', null],
    ['Created', 'Grace'],
  ])
})

test('a rule that was deleted and brought back tells of both', () => {
  const deleted: RuleRevision = { ...first, end: 'deleted' }
  const restored: RuleRevision = { ...first, savedAt: '2026-03-01T00:00:00.000Z', end: null, endedAt: null }
  expect(historyOf([restored, deleted], names).map(({ what, by }) => [what, by])).toEqual([
    ['Restored', 'Grace'],
    ['Deleted', 'Ada'],
    ['Created', 'Grace'],
  ])
})
