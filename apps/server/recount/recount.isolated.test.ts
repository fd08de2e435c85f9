import { expect, test, vi } from 'vitest'
import { holdFleets } from './testdata/hold.ts'

vi.mock('../../../packages/engine/sandbox/read-inventory.ts', () => import('./testdata/sandbox-double.ts'))

test('whatever happens, every count, list and score is that of a recount from the facts', async () => {
  // The same each time, so that a failure is about what was changed; recount.soak.test.ts makes others.
  expect(await holdFleets(20, 2026)).toBeGreaterThan(20)
}, 120_000)
