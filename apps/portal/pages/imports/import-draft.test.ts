import { expect, test } from 'vitest'
import { emptyCredentials } from '../../connection/connection-draft.ts'
import { emptyImport, readImport, sourceOf } from './import-draft.ts'

test('what is left empty is left to the server', () => {
  expect(readImport(emptyImport('r1', ' docker.io/library/debian:12 ', false))).toEqual({
    image: { source: 'docker.io/library/debian:12', registryId: 'r1', sourcePlainHttp: false },
  })
})

test('what is given is sent, with the scheme of an address, which chooses how it is asked', () => {
  const draft = {
    ...emptyImport('r1', 'http://127.0.0.1:5000/a/b:1', true),
    repository: 'c',
    tag: '2',
    platform: 'linux/arm64',
    credentials: { ...emptyCredentials, kind: 'password' as const, username: 'u', password: 'p' },
  }
  expect(readImport(draft)).toEqual({
    image: {
      source: 'http://127.0.0.1:5000/a/b:1',
      registryId: 'r1',
      sourcePlainHttp: true,
      sourceCredentials: { kind: 'password', username: 'u', password: 'p' },
      repository: 'c',
      tag: '2',
      platform: 'linux/arm64',
    },
  })
})

test('says what is missing', () => {
  const draft = {
    ...emptyImport('r1', ' ', false),
    credentials: { ...emptyCredentials, kind: 'token' as const },
  }
  const read = readImport(draft)
  expect('problems' in read && Object.keys(read.problems)).toEqual(['source', 'token'])
})

test('an image of a connected registry is a source by its digest', () => {
  expect(sourceOf('https://registry.example:5000', 'a/b', 'sha256:1')).toBe(
    'registry.example:5000/a/b@sha256:1',
  )
  expect(sourceOf(null, 'a/b', 'sha256:1')).toBe('')
  expect(sourceOf('https://registry.example', null, null)).toBe('')
})
