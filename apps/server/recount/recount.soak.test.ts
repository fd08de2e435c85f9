import { expect, test, vi } from 'vitest'
import { holdFleets } from './testdata/hold.ts'

vi.mock('../../../packages/engine/sandbox/read-inventory.ts', () => import('./testdata/sandbox-double.ts'))

const fleets = Number(process.env['PLIMSOLL_SOAK_FLEETS'] ?? 2000)

test(`${fleets} generated fleets agree with a recount from the facts`, async () => {
  const steps = await holdFleets(fleets)
  console.info(`${fleets} fleets in ${steps} steps`)
  expect(steps).toBeGreaterThan(fleets)
}, 7_200_000)
