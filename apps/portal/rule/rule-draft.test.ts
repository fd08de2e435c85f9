import { newDisableRuleSchema, severitySchema } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { emptyDraft, keptSeverities, nameOf, readDraft } from './rule-draft.ts'

const draft = emptyDraft('demo')

test('a draft without any criterion says so, even with a name', () => {
  expect(readDraft(draft)).toEqual({
    problems: { criteria: expect.stringContaining('at least one criterion') },
  })
  expect(readDraft({ ...draft, name: 'Mine' })).toEqual({
    problems: { criteria: expect.stringContaining('at least one criterion') },
  })
})

test('texts become the criteria of a rule, with a name suggested from them', () => {
  const read = readDraft({
    ...draft,
    cves: 'CVE-2024-1; cve-2024-2\nCVE-2024-1',
    securityChecks: 'update for sudo',
    cvssBelow: '4,5',
    severityBelow: 'Medium',
    notPatchable: true,
    justification: ' Not reachable. ',
  })
  expect(read).toEqual({
    rule: {
      subscriptionId: 'demo',
      name: 'Disable CVE-2024-1, CVE-2024-2 or security check "update for sudo" or CVSS v3 below 4.5 or severity below Medium or not patchable',
      justification: 'Not reachable.',
      criteria: {
        ids: [],
        cves: ['CVE-2024-1', 'CVE-2024-2'],
        categories: [],
        securityChecks: ['update for sudo'],
        cvssBelow: 4.5,
        severityBelow: 'Medium',
        notPatchable: true,
      },
    },
  })
})

test('a name changed by hand stays, and an empty one is refused at its field', () => {
  expect(nameOf({ ...draft, cves: 'CVE-2024-1', name: 'Mine' })).toBe('Mine')
  expect(readDraft({ ...draft, cves: 'CVE-2024-1', name: '  ' })).toEqual({
    problems: { name: expect.any(String) },
  })
})

test.each([
  ['name', 200],
  ['justification', 4000],
] as const)('a %s may be as long as the schema lets it', (field, most) => {
  const filled = { ...draft, cves: 'CVE-2024-1', name: 'Mine' }
  const read = readDraft({ ...filled, [field]: 'x'.repeat(most) })
  expect(newDisableRuleSchema.safeParse('rule' in read && read.rule).success).toBe(true)
  const longer = { ...filled, [field]: 'x'.repeat(most + 1) }
  expect(
    newDisableRuleSchema.safeParse({ ...('rule' in read && read.rule), [field]: longer[field] }).success,
  ).toBe(false)
  expect(readDraft(longer)).toEqual({ problems: { [field]: expect.stringContaining(String(most)) } })
})

test('each field says what is wrong with it', () => {
  expect(readDraft({ ...draft, cvssBelow: 'high', ids: 'x'.repeat(501) })).toEqual({
    problems: {
      ids: expect.stringContaining('longer than 500'),
      cvssBelow: expect.stringContaining('above 0'),
    },
  })
})

test('the severities that can be kept are those of the schema', () => {
  expect([...keptSeverities]).toEqual(severitySchema.exclude(['Low', 'Unknown']).options)
})
