import { createPath } from 'react-router-dom'
import { expect, test } from 'vitest'
import { registryOf, withoutScope, withScope } from './scoped-address.ts'

const carried = (to: Parameters<typeof withScope>[0], scope: string | null = 'subscription:a,b') => {
  const scoped = withScope(to, scope)
  return typeof scoped === 'string' ? scoped : createPath(scoped)
}

test('an address takes the scope along, its parameters sorted and its place on the page kept', () => {
  expect(carried('/')).toBe('/?scope=subscription%3Aa%2Cb')
  expect(carried('/findings?status=disabled&kev=1')).toBe(
    '/findings?kev=1&scope=subscription%3Aa%2Cb&status=disabled',
  )
  expect(carried('/settings#advisories')).toBe('/settings?scope=subscription%3Aa%2Cb#advisories')
  expect(carried({ search: '?page=2' })).toBe('/?page=2&scope=subscription%3Aa%2Cb')
})

test('values that stand several times, and slashes, come through whole', () => {
  const url = new URL(carried('/rules/new?repo=team%2Fapi&cve=b&cve=a'), 'http://portal.invalid')
  expect(url.searchParams.getAll('cve')).toEqual(['b', 'a'])
  expect(url.searchParams.get('repo')).toBe('team/api')
})

test('an address with a scope of its own keeps that, and without a scope nothing changes', () => {
  expect(carried('/images?scope=registry%3Ar1')).toBe('/images?scope=registry%3Ar1')
  expect(carried('/rules?b=1&a=2', null)).toBe('/rules?b=1&a=2')
})

test('an address of all there is has none', () => {
  expect(withoutScope('/images?scope=registry%3Ar1&sub=s1')).toMatchObject({
    pathname: '/images',
    search: '?sub=s1',
  })
  expect(withoutScope({ search: '?scope=registry%3Ar1' })).toMatchObject({ search: '' })
})

test('the registry whose rows it lists is read from it', () => {
  expect(registryOf('/findings?reg=r1&status=closed')).toBe('r1')
  expect(registryOf('/registries/r1')).toBeNull()
})
