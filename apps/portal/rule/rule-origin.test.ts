import type { FindingDetail, ScopeTree } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { placeRows, readPlace } from './place.ts'
import { draftOfFinding, draftOfParams, widthsOf } from './rule-origin.ts'
import { pathOfSelection } from './selection-path.ts'

const tree = {
  groups: [
    { id: 'tenant', name: 'Contoso', parentId: null, subscriptions: 1 },
    { id: 'europe', name: 'Europe', parentId: 'tenant', subscriptions: 1 },
  ],
  subscriptions: [{ id: 'shop', name: 'Shop', managementGroupId: 'europe' }],
  registries: [{ id: 'r1', name: 'main', subscriptionId: 'shop', resourceGroup: 'west' }],
} as unknown as ScopeTree
const finding = {
  vulnerabilityId: 'CVE-2024-1',
  sourceName: 'openssl',
  registryId: 'r1',
  repository: 'team/api',
} as FindingDetail
const rows = placeRows(tree)

test('the tree has a line for all that a rule may be of, each with what is above it', () => {
  expect(rows.map(({ key, depth, above }) => [key, depth, above.length])).toEqual([
    ['tenant:tenant', 0, 0],
    ['management-group:europe', 1, 1],
    ['subscription:shop', 2, 2],
    ['registry:r1', 3, 3],
  ])
  expect(rows.map(({ key }) => readPlace(key))).toEqual(rows.map(({ kind, id }) => ({ kind, id })))
  expect(readPlace('planet:earth')).toBeNull()
})

test('from a finding comes the narrowest rule, which can be widened step by step', () => {
  expect(draftOfFinding(finding, 0)).toMatchObject({
    match: 'all',
    cves: 'CVE-2024-1',
    ids: '',
    packages: 'openssl',
    repository: 'team/api',
    place: { kind: 'registry', id: 'r1' },
  })
  expect(draftOfFinding({ ...finding, vulnerabilityId: 'GHSA-1' }, 0)).toMatchObject({
    cves: '',
    ids: 'GHSA-1',
  })
  expect(widthsOf(finding, rows)).toEqual([
    { label: 'Repository team/api', place: { kind: 'registry', id: 'r1' }, repository: 'team/api' },
    { label: 'Registry main', place: { kind: 'registry', id: 'r1' }, repository: '' },
    { label: 'Subscription Shop', place: { kind: 'subscription', id: 'shop' }, repository: '' },
    { label: 'All of Contoso', place: { kind: 'tenant', id: 'tenant' }, repository: '' },
  ])
})

test('findings chosen together open the editor with their ids, in the place that holds them all', () => {
  const draftOf = (chosen: Parameters<typeof pathOfSelection>[0]) => {
    const params = new URL(pathOfSelection(chosen), 'http://portal.invalid').searchParams
    return draftOfParams(params, readPlace(params.get('at')), 0)
  }
  const other = { vulnerabilityId: 'GHSA-1', registryId: 'r1', repository: 'team/web' }
  expect(draftOf([finding, finding])).toMatchObject({
    cves: 'CVE-2024-1',
    place: { kind: 'registry', id: 'r1' },
    repository: 'team/api',
    match: 'any',
  })
  expect(draftOf([finding, other])).toMatchObject({
    cves: 'CVE-2024-1',
    ids: 'GHSA-1',
    place: { kind: 'registry', id: 'r1' },
    repository: '',
  })
  expect(draftOf([finding, { ...other, registryId: 'r2' }])).toMatchObject({
    place: { kind: 'tenant', id: 'tenant' },
    repository: '',
  })
})
