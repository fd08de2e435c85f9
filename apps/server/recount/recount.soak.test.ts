import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { agrees } from './testdata/agrees.ts'
import { fleets } from './testdata/fleets.ts'
import { play } from './testdata/play.ts'

vi.mock('../../../packages/engine/sandbox/read-inventory.ts', () => import('./testdata/sandbox-double.ts'))

const runs = Number(process.env['PLIMSOLL_SOAK_FLEETS'] ?? 2000)

test(`${runs} generated fleets agree with a recount from the facts`, async () => {
  let steps = 0
  await fc.assert(
    fc.asyncProperty(fleets, async fleet => {
      await play(fleet, async (played, step, isLast) => {
        await agrees(played, step, isLast)
        steps += 1
      })
    }),
    { numRuns: runs },
  )
  console.info(`${runs} fleets in ${steps} steps`)
  expect(steps).toBeGreaterThan(runs)
}, 7_200_000)
