import { afterAll, expect, test } from 'vitest'
import { cleanUp } from '../testdata/server-process.ts'
import { modelOf } from './testdata/model.ts'
import { makeOperations, makePool } from './testdata/operations.ts'
import { storm } from './testdata/storm.ts'

afterAll(cleanUp)

const seed = 20_261_128

// 200 kills among 2,000 operations are in the soak test. A scan that was cut off five times is given up, so these are fewer.
test('150 operations while the server is killed 4 times end as if it had not been', async () => {
  const pool = makePool(60)
  const operations = makeOperations(seed, 150, pool.length)
  const expected = modelOf(operations, pool)
  const killed = await storm(operations, pool, { kills: 4, seed })
  const undisturbed = await storm(operations, pool, { kills: 0, seed })
  console.info(JSON.stringify({ killed: killed.figures, undisturbed: undisturbed.figures }))
  for (const { violations } of [killed, undisturbed]) {
    expect(Object.entries(violations).filter(([, count]) => count > 0)).toEqual([])
  }
  expect(undisturbed.state).toEqual(expected)
  expect(killed.state).toEqual(expected)
})
