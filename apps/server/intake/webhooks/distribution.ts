import { isOwnUserAgent } from '@plimsoll/engine'
import { z } from 'zod'
import { isManifestType } from '../event.ts'
import type { WebhookKind } from './kind.ts'
import {
  counted,
  imageDigest,
  mediaTypeOf,
  type ReadEvent,
  repositoryName,
  tagName,
  utcTime,
} from './payload.ts'

/**
 * Notifications of Docker Distribution: an envelope of events. What is not used is not asked for, and one event that
 * makes no sense does not spoil the others: a registry delivers an envelope again and again until it is accepted, and
 * everything behind it would wait.
 * https://distribution.github.io/distribution/about/notifications/
 */
const envelopeSchema = z.object({ events: z.array(z.unknown()).max(10_000) })

const eventSchema = z.object({
  id: z.string().min(1).max(200),
  timestamp: utcTime,
  action: z.string(),
  target: z.object({
    mediaType: z.string().default(''),
    digest: imageDigest.optional(),
    repository: repositoryName,
    tag: tagName.default(null),
  }),
  request: z
    .object({ useragent: z.string().default('') })
    .default({ useragent: '' })
    .catch({ useragent: '' }),
})

export const distribution: WebhookKind = {
  name: 'distribution',
  proof: 'header',
  findsRegistry: true,
  // Version 2 of the registry sends v1, version 3 sends v2.
  mediaTypes: [
    'application/vnd.docker.distribution.events.v1+json',
    'application/vnd.docker.distribution.events.v2+json',
  ],
  // An event tells of the layers of an image where that is turned on.
  longAdvice:
    'Leave out what makes the events long: in config.yml under notifications, set events.includereferences to false. Or send the events in several.',
  expects: 'This is no envelope of events: a JSON object with a list "events" is expected.',
  read(body) {
    const envelope = envelopeSchema.safeParse(body)
    return envelope.success ? counted(envelope.data.events.map(readEvent)) : null
  },
  setup: ({ url, secret }) => ({
    url,
    steps: [
      {
        text: 'Put this block into the configuration of the registry (config.yml) and start it again.',
        code: notificationsBlock(url, secret),
      },
    ],
  }),
}

function readEvent(body: unknown): ReadEvent {
  const { data } = eventSchema.safeParse(body)
  if (data === undefined) return undefined
  const { id, timestamp: at, action, target, request } = data
  const mediaType = mediaTypeOf(target.mediaType)
  const event = {
    id,
    at,
    repository: target.repository,
    digest: target.digest ?? null,
    tag: target.tag,
    mediaType,
  }
  // A deletion tells no type. Layers are pushed and pulled too.
  if (action === 'delete') return { ...event, action }
  if (mediaType === null || !isManifestType(mediaType)) return null
  if (action === 'push') return { ...event, action }
  // Our own reading is no use of the image: counted, it would keep every image "recently pulled" for ever.
  if (action === 'pull') return isOwnUserAgent(request.useragent) ? null : { ...event, action }
  return null
}

/** The block of the registry's own configuration that makes it tell of what happens in it. */
const notificationsBlock = (url: string, secret: string): string =>
  `notifications:
  endpoints:
    - name: plimsoll
      url: ${url}
      headers:
        Authorization: [Bearer ${secret}]
      timeout: 5s
      threshold: 5
      backoff: 5s
`
