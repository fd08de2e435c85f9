import type { ConnectionTest, CredentialKind } from '@plimsoll/types'

export const credentialText: Readonly<Record<CredentialKind, string>> = {
  none: 'None: anybody may pull',
  password: 'User name and password or access token',
  token: 'Bearer token',
  'acr-refresh-token': 'Azure refresh token',
  'acr-service-principal': 'Azure service principal',
  ecr: 'AWS access key',
  'google-key': 'Google service account key',
}

export const credentialHelp: Readonly<Partial<Record<CredentialKind, string>>> = {
  password:
    'Docker Hub and GitHub: an access token as the password. Harbor: a robot account. It needs leave to pull, and to delete if images are to be deleted from here.',
  token: 'Sent as it is with every request.',
  'acr-refresh-token': 'What az acr login --expose-token prints. It ends after some hours.',
  'acr-service-principal': 'An application with the role AcrPull.',
  ecr: 'Exchanged for a password of twelve hours. It needs ecr:GetAuthorizationToken and leave to read.',
  'google-key': 'The JSON key of a service account that may read the repositories.',
}

export const stepText: Readonly<Record<ConnectionTest['steps'][number]['step'], string>> = {
  address: 'Address',
  name: 'Name',
  connect: 'Connection',
  tls: 'TLS',
  api: 'Registry API',
  'sign-in': 'Sign-in',
  catalogue: 'Catalogue',
  'last-pull': 'Last pulls',
}

export const outcomeText: Readonly<Record<ConnectionTest['steps'][number]['outcome'], string>> = {
  ok: 'OK',
  failed: 'Failed',
  skipped: 'Skipped',
  warning: 'Note',
}

export const copy = {
  address: 'Address',
  addressHelp: 'registry.example or registry.example:5000; https is meant unless it begins with http://',
  noAddress: 'Give an address.',
  kind: 'Kind',
  kindHelp: 'Found out by asking, where it can be.',
  detect: 'Find out',
  name: 'Name',
  nameHelp: 'Left empty, it is called by its address.',
  subscription: 'Subscription',
  subscriptionHelp: 'Its plan says whether and when images are scanned.',
  planOff: 'The plan of this subscription is off: nothing in the registry is scanned.',
  resourceGroup: 'Resource group',
  resourceGroupHelp: 'Optional: a name to group registries by.',
  credentials: 'Credentials',
  credentialKind: 'Kind of credentials',
  writeOnly: 'They are kept encrypted and shown to nobody again.',
  network: 'Network and certificates',
  plainHttp: 'Ask it over plain http',
  plainHttpWarning:
    'Nothing is encrypted: everyone on the way can read passwords and images, and change images. Only for a registry on this computer or in a network of your own.',
  plainHttpNeeded: 'An address that begins with http:// is asked only when plain http is chosen.',
  certificate: 'Certificate authority of its own (PEM)',
  certificateHelp: 'Left empty, the authorities that everybody trusts hold.',
  certificateFile: 'Take it from a file',
  certificateProblem: 'This is no PEM certificate: it begins with -----BEGIN CERTIFICATE-----.',
  proxy: 'Proxy',
  proxyHelp: 'Optional: http://proxy.example:3128',
  proxyProblem: 'Give the address of a proxy that begins with http:// or https://.',
  repositories: 'Repositories',
  repositoriesHelp:
    'One per line. Only for registries without a catalogue, or to watch some of its repositories; left empty, all are.',
  events: 'Events',
  serviceAccount: 'Service account of the push subscription',
  serviceAccountHelp: 'Pub/Sub signs what it pushes as this account; others are refused.',
  serviceAccountProblem: 'Give the e-mail address of a service account.',
  needed: 'This is needed.',
  test: 'Test connection',
  testing: 'Testing the connection',
  works: 'The connection works',
  fails: 'The connection does not work',
  noTest: 'The connection could not be tested',
}
