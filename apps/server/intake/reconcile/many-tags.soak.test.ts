import { afterAll, expect, test } from 'vitest'
import { cleanUp } from '../../testdata/server-process.ts'
import { reconcileManyTags } from './testdata/many-tags-figures.ts'

afterAll(cleanUp, 600_000)

test('a repository of 100,000 tags', { timeout: 1_800_000 }, async () => {
  const figures = await reconcileManyTags(100_000)
  console.info(JSON.stringify(figures))
  expect(figures).toMatchObject({ scansAsked: 100_000, tagsKnown: 100_000, presenceAsked: 100_000 })
  expect(figures.grown).toBeLessThan(150)
})
