import { expect, test } from 'vitest'
import { exportPath } from './export-path.ts'

test('an export is of what is shown', () => {
  expect(exportPath('recommendations', { q: '' }, undefined)).toBe('/api/recommendations/export')
  const scope = { kind: 'registry', ids: ['b', 'a'] } as const
  expect(
    exportPath(
      'security-checks',
      { tab: 'disabled', q: 'a b', sort: undefined },
      { ...scope, ids: [...scope.ids] },
    ),
  ).toBe('/api/security-checks/export?tab=disabled&q=a+b&scope=registry%3Aa%2Cb')
})
