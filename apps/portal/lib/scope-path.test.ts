import type { ScopeTree, SubscriptionDetail } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { subscriptionChoices } from './scope-path.ts'

const settings: Omit<SubscriptionDetail, 'id' | 'name' | 'managementGroupId'> = {
  plan: 'on',
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
}

test('subscriptions go by name and path, and the tenant is named where a name is shared', () => {
  const tree: ScopeTree = {
    groups: [
      { id: 'tenant', name: 'Tenant', parentId: null, subscriptions: 4 },
      { id: 'plants', name: 'Plants', parentId: 'tenant', subscriptions: 2 },
      { id: 'hall-7', name: 'Hall 7', parentId: 'plants', subscriptions: 1 },
    ],
    subscriptions: [
      { ...settings, id: 'a', name: 'Line 1', managementGroupId: 'hall-7' },
      { ...settings, id: 'b', name: 'Line 1', managementGroupId: 'tenant' },
      { ...settings, id: 'c', name: 'Lab', managementGroupId: 'plants' },
      { ...settings, id: 'd', name: 'Default', managementGroupId: 'tenant' },
    ],
    registries: [],
  }
  expect(subscriptionChoices(tree).map(({ label }) => label)).toEqual([
    'Line 1 in Plants / Hall 7',
    'Line 1 in Tenant',
    'Lab in Plants',
    'Default',
  ])
})
