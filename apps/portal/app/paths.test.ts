import { matchPath } from 'react-router-dom'
import { expect, test } from 'vitest'
import { paths } from './paths.ts'

const digest = `sha256:${'ab'.repeat(32)}`

test('a repository name with slashes is one path and comes back whole', () => {
  const path = paths.repository('r1', 'team/api/worker')
  expect(path).toBe('/registries/r1/repositories/team/api/worker')
  expect(matchPath('/registries/:registryId/repositories/*', path)?.params).toEqual({
    registryId: 'r1',
    '*': 'team/api/worker',
  })
})

test('an image is named by its digest and, as an occurrence, by its repository', () => {
  const url = new URL(
    paths.image({ registryId: 'r1', repository: 'team/api', digest }),
    'http://portal.invalid',
  )
  expect(matchPath('/registries/:registryId/images/:digest', url.pathname)?.params).toEqual({
    registryId: 'r1',
    digest,
  })
  expect(url.searchParams.get('repo')).toBe('team/api')
})

test('ids cannot leave their segment', () => {
  expect(paths.finding('a/../b?c')).toBe('/findings/a%2F..%2Fb%3Fc')
})

test('scans are listed by state, lane and registry', () => {
  expect(paths.scansOf({})).toBe('/scans')
  expect(paths.scansOf({ state: 'queued', lane: 'background', registryId: 'r1' })).toBe(
    '/scans?lane=background&reg=r1&state=queued',
  )
})

test('images are listed by result and place, all of them at the plain address', () => {
  expect(paths.imagesOf({})).toBe('/images')
  expect(paths.imagesOf({ registryId: 'r1', repository: 'team/api', health: 'failed' })).toBe(
    '/images?health=failed&reg=r1&repo=team%2Fapi',
  )
  expect(paths.imagesOf({ subscriptionId: 's1' })).toBe('/images?sub=s1')
})
