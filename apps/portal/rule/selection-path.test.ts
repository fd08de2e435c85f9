import type { FindingFilter } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { filterOf, pathOfFilter } from './selection-path.ts'

const paramsOf = (path: string) => new URLSearchParams(path.split('?')[1])

test.each<FindingFilter>([
  { status: 'open' },
  { status: 'undetermined', q: 'a&b=c #?', severity: ['Critical', 'Low'], fix: 'none', kev: false },
  {
    status: 'open',
    scope: { kind: 'subscription', ids: ['a', 'b'] },
    registryId: 'r',
    repository: 'team/api',
  },
])('the editor reads what the list chose: %j', filter => {
  expect(filterOf(paramsOf(pathOfFilter(filter)))).toEqual({ filter, ignored: [] })
})

test('what cannot be understood is told, for a rule without it would disable more', () => {
  const address = new URLSearchParams({ matching: 'sev=awful&fix=none&repo=team/api&scope=everywhere' })
  expect(filterOf(address)?.ignored).toEqual(['sev=awful', 'repo=team/api', 'scope=everywhere'])
  expect(filterOf(new URLSearchParams({ from: '1' }))).toBeNull()
})
