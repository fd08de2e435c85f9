import { z } from 'zod'
import type { Delivery, WebhookKind } from './kind.ts'
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
 * Events of Amazon ECR, which EventBridge sends through an API destination: one a request, on a best effort. Of pulls
 * there are none; the registry knows itself when an image was last pulled.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
const bodySchema = z.object({
  id: z.string().min(1).max(200),
  time: utcTime,
  source: z.string(),
  'detail-type': z.string(),
  account: z.string().max(50).default(''),
  region: z.string().max(50).default(''),
  detail: z.unknown().optional(),
})

const detailSchema = z.object({
  'action-type': z.string(),
  result: z.string(),
  'repository-name': repositoryName,
  'image-digest': imageDigest,
  'image-tag': tagName.default(null),
  'manifest-media-type': z.string().optional(),
})

export const ecr: WebhookKind = {
  name: 'ecr',
  proof: 'header',
  expects: 'This is no event of EventBridge: an object with id, time, source and detail-type is expected.',
  read: oneEvent(bodySchema, readEvent),
  setup: ({ url, secret, host }) => ({
    url,
    steps: [
      {
        text: 'In the account and region of the registry make a connection, which holds the secret, and an API destination. EventBridge takes https addresses alone.',
        code: `aws events create-connection${regionOption(host)} --name plimsoll --authorization-type API_KEY \\
  --auth-parameters '{"ApiKeyAuthParameters":{"ApiKeyName":"x-api-key","ApiKeyValue":"${secret}"}}'
aws events create-api-destination${regionOption(host)} --name plimsoll --http-method POST \\
  --invocation-endpoint ${url} --connection-arn CONNECTION_ARN`,
      },
      {
        text: 'Make a rule for what happens to images, and send what fits to the destination. The role has to be one that EventBridge may assume and that allows events:InvokeApiDestination.',
        code: `aws events put-rule${regionOption(host)} --name plimsoll \\
  --event-pattern '{"source":["aws.ecr"],"detail-type":["ECR Image Action"]}'
aws events put-targets${regionOption(host)} --rule plimsoll \\
  --targets Id=plimsoll,Arn=API_DESTINATION_ARN,RoleArn=ROLE_ARN`,
      },
    ],
  }),
}

function readEvent(body: z.infer<typeof bodySchema>, { host }: Delivery): ReadEvent {
  if (body.source !== 'aws.ecr' || body['detail-type'] !== 'ECR Image Action') return null
  // A rule may gather the events of several regions or accounts.
  const place = placeOf(host)
  if (place !== null && (place.account !== body.account || place.region !== body.region)) return null
  const read = detailSchema.safeParse(body.detail)
  if (!read.success) return undefined
  const detail = read.data
  const action = { PUSH: 'push', DELETE: 'delete' }[detail['action-type']]
  if (detail.result !== 'SUCCESS' || (action !== 'push' && action !== 'delete')) return null
  const mediaType = mediaTypeOf(detail['manifest-media-type'])
  if (action === 'push' && isOfOther(mediaType)) return null
  return {
    id: body.id,
    at: body.time,
    action,
    repository: detail['repository-name'],
    digest: detail['image-digest'],
    // A deletion may name both: the tag is gone then, and the image if that was its last.
    tag: detail['image-tag'],
    mediaType,
  }
}

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
function placeOf(host: string | null): { account: string; region: string } | null {
  const [, account, region] = /^(\d+)\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(host ?? '') ?? []
  return account === undefined || region === undefined ? null : { account, region }
}

const regionOption = (host: string | null): string => {
  const place = placeOf(host)
  return place === null ? '' : ` --region ${place.region}`
}
