import type { ECRClient } from '@aws-sdk/client-ecr'
import { guardedAgents, SourceError } from '@plimsoll/engine'

export interface EcrAccess {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  /** Another address than AWS's own of that region: a private endpoint, or a double in tests. */
  readonly endpoint?: string
  /** `http://host:port` of a proxy that it is reached through, or null. */
  readonly proxy?: string | null
}

/** What an ECR registry is signed in to with, for about twelve hours. */
export interface EcrPassword {
  readonly username: string
  readonly password: string
  readonly expiresAtMs: number
}

const defaultLifetimeMs = 12 * 60 * 60 * 1000

/**
 * Asks Amazon ECR for a password
 * (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html).
 * @throws SourceError
 */
export const ecrPassword = (access: EcrAccess, signal: AbortSignal): Promise<EcrPassword> =>
  withEcr(access, 'gave no password', async (client, { GetAuthorizationTokenCommand }) => {
    const answer = await client.send(new GetAuthorizationTokenCommand({}), { abortSignal: signal })
    const [given] = answer.authorizationData ?? []
    return passwordOf(given?.authorizationToken, given?.expiresAt)
  })

/**
 * Asks Amazon ECR's own API for something. The library is loaded when the first ECR registry is asked: others need not
 * wait for it.
 * @param otherwise what it did not do, for errors: "gave no password".
 * @throws SourceError
 */
export async function withEcr<T>(
  { accessKeyId, secretAccessKey, region, endpoint, proxy = null }: EcrAccess,
  otherwise: string,
  ask: (client: ECRClient, library: typeof import('@aws-sdk/client-ecr')) => Promise<T>,
): Promise<T> {
  const [library, agents] = await Promise.all([import('@aws-sdk/client-ecr'), guardedAgents(proxy)])
  const client = new library.ECRClient({
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 2,
    requestHandler: {
      httpAgent: agents.http,
      httpsAgent: agents.https,
      connectionTimeout: 10_000,
      requestTimeout: 30_000,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
  })
  try {
    return await ask(client, library)
  } catch (cause) {
    if (cause instanceof SourceError) throw cause
    throw failureOf(cause, region, otherwise)
  } finally {
    client.destroy()
  }
}

/** The token is `AWS:PASSWORD` in base64. */
function passwordOf(token: string | undefined, expiresAt: Date | undefined): EcrPassword {
  const [, username, password] = /^([^:]+):(.+)$/s.exec(Buffer.from(token ?? '', 'base64').toString()) ?? []
  if (username === undefined || password === undefined) {
    throw new SourceError('registry-error', 'Amazon ECR answered without a usable password.')
  }
  return { username, password, expiresAtMs: expiresAt?.getTime() ?? Date.now() + defaultLifetimeMs }
}

const refusals: ReadonlySet<string> = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'AccessDeniedException',
  'ExpiredTokenException',
  'MissingAuthenticationTokenException',
])

/** The library's errors may hold requests with their headers: none of it goes on but the name. */
function failureOf(cause: unknown, region: string, otherwise: string): SourceError {
  const { name } = cause instanceof Error ? cause : { name: '' }
  if (refusals.has(name)) {
    return new SourceError('unauthorized', `Amazon ECR in ${region} refuses this access key (${name}).`, {
      hint: 'Check key and secret, that the key is active, and that it may call ecr:GetAuthorizationToken and ecr:DescribeImages.',
    })
  }
  if (name === 'ThrottlingException' || name === 'TooManyRequestsException') {
    return new SourceError(
      'registry-rate-limited',
      `Amazon ECR in ${region} limits how often it may be asked.`,
    )
  }
  return new SourceError(
    'registry-unreachable',
    `Amazon ECR in ${region} ${otherwise} (${name || 'no answer'}).`,
    {
      hint: 'Check the region, and that this machine may connect to api.ecr.REGION.amazonaws.com.',
    },
  )
}
