import { expect, test, vi } from 'vitest'
import { holdFleets } from './testdata/hold.ts'

vi.mock('../../../packages/engine/sandbox/read-inventory.ts', () => import('./testdata/sandbox-double.ts'))

test('whatever happens, every count, list and score is that of a recount from the facts', async () => {
  expect(await holdFleets(20)).toBeGreaterThan(20)
}, 120_000)
