import { afterAll, expect, test } from 'vitest'
import { cleanUp } from '../testdata/server-process.ts'
import { modelOf } from './testdata/model.ts'
import { makeOperations, makePool } from './testdata/operations.ts'
import { storm } from './testdata/storm.ts'

afterAll(cleanUp, 60_000)

test('operations while the server is killed 200 times', { timeout: 1_800_000 }, async () => {
  const pool = makePool(200)
  for (const seed of [1, 2, 3, 4]) {
    const operations = makeOperations(seed, 500, pool.length)
    const { state, violations, figures } = await storm(operations, pool, { kills: 50, seed })
    console.info(JSON.stringify({ seed, ...figures }))
    expect(Object.entries(violations).filter(([, count]) => count > 0)).toEqual([])
    expect(state).toEqual(modelOf(operations, pool))
  }
})
