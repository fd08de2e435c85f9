import { expect, test } from 'vitest'
import { exportPath, isMonth, monthText } from './month.ts'

test('a month is named as the API names it, and said in words', () => {
  expect(['2026-11', '2026-13', '2026-1', '2026-00', ''].map(isMonth)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
  expect(monthText('2026-11')).toBe('November 2026')
})

test('the export is of what is shown', () => {
  const all = { month: '2026-11', subscriptionId: undefined, scope: undefined } as const
  expect(exportPath({ ...all, format: 'csv' })).toBe('/api/billing/export?month=2026-11&format=csv')
  expect(exportPath({ ...all, subscriptionId: 'a b', format: 'json' })).toBe(
    '/api/billing/export?month=2026-11&format=json&subscription=a+b',
  )
  expect(exportPath({ ...all, scope: { kind: 'registry', ids: ['r2', 'r1'] }, format: 'csv' })).toBe(
    '/api/billing/export?month=2026-11&format=csv&scope=registry%3Ar1%2Cr2',
  )
})
