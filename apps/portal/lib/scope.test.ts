import {
  type Scope,
  type ScopeTree,
  scopeKinds,
  scopeSchema,
  readScope as serverReads,
  writeScope as serverWrites,
} from '@plimsoll/types'
import { expect, test } from 'vitest'
import {
  missingWords,
  mostIds,
  readScope,
  registriesOutside,
  scopeName,
  scopeWords,
  writeScope,
} from './scope.ts'

const tree = {
  groups: [
    { id: 'tenant', name: 'Tenant', parentId: null },
    { id: 'plants', name: 'Plants', parentId: 'tenant' },
    { id: 'hall-7', name: 'Hall 7', parentId: 'plants' },
  ],
  subscriptions: [
    { id: 'line-1', name: 'Line 1', managementGroupId: 'hall-7' },
    { id: 'shop', name: 'Shop', managementGroupId: 'tenant' },
  ],
  registries: [
    { id: 'r1', name: 'presses', subscriptionId: 'line-1', resourceGroup: null },
    { id: 'r2', name: 'tills', subscriptionId: 'shop', resourceGroup: null },
  ],
} as unknown as ScopeTree
const of = (kind: Scope['kind'], ...ids: string[]): Scope => ({ kind, ids })

test.each(scopeKinds)('a scope of the kind %s survives the way to the address and back', kind => {
  const scope = of(kind, 'a', 'b')
  expect(readScope(writeScope(scope))).toEqual(scope)
  expect(scopeSchema.parse(readScope(`${kind}:b,a,b`))).toEqual(scope)
  expect(writeScope(of(kind, 'b', 'a'))).toBe(serverWrites(scope))
  expect(serverReads(writeScope(scope))).toEqual(scope)
})

test.each([
  null,
  '',
  'plants',
  'planet:earth',
  'constructor:a',
  'subscription:',
  'subscription:a,,b',
  `registry:${'r'.repeat(101)}`,
  `registry:${Array.from({ length: mostIds + 1 }, (_, index) => index).join(',')}`,
])('nonsense is no scope: %s', text => {
  expect(readScope(text)).toBeNull()
  expect(serverReads(text ?? '')).toBeNull()
})

test('as many are taken as the API takes', () => {
  const ids = Array.from({ length: mostIds }, (_, index) => `s${index}`)
  expect(scopeSchema.safeParse(readScope(`subscription:${ids.join(',')}`)).success).toBe(true)
  expect(scopeSchema.safeParse(of('subscription', ...ids, 'one-more')).success).toBe(false)
})

test('it goes by the name of its node, or by how many there are', () => {
  expect(scopeName(of('management-group', 'plants'), tree)).toBe('Plants')
  expect(scopeName(of('registry', 'r1'), tree)).toBe('presses')
  expect(scopeName(of('subscription', 'line-1', 'shop'), tree)).toBe('2 subscriptions')
  expect(scopeName(of('registry', 'r9'), tree)).toBe('registry r9')
  expect(scopeName(of('registry', 'r1'), undefined)).toBe('registry r1')
  expect(scopeWords(of('subscription', 'line-1', 'shop'), tree)).toBe('Line 1 in Plants / Hall 7, Shop')
})

test('what of it is not there is named', () => {
  expect(missingWords(of('subscription', 'line-1', 'shop'), tree)).toBeNull()
  expect(missingWords(of('subscription', 'line-1', 'x'), tree)).toBe('subscription x')
  expect(missingWords(of('registry', 'x', 'y'), tree)).toBe('registries x, y')
})

test('a group holds the registries at any depth below it', () => {
  const outside = (scope: Scope) => [...registriesOutside(scope, tree)]
  expect(outside(of('management-group', 'tenant'))).toEqual([])
  expect(outside(of('management-group', 'plants'))).toEqual(['r2'])
  expect(outside(of('subscription', 'shop'))).toEqual(['r1'])
  expect(outside(of('registry', 'r1'))).toEqual(['r2'])
})
