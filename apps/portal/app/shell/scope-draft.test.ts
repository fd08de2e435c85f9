import type { ScopeTree } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { mostIds } from '../../lib/scope.ts'
import { placeRows } from '../../rule/place.ts'
import { choicesOf, chosen, isFull, type ScopeDraft } from './scope-draft.ts'

/** Groups of subscriptions of registries, so many of each. */
const estate = (groups: number, subscriptions: number, registries: number) =>
  placeRows({
    groups: [
      { id: 'tenant', name: 'Contoso', parentId: null },
      ...upTo(groups).map(each => ({ id: `g${each}`, name: `Group ${each}`, parentId: 'tenant' })),
    ],
    subscriptions: upTo(subscriptions).map(each => ({
      id: `s${each}`,
      name: `Line ${each}`,
      managementGroupId: `g${each % groups}`,
    })),
    registries: upTo(registries).map(each => ({
      id: `r${each}`,
      name: `registry ${each}`,
      subscriptionId: `s${each % subscriptions}`,
      resourceGroup: null,
    })),
  } as unknown as ScopeTree)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
const nothing = { draft: null, sought: '', open: new Set<string>() } as const
const kinds = (shown: readonly { kind: string }[], kind: string) => shown.filter(each => each.kind === kind)

test('subscriptions add up, of all else one is chosen, and the tenant is everything', () => {
  const steps: [kind: 'tenant' | 'management-group' | 'subscription' | 'registry', id: string, ScopeDraft][] =
    [
      ['subscription', 's1', { kind: 'subscription', ids: ['s1'] }],
      ['subscription', 's2', { kind: 'subscription', ids: ['s1', 's2'] }],
      ['subscription', 's1', { kind: 'subscription', ids: ['s2'] }],
      ['registry', 'r1', { kind: 'registry', ids: ['r1'] }],
      ['registry', 'r2', { kind: 'registry', ids: ['r2'] }],
      ['subscription', 's1', { kind: 'subscription', ids: ['s1'] }],
      ['subscription', 's1', null],
      ['management-group', 'g1', { kind: 'management-group', ids: ['g1'] }],
      ['tenant', 'tenant', null],
    ]
  let draft: ScopeDraft = null
  for (const [kind, id, after] of steps) {
    draft = chosen(draft, { kind, id })
    expect(draft).toEqual(after)
  }
})

test('no more subscriptions are ticked than an address holds', () => {
  let draft: ScopeDraft = null
  for (const each of upTo(mostIds)) {
    expect(isFull(draft)).toBe(false)
    draft = chosen(draft, { kind: 'subscription', id: `s${each}` })
  }
  expect(isFull(draft)).toBe(true)
})

test('a small estate is shown whole', () => {
  const { shown, hidden } = choicesOf(estate(1, 2, 4), nothing)
  expect(shown.map(({ key }) => key)).toEqual([
    'tenant:tenant',
    'management-group:g0',
    'subscription:s0',
    'registry:r0',
    'registry:r2',
    'subscription:s1',
    'registry:r1',
    'registry:r3',
  ])
  expect(shown.every(({ open }) => open === undefined)).toBe(true)
  expect(shown.filter(row => row.chosen).map(({ key }) => key)).toEqual(['tenant:tenant'])
  expect(hidden).toBe(0)
})

test('of a large one, registries are shown below open subscriptions, not more than can be looked through', () => {
  const rows = estate(10, 133, 13_300)
  const closed = choicesOf(rows, nothing)
  expect(closed).toMatchObject({ hidden: 0, shown: { length: 1 + 10 + 133 } })
  expect(closed.shown.filter(({ open }) => open === false)).toHaveLength(133)
  const { shown, hidden } = choicesOf(rows, { ...nothing, open: new Set(['subscription:s7']) })
  expect(kinds(shown, 'subscription')).toHaveLength(133)
  expect(kinds(shown, 'registry').length + hidden).toBe(100)
  expect(hidden).toBeGreaterThan(0)
})

test('a chosen registry is shown however far down it stands', () => {
  const rows = estate(1, 1, 500)
  const open = new Set(['subscription:s0'])
  const last = rows.at(-1)!
  const draft: ScopeDraft = { kind: 'registry', ids: [last.id] }
  expect(kinds(choicesOf(rows, { ...nothing, open }).shown, 'registry')).not.toContainEqual(
    expect.objectContaining({ id: last.id }),
  )
  expect(choicesOf(rows, { ...nothing, draft, open }).shown.filter(row => row.chosen)).toEqual([
    expect.objectContaining({ id: last.id }),
  ])
})

test('the search finds registries with what is above them, and says how many it does not show', () => {
  const rows = estate(10, 133, 1000)
  expect(choicesOf(rows, { ...nothing, sought: ' REGISTRY 777 ' }).shown.map(({ kind }) => kind)).toEqual([
    'tenant',
    'management-group',
    'subscription',
    'registry',
  ])
  const { shown, hidden } = choicesOf(rows, { ...nothing, sought: 'registry' })
  expect(shown.length + hidden).toBe(1 + 10 + 133 + 1000)
  expect(shown.length).toBeLessThan(500)
  expect(choicesOf(rows, { ...nothing, sought: 'nowhere' })).toEqual({ shown: [], hidden: 0 })
})
