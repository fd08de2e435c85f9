import { expect, it } from 'vitest'
import { hasDpkg, madeOrders, versionsOfOneAlone } from './testdata/dpkg-answers.ts'

const minutes = 60_000

it('a Debian version is ordered as dpkg orders it, thousands of times', { timeout: 10 * minutes }, () => {
  if (!hasDpkg()) return
  const { ours, theirs } = madeOrders(20_000, 11)
  expect(ours).toEqual(theirs)
  for (const order of ['lt', 'eq', 'gt']) expect(ours.some(one => one.endsWith(order))).toBe(true)
})

it('a Debian version is one where dpkg says so', { timeout: 10 * minutes }, () => {
  if (hasDpkg()) expect(versionsOfOneAlone(10_000, 12)).toEqual([])
})
