import type { RuleCriteria } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { criteriaSentence, suggestedName } from './rule-sentence.ts'

const none: RuleCriteria = {
  ids: [],
  cves: [],
  categories: [],
  securityChecks: [],
  cvssBelow: null,
  severityBelow: null,
  notPatchable: false,
}

test('criteria are joined by or, in the order of the form', () => {
  const criteria = { ...none, cves: ['CVE-2024-1'], severityBelow: 'Medium', notPatchable: true } as const
  expect(criteriaSentence({ ...criteria, cves: [...criteria.cves] })).toBe(
    'CVE-2024-1 or severity below Medium or not patchable',
  )
})

test('long lists are cut and say how much was', () => {
  expect(criteriaSentence({ ...none, ids: ['1', '2', '3', '4', '5'] })).toBe('ID 1, 2, 3 and 2 more')
})

test('a name is suggested once there is a criterion, and fits', () => {
  expect(suggestedName(none)).toBe('')
  expect(suggestedName({ ...none, cvssBelow: 4.5 })).toBe('Disable CVSS v3 below 4.5')
  expect(suggestedName({ ...none, categories: ['x'.repeat(500)] })).toHaveLength(200)
})
