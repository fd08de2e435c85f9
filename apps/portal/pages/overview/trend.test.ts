import type { ScoreCause, ScorePoint } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { causePath, causeSentence, readDays, trendDays, trendSentence } from './trend.ts'

const none = { Critical: 0, High: 0, Medium: 0, Low: 0, Unknown: 0 }
const point = (day: string, current: number | null): ScorePoint => ({
  day,
  score: { current: current ?? 0, max: 6, percentage: current === null ? null : current / 6 },
  registries: { unhealthy: 0, healthy: 0, notApplicable: 0 },
  images: { unhealthy: 0, healthy: 0, undecided: 0, notApplicable: 0, notScanned: 0, failed: 0 },
  open: none,
  fixable: 0,
  disabled: 0,
})
const cause = (at: string, more: Partial<ScoreCause> = {}): ScoreCause => ({
  at: `${at}T12:00:00.000Z`,
  kind: 'rule-created',
  id: '7',
  name: 'Low ones',
  by: 'Ada',
  ...more,
})

test('the sentence says where the score went and how long that took', () => {
  const sentence = (...scores: readonly (readonly [string, number | null])[]) =>
    trendSentence(scores.map(([day, current]) => point(day, current)))
  expect(sentence(['2024-03-01', 2], ['2024-03-15', 3.5])).toBe(
    'The score rose from 2 to 3.5 points in 14 days',
  )
  expect(sentence(['2024-03-01', 2], ['2024-03-02', 0])).toBe('The score fell from 2 to 0 points in 1 day')
  expect(sentence(['2024-03-01', 2], ['2024-03-09', 2])).toBe('The score has been 2 points for 8 days')
  expect(sentence(['2024-03-01', 2], ['2024-03-05', 4], ['2024-03-09', 2])).toBe(
    'The score is back at 2 points after 8 days',
  )
  expect(sentence(['2024-03-01', null], ['2024-03-09', 1])).toBe('The score is 1 point on its first day')
  expect(sentence(['2024-03-01', null])).toBe('No registry has been assessed yet')
})

test('causes stand with their day, or with the next that has a point', () => {
  const points = [point('2024-03-01', 1), point('2024-03-04', 2)]
  const causes = ['2024-02-28', '2024-03-02', '2024-03-04'].map(at => cause(at))
  expect(trendDays({ points, causes }).map(day => day.causes.map(({ at }) => at.slice(0, 10)))).toEqual([
    ['2024-02-28'],
    ['2024-03-02', '2024-03-04'],
  ])
})

test('a cause is told with who did it and leads to what is still there', () => {
  expect(causeSentence(cause('2024-03-01'))).toBe('Disable rule “Low ones” was created by Ada')
  expect(causeSentence(cause('2024-03-01', { kind: 'rule-expired', by: null }))).toBe(
    'Disable rule “Low ones” expired',
  )
  expect(causePath(cause('2024-03-01'))).toBe('/rules/7')
  expect(causePath(cause('2024-03-01', { kind: 'rule-deleted', id: null }))).toBeNull()
  expect(causePath(cause('2024-03-01', { kind: 'registry-moved', id: 'r1' }))).toBe('/registries/r1')
  expect(causePath(cause('2024-03-01', { kind: 'plan-off', id: 's1' }))).toBe('/settings/scopes/s1')
})

test('the URL asks for 90 days, or else there are 30', () => {
  const days = (search: string) => readDays(new URLSearchParams(search))
  expect(['', 'days=90', 'days=30', 'days=12', 'days='].map(days)).toEqual([30, 90, 30, 30, 30])
})
