import { expect, test } from 'vitest'
import { insightLinks } from './insight-links.ts'

test('each insight leads to the rows that it counts', () => {
  expect(insightLinks({ knownExploited: 1012, fixable: 37, rulesEnding: 2 })).toEqual([
    { text: '1,012 known exploited', to: '/findings?kev=1' },
    { text: '37 can be fixed', to: '/findings?fix=available' },
    { text: '2 rules end within 14 days', to: '/rules?status=expiring' },
  ])
})

test('what counts nothing is left out, but not that nothing can be known', () => {
  const texts = (knownExploited: number | null, rulesEnding: number) =>
    insightLinks({ knownExploited, fixable: 0, rulesEnding }).map(({ text }) => text)
  expect(texts(0, 0)).toEqual([])
  expect(texts(null, 1)).toEqual(['No list of known exploited ones imported', '1 rule ends within 14 days'])
})
