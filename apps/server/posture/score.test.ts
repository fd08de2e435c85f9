import { expect, test } from 'vitest'
import { potentialIncrease, secureScore } from './score.ts'

test.each([
  [{ unhealthy: 0, healthy: 0, notApplicable: 3 }, { current: 0, max: 6, percentage: null }, 0],
  [{ unhealthy: 1, healthy: 0, notApplicable: 0 }, { current: 0, max: 6, percentage: 0 }, 6],
  [{ unhealthy: 0, healthy: 4, notApplicable: 1 }, { current: 6, max: 6, percentage: 1 }, 0],
  [{ unhealthy: 72, healthy: 6, notApplicable: 9 }, { current: 0.46, max: 6, percentage: 6 / 78 }, 5.54],
])('%o', (counts, score, increase) => {
  expect(secureScore(counts)).toEqual(score)
  expect(potentialIncrease(counts)).toBe(increase)
})
