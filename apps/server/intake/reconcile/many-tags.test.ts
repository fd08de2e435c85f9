import { afterAll, expect, test } from 'vitest'
import { cleanUp } from '../../testdata/server-process.ts'
import { reconcileManyTags } from './testdata/many-tags-figures.ts'

afterAll(cleanUp)

// The same with 100,000 is in the soak test.
test('of 450 tags nothing is missed, and a deletion among them is seen at the next look', async () => {
  const figures = await reconcileManyTags(450, { presence: 500, doubt: 0 })
  expect(figures).toMatchObject({ scansAsked: 450, tagsKnown: 450, presenceAsked: 450 })
})
