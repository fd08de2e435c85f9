import { expect, test } from 'vitest'
import { createDoubts } from './doubts.ts'

test('where no events come, everything is believed', () => {
  expect(createDoubts(10, () => ({ sends: false, quiet: true })).believe('a tag')).toBe(true)
})

test('where they come, what two looks find while they are silent, and after minutes in any case', () => {
  let now = 0
  let quiet = false
  const doubts = createDoubts(
    10,
    () => ({ sends: true, quiet }),
    () => now,
  )
  const look = (at: number, what = 'a tag'): boolean => {
    now = at
    doubts.begin()
    return doubts.believe(what)
  }
  expect(look(0)).toBe(false)
  expect(doubts.pending).toBe(true)
  expect(look(20)).toBe(false)
  quiet = true
  expect(look(30)).toBe(true)
  expect(doubts.pending).toBe(false)
  // Found again later, it is as new.
  expect(look(40)).toBe(false)
  expect(look(45, 'another')).toBe(false)
  expect(look(60)).toBe(false)
  quiet = false
  expect(look(299_000)).toBe(false)
  expect(look(301_000)).toBe(true)
})
