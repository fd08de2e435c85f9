import type {
  ConnectableKind,
  CredentialKind,
  NewRegistry,
  RegistryConnection,
  RegistryCredentials,
} from '@plimsoll/types'
import { copy } from './copy.ts'

/** Fields of all forms of credentials; which of them count is the form's that is chosen. */
export interface CredentialDraft {
  readonly kind: CredentialKind
  readonly username: string
  readonly password: string
  readonly token: string
  readonly refreshToken: string
  readonly clientId: string
  readonly clientSecret: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly key: string
}
export type CredentialField = Exclude<keyof CredentialDraft, 'kind'>

export const emptyCredentials: CredentialDraft = {
  kind: 'none',
  username: '',
  password: '',
  token: '',
  refreshToken: '',
  clientId: '',
  clientSecret: '',
  accessKeyId: '',
  secretAccessKey: '',
  region: '',
  key: '',
}

/** Fields that each form asks for, in their order. */
export const fieldsOf: Readonly<Record<CredentialKind, readonly CredentialField[]>> = {
  none: [],
  password: ['username', 'password'],
  token: ['token'],
  'acr-refresh-token': ['refreshToken'],
  'acr-service-principal': ['clientId', 'clientSecret'],
  ecr: ['accessKeyId', 'secretAccessKey', 'region'],
  'google-key': ['key'],
}
const optionalFields: ReadonlySet<CredentialField> = new Set(['region'])

export interface ConnectionDraft {
  readonly address: string
  readonly kind: ConnectableKind | ''
  readonly name: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly credentials: CredentialDraft
  readonly certificateAuthority: string
  readonly allowPlainHttp: boolean
  readonly proxy: string
  readonly repositories: string
  readonly serviceAccount: string
}

export const emptyConnection = (subscriptionId: string): ConnectionDraft => ({
  address: '',
  kind: '',
  name: '',
  subscriptionId,
  resourceGroup: '',
  credentials: emptyCredentials,
  certificateAuthority: '',
  allowPlainHttp: false,
  proxy: '',
  repositories: '',
  serviceAccount: '',
})

export type Problems = Readonly<Partial<Record<keyof ConnectionDraft | CredentialField, string>>>

/** What a test asks with: what is left out the server has. */
export type ConnectionAsked = Partial<RegistryConnection> & {
  readonly address: string
  /** Of a registry that is connected already. */
  readonly registryId?: string
}

export const isPlainHttp = (address: string): boolean => /^http:\/\//i.test(address.trim())

/** The credentials as they are sent. Of a form that is not filled in, what is missing. */
export function readCredentials(draft: CredentialDraft): {
  credentials: RegistryCredentials
  problems: Problems
} {
  const missing = fieldsOf[draft.kind].filter(
    field => !optionalFields.has(field) && draft[field].trim() === '',
  )
  return {
    credentials: credentialsOf(draft),
    problems: Object.fromEntries(missing.map(field => [field, copy.needed])),
  }
}

function credentialsOf(draft: CredentialDraft): RegistryCredentials {
  const { kind } = draft
  switch (kind) {
    case 'none':
      return { kind }
    case 'password':
      return { kind, username: draft.username.trim(), password: draft.password }
    case 'token':
      return { kind, token: draft.token.trim() }
    case 'acr-refresh-token':
      return { kind, refreshToken: draft.refreshToken.trim() }
    case 'acr-service-principal':
      return { kind, clientId: draft.clientId.trim(), clientSecret: draft.clientSecret }
    case 'ecr': {
      const { accessKeyId, secretAccessKey, region } = draft
      const named = region.trim() === '' ? {} : { region: region.trim() }
      return { kind, accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim(), ...named }
    }
    case 'google-key':
      return { kind, key: draft.key }
  }
}

/** What concerns the way to a registry, and its repositories: the part that can be changed later too. */
export function readNetwork(
  draft: Pick<ConnectionDraft, 'certificateAuthority' | 'proxy' | 'repositories' | 'serviceAccount'>,
) {
  const certificateAuthority = draft.certificateAuthority.trim() === '' ? null : draft.certificateAuthority
  const proxy = draft.proxy.trim() === '' ? null : draft.proxy.trim()
  const serviceAccount = draft.serviceAccount.trim()
  const problems: Problems = {
    ...(certificateAuthority !== null &&
      !certificateAuthority.includes('-----BEGIN CERTIFICATE-----') && {
        certificateAuthority: copy.certificateProblem,
      }),
    ...(proxy !== null && !/^https?:\/\/./i.test(proxy) && { proxy: copy.proxyProblem }),
    ...(serviceAccount !== '' &&
      !/^[^@\s]+@[^@\s]+$/.test(serviceAccount) && {
        serviceAccount: copy.serviceAccountProblem,
      }),
  }
  return {
    certificateAuthority,
    proxy,
    repositories: linesOf(draft.repositories),
    eventIdentity: serviceAccount === '' ? {} : { serviceAccount },
    problems,
  }
}

/** What a person filled in as it is tested and connected; or what is wrong with it, by field. */
export function readConnection(
  draft: ConnectionDraft,
): { connection: RegistryConnection; registry: NewRegistry } | { problems: Problems } {
  const { credentials, problems: ofCredentials } = readCredentials(draft.credentials)
  const { problems: ofNetwork, eventIdentity, ...network } = readNetwork(draft)
  const problems: Problems = {
    ...(draft.address.trim() === '' && { address: copy.noAddress }),
    ...(isPlainHttp(draft.address) && !draft.allowPlainHttp && { allowPlainHttp: copy.plainHttpNeeded }),
    ...ofCredentials,
    ...ofNetwork,
  }
  if (Object.keys(problems).length > 0) return { problems }
  const connection = {
    address: draft.address.trim(),
    ...(draft.kind !== '' && { kind: draft.kind }),
    credentials,
    // What was chosen for an address that is none of plain http any more does not hold.
    allowPlainHttp: isPlainHttp(draft.address) && draft.allowPlainHttp,
    ...network,
  }
  const name = draft.name.trim()
  return {
    connection,
    registry: {
      ...connection,
      ...(name !== '' && { name }),
      subscriptionId: draft.subscriptionId,
      resourceGroup: draft.resourceGroup.trim() || null,
      eventIdentity,
    },
  }
}

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map(line => line.trim())
      .filter(Boolean),
  ),
]
