import type { RegistryChange, RegistryDetail } from '@plimsoll/types'
import {
  type ConnectionAsked,
  type CredentialDraft,
  emptyCredentials,
  type Problems,
  readCredentials,
  readNetwork,
} from '../../connection/connection-draft.ts'

/** A registry as it is being changed. Null stands for secrets and certificates that stay as they are. */
export interface EditDraft {
  readonly name: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly credentials: CredentialDraft | null
  readonly certificateAuthority: string | null
  readonly proxy: string
  readonly repositories: string
  readonly serviceAccount: string
}

export const draftOf = (registry: RegistryDetail): EditDraft => ({
  name: registry.name,
  subscriptionId: registry.subscription.id,
  resourceGroup: registry.resourceGroup ?? '',
  credentials: null,
  certificateAuthority: registry.hasCertificateAuthority ? null : '',
  proxy: registry.proxy ?? '',
  repositories: registry.repositoriesWatched.join('\n'),
  serviceAccount: registry.eventIdentity.serviceAccount ?? '',
})

export const replaced: CredentialDraft = { ...emptyCredentials, kind: 'password' }

/** What is to be changed, and how to test it beforehand; or what is wrong, by field. */
export function readChange(
  registry: RegistryDetail,
  draft: EditDraft,
): { change: RegistryChange; connection: ConnectionAsked } | { problems: Problems } {
  const network = readNetwork({ ...draft, certificateAuthority: draft.certificateAuthority ?? '' })
  const given = draft.credentials === null ? null : readCredentials(draft.credentials)
  const problems: Problems = {
    ...(draft.name.trim() === '' && { name: 'Give a name.' }),
    ...network.problems,
    ...given?.problems,
  }
  if (Object.keys(problems).length > 0) return { problems }
  const { proxy, repositories, eventIdentity } = network
  const asked = {
    ...(given !== null && { credentials: given.credentials }),
    ...(draft.certificateAuthority !== null && { certificateAuthority: network.certificateAuthority }),
    proxy,
    repositories,
  }
  const url = registry.url ?? ''
  return {
    change: {
      registryId: registry.id,
      name: draft.name.trim(),
      subscriptionId: draft.subscriptionId,
      resourceGroup: draft.resourceGroup.trim() || null,
      eventIdentity,
      ...asked,
    },
    connection: {
      registryId: registry.id,
      address: url,
      allowPlainHttp: url.startsWith('http://'),
      ...asked,
    },
  }
}
