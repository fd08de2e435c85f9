import { z } from 'zod'
import type { Delivery, WebhookKind } from './kind.ts'
import {
  counted,
  idOf,
  imageDigest,
  type ReadEvent,
  repositoryName,
  tagName,
  unixTime,
  utcTime,
} from './payload.ts'

/**
 * Webhooks of Harbor in both of its formats: its own, and CloudEvents, whose `data` is what the other calls
 * `event_data`. One delivery names several artifacts of a repository.
 * https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/
 */
const dataSchema = z.object({
  resources: z.array(z.unknown()).max(10_000),
  repository: z.object({ repo_full_name: repositoryName }),
})

const defaultSchema = z.object({
  type: z.string().max(200),
  occur_at: unixTime,
  operator: z.string().max(400).default(''),
  event_data: z.unknown().optional(),
})

const cloudEventSchema = z.object({
  specversion: z.string(),
  id: z.string().min(1).max(200),
  type: z.string().max(200),
  time: utcTime,
  operator: z.string().max(400).default(''),
  data: z.unknown().optional(),
})

const resourceSchema = z.object({ digest: imageDigest, tag: tagName.default(null) })

const actions = new Map([
  ['PUSH_ARTIFACT', 'push'],
  ['PULL_ARTIFACT', 'pull'],
  ['DELETE_ARTIFACT', 'delete'],
  ['harbor.artifact.pushed', 'push'],
  ['harbor.artifact.pulled', 'pull'],
  ['harbor.artifact.deleted', 'delete'],
] as const)

interface HarborEvent {
  readonly id: string | null
  readonly at: string
  readonly type: string
  readonly operator: string
  readonly data: unknown
}

export const harbor: WebhookKind = {
  name: 'harbor',
  proof: 'header',
  mediaTypes: ['application/cloudevents+json'],
  expects: 'This is no event of Harbor: its own format or CloudEvents is expected.',
  read(body, delivery) {
    const event = eventOf(body)
    return event === null ? null : counted(readEvents(event, delivery))
  },
  setup: ({ url, secret, host }) => ({
    url,
    steps: [
      {
        text: 'In each project that is to be watched, under Webhooks, add one of the type "http" for the events Artifact pushed, Artifact pulled and Artifact deleted, with this address and this Auth Header. Either payload format will do.',
        code: `Endpoint URL: ${url}\nAuth Header: Bearer ${secret}`,
      },
      {
        text: 'Or over the API, as one who administers the project:',
        code: `curl -u USER -H 'Content-Type: application/json' \\
  https://${host ?? 'HARBOR'}/api/v2.0/projects/PROJECT/webhook/policies -d '${JSON.stringify({
    name: 'plimsoll',
    enabled: true,
    event_types: ['PUSH_ARTIFACT', 'PULL_ARTIFACT', 'DELETE_ARTIFACT'],
    targets: [{ type: 'http', address: url, auth_header: `Bearer ${secret}`, skip_cert_verify: false }],
  })}'`,
      },
    ],
  }),
}

function eventOf(body: unknown): HarborEvent | null {
  const own = defaultSchema.safeParse(body)
  if (own.success) {
    const { type, occur_at: at, operator, event_data: data } = own.data
    return { id: null, at, type, operator, data }
  }
  const cloud = cloudEventSchema.safeParse(body)
  if (!cloud.success) return null
  const { id, time: at, type, operator, data } = cloud.data
  return { id, at, type, operator, data }
}

function readEvents({ id, at, type, operator, data }: HarborEvent, { ownUsername }: Delivery): ReadEvent[] {
  const action = actions.get(type as 'PUSH_ARTIFACT')
  if (action === undefined) return [null]
  const read = dataSchema.safeParse(data)
  if (!read.success) return [undefined]
  const { resources, repository } = read.data
  if (action === 'pull' && (operator === ownUsername() || isScanner(operator)))
    return resources.map(() => null)
  return resources.map((resource, index) => {
    const parsed = resourceSchema.safeParse(resource)
    if (!parsed.success) return undefined
    const { digest, tag } = parsed.data
    const name = repository.repo_full_name
    return {
      id: id === null ? idOf(type, at, operator, name, digest, tag) : `${id} ${index}`,
      at,
      action,
      repository: name,
      digest,
      // Deleted is the artifact, whatever tags it had.
      tag: action === 'delete' ? null : tag,
      mediaType: null,
    }
  })
}

/** Harbor's own scanner pulls as a robot that has the scanner's name: `robot$library+Trivy-` and a number. */
const isScanner = (operator: string): boolean =>
  /(?:^|[$+])(?:trivy|clair|[a-z0-9._-]*scanner)[a-z0-9._-]*$/i.test(operator)
