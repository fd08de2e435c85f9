import type { ScopeTree, SubscriptionDetail } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { groupChoices, scopeRows } from './scope-rows.ts'

const subscription = (id: string, managementGroupId: string, plan: 'on' | 'off'): SubscriptionDetail => ({
  id,
  name: id,
  managementGroupId,
  plan,
  planChangedAt: null,
  planChangedBy: null,
  cloud: 'commercial',
  triggers: { push: true, pull: true, import: true, running: false },
  effectiveTriggers: [],
  rescanEveryDays: 7,
  scanLimitMinutes: 40,
  registries: 0,
  images: 0,
  chargedImages: 0,
})
const tree: ScopeTree = {
  groups: [
    { id: 'tenant', name: 'Tenant', parentId: null, subscriptions: 2 },
    { id: 'world', name: 'World', parentId: 'tenant', subscriptions: 1 },
    { id: 'africa', name: 'Africa', parentId: 'tenant', subscriptions: 0 },
    { id: 'europe', name: 'Europe', parentId: 'world', subscriptions: 1 },
  ],
  subscriptions: [subscription('shop', 'europe', 'on'), subscription('lab', 'tenant', 'off')],
  registries: [
    { id: 'r1', name: 'zebra', subscriptionId: 'shop', resourceGroup: 'west' },
    { id: 'r2', name: 'ape', subscriptionId: 'shop', resourceGroup: null },
  ],
}

test('the tree is read from above: groups, subscriptions, resource groups, registries, each by name', () => {
  expect(scopeRows(tree).map(({ depth, name }) => `${'  '.repeat(depth)}${name}`)).toEqual([
    'Tenant',
    '  Africa',
    '  World',
    '    Europe',
    '      shop',
    '        ape',
    '        west',
    '          zebra',
    '  lab',
  ])
})

test('a group says how many plans under it are on, and whether it holds anything', () => {
  const groups = scopeRows(tree).filter(row => row.kind === 'group')
  expect(groups.map(({ name, plansOn, empty }) => [name, plansOn, empty])).toEqual([
    ['Tenant', 1, false],
    ['Africa', 0, true],
    ['World', 1, false],
    ['Europe', 1, false],
  ])
})

test('a group can go under any other but itself and what is under it', () => {
  expect(groupChoices(tree).map(each => each.label)).toEqual([
    'Tenant',
    'Tenant / Africa',
    'Tenant / World',
    'Tenant / World / Europe',
  ])
  expect(groupChoices(tree, 'world').map(each => each.value)).toEqual(['tenant', 'africa'])
})
