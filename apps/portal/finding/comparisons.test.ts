import type { Explanation } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { affectedVersions, comparisons, isOpenEnded } from './comparisons.ts'

const explanation = (given: Partial<Explanation>): Explanation => ({
  advisoryId: 'DSA-1-1',
  feed: 'Debian:12',
  packageName: 'openssl',
  module: null,
  comparator: 'deb',
  installed: '3.0.8-1',
  introduced: '0',
  fixed: null,
  lastAffected: null,
  listed: false,
  ...given,
})
const said = (given: Partial<Explanation>) =>
  comparisons(explanation(given)).map(({ installed, operator, other }) => `${installed} ${operator} ${other}`)

test('a fix is compared strictly, and the beginning "0" compares nothing', () => {
  expect(said({ fixed: '3.0.9-1' })).toEqual(['3.0.8-1 < 3.0.9-1'])
})

test('a real beginning is compared first', () => {
  expect(said({ introduced: '3.0.0-1', fixed: '3.0.9-1' })).toEqual([
    '3.0.8-1 ≥ 3.0.0-1',
    '3.0.8-1 < 3.0.9-1',
  ])
})

test('the last affected version is included', () => {
  expect(said({ lastAffected: '3.0.8-1' })).toEqual(['3.0.8-1 ≤ 3.0.8-1'])
})

test('a listed version needs no range', () => {
  expect(said({ listed: true, fixed: '3.0.9-1' })).toEqual(['3.0.8-1 = 3.0.8-1'])
})

test('without an end every version is affected', () => {
  expect(said({})).toEqual([])
  expect(isOpenEnded(explanation({}))).toBe(true)
  expect(isOpenEnded(explanation({ fixed: '1' }))).toBe(false)
  expect(isOpenEnded(explanation({ listed: true }))).toBe(false)
})

test.each([
  [{}, 'all versions'],
  [{ introduced: null }, 'all versions'],
  [{ introduced: '1.2' }, 'from 1.2 on'],
  [{ fixed: '3.1.4-r6' }, 'below 3.1.4-r6'],
  [{ introduced: '1.2', fixed: '2.0' }, 'from 1.2 and below 2.0'],
  [{ introduced: '1.2', lastAffected: '1.9' }, 'from 1.2 and up to 1.9, included'],
  [{ listed: true, fixed: '2.0' }, 'the versions that the advisory lists'],
])('%j is about %s', (given, text) => {
  expect(affectedVersions(explanation(given))).toBe(text)
})
