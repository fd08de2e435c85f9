import { z } from 'zod'
import { findingCountsSchema, healthSchema, imageCountsSchema, subscriptionSchema } from './health.ts'
import { planSchema } from './plan.ts'
import {
  connectionCodeSchema,
  credentialKinds,
  eventIdentitySchema,
  registryKindSchema,
  webhookSetupSchema,
} from './registry.ts'
import { severityCountsSchema } from './severity.ts'

export const registrySummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: registryKindSchema,
  url: z.string().nullable(),
  subscription: subscriptionSchema,
  resourceGroup: z.string().nullable(),
  /** The subscription's: with it off nothing of the registry is scanned or billed. */
  plan: planSchema,
  health: healthSchema,
  /** Why health is not-applicable, undecided, not-scanned or failed, in a sentence. */
  healthReason: z.string().nullable(),
  images: imageCountsSchema,
  findings: findingCountsSchema,
  repositories: z.int(),
  lastPushedAt: z.iso.datetime().nullable(),
  /** Whether the registry told of that push; else it is when the newest image was found. */
  lastPushTold: z.boolean(),
  lastScannedAt: z.iso.datetime().nullable(),
  /** What connecting or listing the registry last said went wrong, in a sentence; null when it works. */
  connectionError: z.string().nullable(),
  connectionCode: connectionCodeSchema.nullable(),
  /** When what it holds was last gone over to the end. */
  reconciledAt: z.iso.datetime().nullable(),
})
export type RegistrySummary = z.infer<typeof registrySummarySchema>

export const registryDetailSchema = registrySummarySchema.extend({
  /** How to have the registry tell of what happens in it; only for those who may connect registries, else null. */
  webhook: webhookSetupSchema.nullable(),
  /** Each vulnerable image once, by the severity of its worst open finding. */
  vulnerableImages: severityCountsSchema,
  /** How it is asked. Never the credentials themselves. */
  credentialKind: z.enum(credentialKinds),
  hasCertificateAuthority: z.boolean(),
  proxy: z.string().nullable(),
  repositoriesWatched: z.array(z.string()),
  eventIdentity: eventIdentitySchema,
  /** When an event of it last came; null: never. */
  lastEventAt: z.iso.datetime().nullable(),
})
export type RegistryDetail = z.infer<typeof registryDetailSchema>

export const repositorySummarySchema = z.object({
  registryId: z.string(),
  registryName: z.string(),
  name: z.string(),
  /** The subscription's. */
  plan: planSchema,
  health: healthSchema,
  healthReason: z.string().nullable(),
  images: imageCountsSchema,
  findings: findingCountsSchema,
  lastPushedAt: z.iso.datetime().nullable(),
  lastPushTold: z.boolean(),
  lastScannedAt: z.iso.datetime().nullable(),
})
export type RepositorySummary = z.infer<typeof repositorySummarySchema>
