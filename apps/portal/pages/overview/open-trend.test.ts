import type { ScorePoint, SeverityCounts } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { openSentence, roundAbove, shownSeverities, spread } from './open-trend.ts'

const none = { Critical: 0, High: 0, Medium: 0, Low: 0, Unknown: 0 }
const point = (day: string, open: Partial<SeverityCounts>, assessed = true): ScorePoint => ({
  day,
  score: { current: 0, max: 6, percentage: assessed ? 0 : null },
  registries: { unhealthy: 0, healthy: 0, notApplicable: 0 },
  images: { unhealthy: 0, healthy: 0, undecided: 0, notApplicable: 0, notScanned: 0, failed: 0 },
  open: { ...none, ...open },
  fixable: 0,
  disabled: 0,
})

test('the sentence says where the worst severity that changed went', () => {
  const sentence = (...opens: readonly Partial<SeverityCounts>[]) =>
    openSentence(opens.map((open, index) => point(`2024-03-0${index + 1}`, open)))
  expect(sentence({ Critical: 1041, High: 3 }, { Critical: 12, High: 9 })).toBe(
    'Critical findings fell from 1,041 to 12 in 1 day',
  )
  expect(sentence({ Critical: 2, High: 3 }, {}, { Critical: 2, High: 9 })).toBe(
    'High findings rose from 3 to 9 in 2 days',
  )
  expect(sentence({ Unknown: 1 }, {})).toBe('Findings of unknown severity fell from 1 to 0 in 1 day')
  expect(sentence({ Low: 4 }, { Low: 4 })).toBe('4 open findings for 1 day, with no change')
  expect(sentence({ Low: 4 }, { Low: 5 }, { Low: 4 })).toBe('4 open findings, as 2 days ago')
  expect(sentence({}, {})).toBe('No open finding for 1 day, with no change')
  expect(sentence({ High: 1 })).toBe('1 open finding on the first day')
})

test('days on which nothing had been assessed say nothing', () => {
  const points = [point('2024-03-01', {}, false), point('2024-03-04', { Low: 2 })]
  expect(openSentence(points)).toBe('2 open findings on the first day')
  expect(openSentence(points.slice(0, 1))).toBe('No image has been assessed yet')
})

test('a severity is shown when any day has it', () => {
  expect(shownSeverities([point('2024-03-01', { Low: 1 }), point('2024-03-02', { Critical: 1 })])).toEqual([
    'Critical',
    'Low',
  ])
})

test.each([
  [0, 2],
  [1, 2],
  [7, 8],
  [8, 8],
  [9, 10],
  [13, 16],
  [250, 300],
  [999, 1000],
  [100_001, 120_000],
])('the axis for %i ends at %i', (value, end) => {
  expect(roundAbove(value)).toBe(end)
})

test('labels keep clear of each other and of the bottom, in their order', () => {
  expect(spread([10, 60, 120], 24, 160)).toEqual([10, 60, 120])
  expect(spread([10, 12, 120], 24, 160)).toEqual([10, 34, 120])
  expect(spread([100, 150, 158, 159], 24, 160)).toEqual([88, 112, 136, 160])
  expect(spread([], 24, 160)).toEqual([])
})
