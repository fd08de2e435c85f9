import { z } from 'zod'
import { resourceGroupSchema } from './scope.ts'

/** `demonstration` is an OCI layout in the data folder; all others are reached over HTTP. */
export const registryKinds = [
  'distribution',
  'harbor',
  'acr',
  'docker-hub',
  'ghcr',
  'ecr',
  'artifact-registry',
  'demonstration',
] as const
export const registryKindSchema = z.enum(registryKinds)
export type RegistryKind = z.infer<typeof registryKindSchema>
export const connectableKindSchema = registryKindSchema.exclude(['demonstration'])
export type ConnectableKind = z.infer<typeof connectableKindSchema>

const secret = z.string().min(1).max(16_384)
const name = z.string().trim().min(1).max(400)

/** What a registry is asked with. Write-only: nothing gives it out again. */
export const registryCredentialsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** Also Docker Hub and GHCR with an access token as the password, and Harbor's robots. */
  z.object({ kind: z.literal('password'), username: name, password: secret }),
  /** A bearer token, sent as it is. */
  z.object({ kind: z.literal('token'), token: secret }),
  /** ACR: `az acr login --expose-token`, or what /oauth2/exchange gave. */
  z.object({ kind: z.literal('acr-refresh-token'), refreshToken: secret }),
  z.object({ kind: z.literal('acr-service-principal'), clientId: name, clientSecret: secret }),
  /** Exchanged for a password of twelve hours by ECR's GetAuthorizationToken. */
  z.object({ kind: z.literal('ecr'), accessKeyId: name, secretAccessKey: secret, region: name.optional() }),
  /** Google Artifact Registry: the JSON key of a service account. */
  z.object({ kind: z.literal('google-key'), key: secret }),
])
export type RegistryCredentials = z.infer<typeof registryCredentialsSchema>
export const credentialKinds = [
  'none',
  'password',
  'token',
  'acr-refresh-token',
  'acr-service-principal',
  'ecr',
  'google-key',
] as const satisfies readonly RegistryCredentials['kind'][]
export type CredentialKind = RegistryCredentials['kind']

/** How events of a registry prove who sends them, where it can sign them; a secret of ours is the rule otherwise. */
export const eventIdentitySchema = z.object({
  /** Pub/Sub push: the service account whose OIDC token Google signs. */
  serviceAccount: z.email().max(254).optional(),
})
export type EventIdentity = z.infer<typeof eventIdentitySchema>

/** Where a registry is and how it is asked. */
export const registryConnectionSchema = z.object({
  /** `registry.example`, `registry.example:5000` (https is meant) or a whole address. */
  address: z.string().trim().min(1, 'Give an address.').max(300),
  /** Left out: found out. */
  kind: connectableKindSchema.optional(),
  credentials: registryCredentialsSchema.default({ kind: 'none' }),
  /** PEM. */
  certificateAuthority: z.string().max(100_000).nullable().default(null),
  /** Has to be chosen for an http:// address: passwords and images then travel in the clear. */
  allowPlainHttp: z.boolean().default(false),
  /** `http://proxy.example:3128`. */
  proxy: z.string().trim().max(300).nullable().default(null),
  /** Repositories to watch where there is no catalogue; empty: all. */
  repositories: z.array(z.string().trim().min(1).max(255)).max(10_000).default([]),
})
export type RegistryConnection = z.infer<typeof registryConnectionSchema>

export const newRegistrySchema = registryConnectionSchema.extend({
  name: z.string().trim().max(100).optional(),
  subscriptionId: z.string().max(100),
  resourceGroup: resourceGroupSchema.nullable().default(null),
  eventIdentity: eventIdentitySchema.default({}),
  /** Connected whatever trying it comes to; else what is in the way is answered, and nothing connected. */
  untested: z.boolean().optional(),
})
export type NewRegistry = z.infer<typeof newRegistrySchema>

/** What is left out stays as it is: credentials too. */
export const registryChangeSchema = z.object({
  registryId: z.string().max(100),
  name: z.string().trim().min(1).max(100).optional(),
  subscriptionId: z.string().max(100).optional(),
  resourceGroup: resourceGroupSchema.nullable().optional(),
  credentials: registryCredentialsSchema.optional(),
  certificateAuthority: z.string().max(100_000).nullable().optional(),
  proxy: z.string().trim().max(300).nullable().optional(),
  repositories: z.array(z.string().trim().min(1).max(255)).max(10_000).optional(),
  eventIdentity: eventIdentitySchema.optional(),
})
export type RegistryChange = z.infer<typeof registryChangeSchema>

/** What stands in the way of a connection. */
export const connectionCodes = [
  'address-invalid',
  'address-refused', // one that nobody may have us ask: link-local, cloud metadata, ourselves
  'plain-http-not-allowed',
  'name-not-found',
  'connection-refused',
  'timeout', // swallowed by a firewall, most often
  'certificate-untrusted',
  'certificate-expired',
  'certificate-wrong-host',
  'tls-failed', // speaks plain http, or another TLS
  'proxy-failed',
  'firewalled', // reached, and denies our address
  'not-a-registry',
  'credentials-missing',
  'credentials-refused',
  'no-catalogue', // works, but repositories have to be named
  'rate-limited',
  'registry-error',
] as const
export const connectionCodeSchema = z.enum(connectionCodes)
export type ConnectionCode = z.infer<typeof connectionCodeSchema>

/** A test of a connection: what was tried in its order, and the first thing that is in the way. */
export const connectionTestSchema = z.object({
  ok: z.boolean(),
  /** As it would be stored: `https://registry.example`. */
  url: z.string(),
  kind: connectableKindSchema,
  steps: z.array(
    z.object({
      step: z.enum(['address', 'name', 'connect', 'tls', 'api', 'sign-in', 'catalogue', 'last-pull']),
      outcome: z.enum(['ok', 'failed', 'skipped', 'warning']),
      /** A sentence: "127.0.0.1 answers on port 5000." */
      message: z.string(),
    }),
  ),
  problem: z
    .object({ code: connectionCodeSchema, message: z.string(), hint: z.string().nullable() })
    .nullable(),
  /** The first repositories it lists; null when it lists none. */
  repositories: z.array(z.string()).nullable(),
})
export type ConnectionTest = z.infer<typeof connectionTestSchema>

/** Where a registry posts its events, and what to put where. */
export const webhookSetupSchema = z.object({
  url: z.string(),
  /** Whether it proves itself with a secret of ours, which stands in the steps; else with a token of its own cloud. */
  hasSecret: z.boolean(),
  /** Steps for this kind, each a sentence; a block to copy may follow one. */
  steps: z.array(z.object({ text: z.string(), code: z.string().nullable() })),
})
export type WebhookSetup = z.infer<typeof webhookSetupSchema>
