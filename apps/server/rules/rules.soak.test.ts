import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agrees } from './testdata/agrees.ts'
import { fleets } from './testdata/fleets.ts'

/** As rules.test.ts, on thousands of fleets. */
test('rules hold for what a second implementation says, on 5,000 fleets', {
  timeout: 1_800_000,
}, async () => {
  let agreed = 0
  await fc.assert(
    fc.asyncProperty(fleets, async steps => {
      await agrees(steps)
      agreed += 1
    }),
    { numRuns: 5000 },
  )
  console.info(`the oracle agreed on ${agreed} fleets`)
  expect(agreed).toBe(5000)
})
