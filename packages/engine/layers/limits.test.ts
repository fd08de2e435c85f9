import { expect, test } from 'vitest'
import { defaultLimits, outOfTime } from './limits.ts'

test.each([
  [1000, '1 s'],
  [60_000, '1 minute'],
  // What is left of a minute, or of 40, when the registry has answered.
  [52_000, '1 minute'],
  [2_391_000, '40 minutes'],
])('a limit of %d ms is called %s', (timeoutMs, text) => {
  expect(outOfTime({ ...defaultLimits, timeoutMs }).message).toBe(
    `Reading took longer than ${text}; the rest was not read.`,
  )
})
