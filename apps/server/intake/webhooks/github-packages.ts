import { z } from 'zod'
import type { Delivery, WebhookKind } from './kind.ts'
import { idOf, imageDigest, oneEvent, type ReadEvent, repositoryName, tagName, utcTime } from './payload.ts'

/**
 * Webhooks of GitHub Packages (ghcr.io): the events `registry_package` and `package`, which are built alike, signed
 * with the secret. They tell of nothing that is pulled or deleted.
 * https://docs.github.com/webhooks/webhook-events-and-payloads#registry_package
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
const packageSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  owner: z.object({ login: z.string() }).optional(),
  package_type: z.string(),
  package_version: z.object({
    version: z.string().optional(),
    updated_at: utcTime.nullable().optional().catch(null),
    created_at: utcTime.nullable().optional().catch(null),
    container_metadata: z
      .object({
        tag: z
          .object({ name: tagName.default(null), digest: z.string().optional() })
          .nullable()
          .optional(),
      })
      .nullable()
      .optional(),
  }),
})

const bodySchema = z.object({ action: z.string().max(100).optional() }).loose()

export const githubPackages: WebhookKind = {
  name: 'github-packages',
  proof: 'signature',
  // It tells of the repository and its owner too. All is read before the signature is checked, and parsed after it.
  maxBytes: 1024 * 1024,
  longAdvice: 'Its packages are found when the registry is listed.',
  expects: 'This is no event of GitHub: a JSON object is expected. Choose the content type application/json.',
  read: oneEvent(bodySchema, readEvent),
  setup: ({ url, secret }) => ({
    url,
    steps: [
      {
        text: 'In the settings of the organisation (or of the repository that the package belongs to), under Webhooks, add one with this address, content type and secret. Choose the single events "Packages" and "Registry packages". GitHub tells of pushes only; what is deleted is found when the registry is listed.',
        code: `Payload URL: ${url}\nContent type: application/json\nSecret: ${secret}`,
      },
    ],
  }),
}

function readEvent(body: z.infer<typeof bodySchema>, { headers, at: receivedAt }: Delivery): ReadEvent {
  const told = headers['x-github-event']
  if (told !== 'registry_package' && told !== 'package') return null
  if (body.action !== 'published' && body.action !== 'updated') return null
  const read = packageSchema.safeParse(body[told])
  if (!read.success) return undefined
  const { data } = read
  // Packages of npm, Maven and others make the same events.
  if (data.package_type.toLowerCase() !== 'container') return null
  const version = data.package_version
  const owner = data.namespace ?? data.owner?.login ?? ''
  const repository = repositoryName.safeParse(`${owner}/${data.name}`.toLowerCase())
  const found = version.container_metadata?.tag
  const digest = imageDigest.safeParse(found?.digest ?? version.version)
  if (!repository.success || !digest.success) return undefined
  const toldAt = version.updated_at ?? version.created_at ?? null
  const at = toldAt ?? receivedAt
  const delivery = headers['x-github-delivery']
  const facts = [told, body.action, repository.data, digest.data, found?.name ?? null, at]
  return {
    // Of what is signed: the delivery's own id stands in a header, and would let a delivery be told again as another.
    // Without a time that id is all that two pushes of a digest differ in.
    id: toldAt === null && isShort(delivery) ? delivery : idOf(...facts),
    at,
    action: 'push',
    repository: repository.data,
    digest: digest.data,
    tag: found?.name ?? null,
    mediaType: null,
  }
}

const isShort = (text: unknown): text is string => typeof text === 'string' && text.length <= 200
