import { expect, test } from 'vitest'
import {
  type ConnectionDraft,
  emptyConnection,
  emptyCredentials,
  readConnection,
} from './connection-draft.ts'

const draft = (part: Partial<ConnectionDraft>): ConnectionDraft => ({
  ...emptyConnection('s1'),
  address: 'registry.example',
  ...part,
})
const problemsOf = (part: Partial<ConnectionDraft>) => {
  const read = readConnection(draft(part))
  return 'problems' in read ? Object.keys(read.problems) : []
}

test('what is left empty is left to the server or said to be none', () => {
  expect(readConnection(draft({}))).toEqual({
    connection: {
      address: 'registry.example',
      credentials: { kind: 'none' },
      certificateAuthority: null,
      allowPlainHttp: false,
      proxy: null,
      repositories: [],
    },
    registry: {
      address: 'registry.example',
      credentials: { kind: 'none' },
      certificateAuthority: null,
      allowPlainHttp: false,
      proxy: null,
      repositories: [],
      subscriptionId: 's1',
      resourceGroup: null,
      eventIdentity: {},
    },
  })
})

test('plain http needs its check box, which means nothing for another address', () => {
  expect(problemsOf({ address: 'http://registry.example' })).toEqual(['allowPlainHttp'])
  expect(problemsOf({ address: 'HTTP://registry.example', allowPlainHttp: true })).toEqual([])
  const read = readConnection(draft({ allowPlainHttp: true }))
  expect('connection' in read && read.connection.allowPlainHttp).toBe(false)
})

test('only the fields of the chosen form are asked for and sent', () => {
  const filled = { ...emptyCredentials, username: ' ada ', password: ' kept as it is ', token: 't' }
  expect(problemsOf({ credentials: { ...filled, kind: 'password', password: '' } })).toEqual(['password'])
  expect(problemsOf({ credentials: { ...emptyCredentials, kind: 'ecr' } })).toEqual([
    'accessKeyId',
    'secretAccessKey',
  ])
  const read = readConnection(draft({ credentials: { ...filled, kind: 'password' } }))
  expect('connection' in read && read.connection.credentials).toEqual({
    kind: 'password',
    username: 'ada',
    password: ' kept as it is ',
  })
})

test('says what is wrong with a certificate, a proxy, a service account or no address', () => {
  expect(
    problemsOf({ address: ' ', certificateAuthority: 'x', proxy: 'proxy:1', serviceAccount: 'nobody' }),
  ).toEqual(['address', 'certificateAuthority', 'proxy', 'serviceAccount'])
})

test('repositories are named one per line, each once', () => {
  const read = readConnection(draft({ repositories: ' team/api \n\nteam/web, team/api' }))
  expect('connection' in read && read.connection.repositories).toEqual(['team/api', 'team/web'])
})
