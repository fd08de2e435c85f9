import fc from 'fast-check'
import { test } from 'vitest'
import { agrees } from './testdata/agrees.ts'
import { fleets } from './testdata/fleets.ts'

test('rules of every kind, in every place, hold for what a second implementation says', {
  timeout: 120_000,
}, async () => {
  await fc.assert(fc.asyncProperty(fleets, agrees), { numRuns: 150 })
})
