import { newDisableRuleSchema, type RuleCriteria } from '@plimsoll/types'
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
  packages: [],
  ecosystems: [],
  distributions: [],
  epssBelow: null,
  kev: null,
}

test('criteria are joined by or, and by and where all must hold, in the order of the form', () => {
  const criteria: RuleCriteria = {
    ...none,
    cves: ['CVE-2024-1'],
    severityBelow: 'Medium',
    notPatchable: true,
  }
  expect(criteriaSentence(criteria, 'any')).toBe('CVE-2024-1 or severity below Medium or not patchable')
  expect(criteriaSentence(criteria, 'all')).toBe('CVE-2024-1 and severity below Medium and not patchable')
})

test('every criterion has its phrase', () => {
  const all: RuleCriteria = {
    ids: ['1'],
    cves: ['CVE-2024-1'],
    categories: ['Debian'],
    securityChecks: ['sudo'],
    cvssBelow: 4,
    severityBelow: 'High',
    notPatchable: true,
    packages: ['lib*'],
    ecosystems: ['deb'],
    distributions: ['Debian:12'],
    epssBelow: 0.005,
    kev: false,
  }
  expect(newDisableRuleSchema.shape.criteria.parse(all)).toEqual(all)
  expect(criteriaSentence(all, 'all').split(' and ')).toHaveLength(Object.keys(none).length)
  expect(criteriaSentence(all, 'any')).toContain('EPSS below 0.5 % or not patchable or not known exploited')
})

test('long lists are cut and say how much was', () => {
  expect(criteriaSentence({ ...none, ids: ['1', '2', '3', '4', '5'] }, 'any')).toBe('ID 1, 2, 3 and 2 more')
})

test('a name is suggested once there is a criterion, and fits', () => {
  expect(suggestedName(none, 'any')).toBe('')
  expect(suggestedName({ ...none, cvssBelow: 4.5 }, 'any')).toBe('Disable CVSS v3 below 4.5')
  expect(suggestedName({ ...none, categories: ['x'.repeat(500)] }, 'all')).toHaveLength(200)
})
