import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { agrees } from './testdata/agrees.ts'
import { fleets } from './testdata/fleets.ts'
import { play } from './testdata/play.ts'

vi.mock('../../../packages/engine/sandbox/read-inventory.ts', () => import('./testdata/sandbox-double.ts'))

test('whatever happens, every count, list and score is that of a recount from the facts', async () => {
  let steps = 0
  await fc.assert(
    fc.asyncProperty(fleets, async fleet => {
      await play(fleet, async (played, step, isLast) => {
        await agrees(played, step, isLast)
        steps += 1
      })
    }),
    { numRuns: 20 },
  )
  expect(steps).toBeGreaterThan(20)
}, 120_000)
