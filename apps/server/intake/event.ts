import { digestSchema } from '@plimsoll/types'
import { z } from 'zod'

/**
 * Notifications of Docker Distribution (distribution/distribution, docs "Notifications"): an envelope of events. What
 * is not used is not asked for, and one event that makes no sense does not spoil the others: a registry delivers an
 * envelope again and again until it is accepted, and everything behind it would wait.
 */
const envelopeSchema = z.object({ events: z.array(z.unknown()).max(10_000) })

const eventSchema = z.object({
  id: z.string().min(1).max(200),
  // Distribution writes nanoseconds and, before version 3, the registry's own offset.
  timestamp: z.iso.datetime({ offset: true }),
  action: z.string(),
  target: z.object({
    mediaType: z.string().default(''),
    digest: digestSchema.optional(),
    repository: z
      .string()
      .max(255)
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/),
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
      .optional()
      .catch(undefined),
  }),
  request: z
    .object({ useragent: z.string().default('') })
    .default({ useragent: '' })
    .catch({ useragent: '' }),
})

export interface RegistryEvent {
  readonly id: string
  /** ISO 8601 in UTC with milliseconds, by the registry's clock. */
  readonly at: string
  readonly action: string
  readonly repository: string
  readonly digest: string | null
  readonly tag: string | null
  readonly mediaType: string
  readonly userAgent: string
}

/** @returns the events, and how many made no sense; null when this is no envelope at all. */
export function parseEnvelope(body: unknown): { events: RegistryEvent[]; unreadable: number } | null {
  const envelope = envelopeSchema.safeParse(body)
  if (!envelope.success) return null
  const parsed = envelope.data.events.map(event => eventSchema.safeParse(event))
  const events = parsed.flatMap(({ data }) => (data === undefined ? [] : [toEvent(data)]))
  return { events, unreadable: parsed.length - events.length }
}

const toEvent = ({ id, timestamp, action, target, request }: z.infer<typeof eventSchema>): RegistryEvent => ({
  id,
  at: new Date(timestamp).toISOString(),
  action,
  repository: target.repository,
  digest: target.digest ?? null,
  tag: target.tag === undefined || target.tag === '' ? null : target.tag,
  mediaType: (target.mediaType.split(';')[0] ?? '').trim().toLowerCase(),
  userAgent: request.useragent,
})

export const isIndexType = (mediaType: string): boolean =>
  mediaType === 'application/vnd.oci.image.index.v1+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.list.v2+json'

/** Manifests and indexes; layers and other blobs make events too. */
export const isManifestType = (mediaType: string): boolean =>
  isIndexType(mediaType) ||
  mediaType === 'application/vnd.oci.image.manifest.v1+json' ||
  mediaType === 'application/vnd.oci.artifact.manifest.v1+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.v2+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.v1+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.v1+prettyjws'
