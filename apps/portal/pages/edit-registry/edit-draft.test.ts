import type { RegistryDetail } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { draftOf, readChange, replaced } from './edit-draft.ts'

const counts = { Critical: 0, High: 0, Medium: 0, Low: 0, Unknown: 0 }
const registry: RegistryDetail = {
  id: 'r1',
  name: 'shop',
  kind: 'harbor',
  url: 'https://harbor.example',
  subscription: { id: 's1', name: 'Shop' },
  resourceGroup: null,
  plan: 'on',
  health: 'healthy',
  healthReason: null,
  images: { unhealthy: 0, healthy: 0, undecided: 0, notApplicable: 0, notScanned: 0, failed: 0 },
  findings: {
    open: counts,
    patchable: counts,
    disabled: 0,
    undetermined: 0,
    unimportant: 0,
    kernelHeaders: 0,
  },
  repositories: 0,
  lastPushedAt: null,
  lastPushTold: false,
  lastScannedAt: null,
  connectionError: null,
  connectionCode: null,
  reconciledAt: null,
  webhook: null,
  vulnerableImages: counts,
  credentialKind: 'password',
  hasCertificateAuthority: true,
  proxy: null,
  repositoriesWatched: ['a', 'b'],
  eventIdentity: {},
  lastEventAt: null,
}

test('secrets and certificates that are not replaced are left out, so that the stored ones stay', () => {
  const read = readChange(registry, { ...draftOf(registry), name: ' shop 2 ' })
  expect(read).toEqual({
    change: {
      registryId: 'r1',
      name: 'shop 2',
      subscriptionId: 's1',
      resourceGroup: null,
      eventIdentity: {},
      proxy: null,
      repositories: ['a', 'b'],
    },
    connection: {
      registryId: 'r1',
      address: 'https://harbor.example',
      allowPlainHttp: false,
      proxy: null,
      repositories: ['a', 'b'],
    },
  })
})

test('what is replaced is sent and tested; an empty certificate drops the one that is set', () => {
  const credentials = { ...replaced, username: 'robot', password: 'secret' }
  const read = readChange(registry, { ...draftOf(registry), credentials, certificateAuthority: '' })
  expect('change' in read && read.change).toMatchObject({
    credentials: { kind: 'password', username: 'robot', password: 'secret' },
    certificateAuthority: null,
  })
  expect('connection' in read && read.connection.credentials).toMatchObject({ username: 'robot' })
})

test('half of a pair of credentials is not sent', () => {
  const read = readChange(registry, { ...draftOf(registry), credentials: { ...replaced, username: 'robot' } })
  expect('problems' in read && Object.keys(read.problems)).toEqual(['password'])
})
