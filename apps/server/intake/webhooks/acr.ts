import { z } from 'zod'
import type { WebhookKind } from './kind.ts'
import {
  imageDigest,
  isOfOther,
  mediaTypeOf,
  oneEvent,
  type ReadEvent,
  repositoryName,
  tagName,
  utcTime,
} from './payload.ts'

/**
 * Webhooks of Azure Container Registry: one event a request. It tells of pushes and of the deletion of repositories and
 * manifests; of a tag that is taken away, and of pulls, it tells nothing. The only proof it can give is a header.
 * https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference
 */
const bodySchema = z.object({
  id: z.string().min(1).max(200),
  timestamp: utcTime,
  action: z.string().max(100),
  target: z.unknown().optional(),
})

const targetSchema = z.object({
  mediaType: z.string().optional(),
  digest: imageDigest,
  repository: repositoryName,
  tag: tagName.default(null),
})

export const acr: WebhookKind = {
  name: 'acr',
  proof: 'header',
  expects:
    'This is no event of Azure Container Registry: an object with id, timestamp and action is expected.',
  read: oneEvent(bodySchema, readEvent),
  setup: ({ url, secret, host }) => ({
    url,
    steps: [
      {
        text: 'Make a webhook for pushes and deletions, with the secret in a header (Azure CLI). The registry has to reach the address.',
        code: `az acr webhook create --registry ${registryName(host)} --name plimsoll \\
  --actions push delete --uri ${url} \\
  --headers "Authorization=Bearer ${secret}"`,
      },
      {
        text: 'Try it. The page of the registry then shows when it was last heard of.',
        code: `az acr webhook ping --registry ${registryName(host)} --name plimsoll`,
      },
    ],
  }),
}

function readEvent({ id, timestamp: at, action, target }: z.infer<typeof bodySchema>): ReadEvent {
  // Others: ping, quarantine, and those of Helm charts.
  if (action !== 'push' && action !== 'delete') return null
  const { data } = targetSchema.safeParse(target)
  if (data === undefined) return undefined
  const { digest, repository, tag } = data
  const mediaType = mediaTypeOf(data.mediaType)
  if (action === 'push' && isOfOther(mediaType)) return null
  return { id, at, action, repository, digest, tag: action === 'delete' ? null : tag, mediaType }
}

const registryName = (host: string | null): string => host?.split('.')[0] ?? 'REGISTRY'
