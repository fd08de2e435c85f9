import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface EcrDouble {
  readonly url: string
  /** How many passwords it gave out. */
  given(): number
  stop(): Promise<void>
}

/**
 * Stands in for Amazon ECR's API: AWS JSON 1.1 with two actions, requests signed with Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), which it checks.
 */
export async function startEcrDouble(access: {
  accessKeyId: string
  secretAccessKey: string
  password: string
  expiresAtMs?: number
  /** What DescribeImages gives, page by page. Times are in seconds since the epoch. */
  images?: readonly (readonly { imageDigest: string; lastRecordedPullTime?: number }[])[]
}): Promise<EcrDouble> {
  let given = 0
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString()
    const refuse = (status: number, type: string) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: type, message: `refused: ${type}` }))
    const action = /^AmazonEC2ContainerRegistry_V20150921\.(GetAuthorizationToken|DescribeImages)$/.exec(
      String(request.headers['x-amz-target']),
    )?.[1]
    if (request.method !== 'POST' || action === undefined) {
      refuse(400, 'UnknownOperationException')
      return
    }
    const problem = problemOfSignature(request, body, access)
    if (problem !== null) {
      refuse(400, problem)
      return
    }
    if (action === 'DescribeImages') {
      const { nextToken = '0' } = JSON.parse(body) as { nextToken?: string }
      const imageDetails = access.images?.[Number(nextToken)] ?? []
      const more = Number(nextToken) + 1 < (access.images?.length ?? 0)
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ imageDetails, ...(more ? { nextToken: String(Number(nextToken) + 1) } : {}) }))
      return
    }
    given++
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(
      JSON.stringify({
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${access.password}`).toString('base64'),
            expiresAt: (access.expiresAtMs ?? Date.now() + 12 * 3_600_000) / 1000,
            proxyEndpoint: 'https://123456789012.dkr.ecr.eu-central-1.amazonaws.com',
          },
        ],
      }),
    )
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    given: () => given,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function problemOfSignature(
  { headers, method, url }: IncomingMessage,
  body: string,
  { accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string },
): string | null {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/ecr\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (parts === null) return 'MissingAuthenticationTokenException'
  const [, key = '', day = '', region = '', signed = '', signature] = parts
  if (key !== accessKeyId) return 'UnrecognizedClientException'
  const canonical = [
    method,
    url,
    '',
    ...signed.split(';').map(name => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n')
  const toSign = [
    'AWS4-HMAC-SHA256',
    headers['x-amz-date'],
    `${day}/${region}/ecr/aws4_request`,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n')
  const hmac = (secret: string | Buffer, text: string) => createHmac('sha256', secret).update(text).digest()
  const signingKey = [region, 'ecr', 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day))
  return hmac(signingKey, toSign).toString('hex') === signature ? null : 'InvalidSignatureException'
}
