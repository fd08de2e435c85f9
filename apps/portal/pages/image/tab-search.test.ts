import { expect, test } from 'vitest'
import { tabSearch } from './tab-search.ts'

test('a number leads to its rows alone, whatever the list was filtered by before', () => {
  const params = new URLSearchParams('repo=team/api&tab=layers&layer=a&q=ssl&page=3&explain=CVE-2024-1')
  expect(tabSearch(params, null, { origin: 'base' })).toBe('?explain=CVE-2024-1&origin=base&repo=team%2Fapi')
  expect(tabSearch(params, 'packages', { layer: 'b' })).toBe(
    '?explain=CVE-2024-1&layer=b&repo=team%2Fapi&tab=packages',
  )
  expect(tabSearch(params, 'coverage')).toBe('?explain=CVE-2024-1&repo=team%2Fapi&tab=coverage')
})
