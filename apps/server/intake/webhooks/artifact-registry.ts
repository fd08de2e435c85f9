import { z } from 'zod'
import type { Delivery, WebhookKind } from './kind.ts'
import { imageDigest, oneEvent, type ReadEvent, repositoryName, tagName, utcTime } from './payload.ts'

/**
 * Messages of Google Artifact Registry on the Pub/Sub topic `gcr`, pushed by a subscription: one a request, inside an
 * envelope. The topic is the project's: messages of its other registries are passed over.
 * https://cloud.google.com/artifact-registry/docs/configure-notifications
 * https://cloud.google.com/pubsub/docs/push
 */
const envelopeSchema = z.object({
  message: z.object({
    data: z.base64().max(100_000),
    messageId: z.string().min(1).max(200),
    publishTime: utcTime,
  }),
})

const dataSchema = z.object({
  action: z.string().max(100),
  digest: z.string().max(1000).optional(),
  tag: z.string().max(1000).optional(),
})

export const artifactRegistry: WebhookKind = {
  name: 'artifact-registry',
  proof: 'google-token',
  expects:
    'This is no message of Pub/Sub: an object with message.data, messageId and publishTime is expected.',
  read: oneEvent(envelopeSchema, readEvent),
  setup: ({ url, secret, serviceAccount }) => ({
    url,
    steps: [
      {
        text: 'In the project of the registry there has to be the topic "gcr", to which it publishes. If it is missing, make it.',
        code: 'gcloud pubsub topics create gcr',
      },
      serviceAccount === null
        ? {
            text: 'Make a subscription that pushes to this address. It holds the secret: treat it like a password. Better: give the registry a service account for its events here, whose token Google signs with each message.',
            code: `gcloud pubsub subscriptions create plimsoll --topic=gcr \\
  --push-endpoint='${url}?token=${secret}'`,
          }
        : {
            text: 'Make a subscription that pushes to this address, with tokens of the service account.',
            code: `gcloud pubsub subscriptions create plimsoll --topic=gcr \\
  --push-endpoint=${url} \\
  --push-auth-service-account=${serviceAccount} \\
  --push-auth-token-audience=${url}`,
          },
    ],
  }),
}

function readEvent(
  { message: { data, messageId: id, publishTime: at } }: z.infer<typeof envelopeSchema>,
  { host }: Delivery,
): ReadEvent {
  const read = dataSchema.safeParse(parseJson(Buffer.from(data, 'base64').toString('utf8')))
  if (!read.success) return undefined
  const action = { INSERT: 'push', DELETE: 'delete' }[read.data.action]
  if (action !== 'push' && action !== 'delete') return null
  const named = read.data.digest ?? read.data.tag
  const [name = '', digestText] = (read.data.digest ?? '').split('@')
  const tagged = /^(.*):([^:/]+)$/.exec(read.data.tag ?? '')
  const [registry = '', ...path] = (digestText === undefined ? (tagged?.[1] ?? '') : name).split('/')
  const repository = repositoryName.safeParse(path.join('/'))
  const digest = digestText === undefined ? null : (imageDigest.safeParse(digestText).data ?? undefined)
  const tag = tagName.parse(tagged?.[2] ?? null)
  if (named === undefined || !repository.success || digest === undefined) return undefined
  if (digest === null && tag === null) return undefined
  if (host !== null && registry.toLowerCase() !== host) return null
  return { id, at, action, repository: repository.data, digest, tag, mediaType: null }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
