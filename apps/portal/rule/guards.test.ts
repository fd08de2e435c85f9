import type { RulePreview } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { guardsOf, movedMuch } from './guards.ts'

const preview: RulePreview = {
  disables: 10,
  bySeverity: { Critical: 1, High: 9, Medium: 0, Low: 0, Unknown: 0 },
  reopens: 0,
  alreadyDisabled: 0,
  knownExploited: 0,
  openTotal: 40,
  openCritical: 2,
  turnHealthy: 0,
  turnUnhealthy: 0,
  score: { before: 1, after: 2, max: 6 },
  selection: null,
  overridden: [],
}

test('a small rule has no guard, nor one of exactly a quarter', () => {
  expect(guardsOf(preview, false)).toEqual([])
})

test.each([
  [{ knownExploited: 1 }, '1 of them is known to be exploited.'],
  [{ openCritical: 1 }, 'It disables the only Critical finding that is open.'],
  [{ disables: 11 }, 'It disables 27 % of all 40 open findings.'],
])('%j is guarded', (change, sentence) => {
  expect(guardsOf({ ...preview, ...change }, false)).toEqual([sentence])
})

test('a rule that matches nothing is taken for a typing error, one that others leave nothing to is not', () => {
  const nothing = { ...preview, disables: 0, bySeverity: { ...preview.bySeverity, Critical: 0 } }
  expect(guardsOf(nothing, false)).toEqual([expect.stringContaining('typing error')])
  expect(guardsOf({ ...nothing, alreadyDisabled: 3 }, false)).toEqual([])
  expect(guardsOf({ ...nothing, reopens: 3 }, true)).toEqual([])
})

test('more than a tenth up or down is much', () => {
  expect(movedMuch(10, 11)).toBe(false)
  expect(movedMuch(10, 12)).toBe(true)
  expect(movedMuch(10, 8)).toBe(true)
  expect(movedMuch(0, 0)).toBe(false)
  expect(movedMuch(0, 1)).toBe(true)
})
