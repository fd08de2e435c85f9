import { expect, test } from 'vitest'
import { localPath } from './local-path.ts'

test('a path of the portal is kept with its query', () => {
  expect(localPath('/findings?sev=critical#row')).toBe('/findings?sev=critical#row')
})

test.each([
  null,
  '',
  'findings',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  'javascript:alert(1)',
  '/sign-in?next=/',
])('%j leads to the overview', next => {
  expect(localPath(next)).toBe('/')
})
