import type { LastPull, LastPulls } from '@plimsoll/engine'
import { digestSchema } from '@plimsoll/types'
import type { Secrets } from '../access/secrets.ts'
import { type EcrAccess, withEcr } from './ecr.ts'
import { regionOf } from './given.ts'
import { type StoredConnection, unsealCredentials } from './stored.ts'

/** ECR keeps the time "at least once every 24 hours". */
const granularityMs = 24 * 60 * 60 * 1000

/**
 * When images of Amazon ECR were last pulled
 * (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html, lastRecordedPullTime).
 */
export const ecrLastPulls = (access: EcrAccess): LastPulls => ({
  async *of(repository, signal) {
    for (let nextToken: string | undefined; ; ) {
      const page = await describe(access, repository, nextToken, signal)
      yield* page.pulls
      // A page that leads to itself would be asked for without end.
      if (page.nextToken === undefined || page.nextToken === nextToken) return
      nextToken = page.nextToken
    }
  },
})

const describe = (
  access: EcrAccess,
  repositoryName: string,
  nextToken: string | undefined,
  signal: AbortSignal,
): Promise<{ pulls: LastPull[]; nextToken: string | undefined }> =>
  withEcr(access, 'told nothing of pulls', async (client, { DescribeImagesCommand }) => {
    const input = { repositoryName, maxResults: 1000, ...(nextToken === undefined ? {} : { nextToken }) }
    const answer = await client.send(new DescribeImagesCommand(input), { abortSignal: signal })
    const pulls = (answer.imageDetails ?? []).flatMap(({ imageDigest, lastRecordedPullTime }) => {
      const digest = digestSchema.safeParse(imageDigest).data
      if (digest === undefined || lastRecordedPullTime === undefined) return []
      return [{ digest, pulledAt: lastRecordedPullTime.toISOString(), granularityMs }]
    })
    return { pulls, nextToken: answer.nextToken }
  })

/** Null when it is not signed in to with an access key. */
export function ecrLastPullsOf(stored: StoredConnection, secrets: Secrets): LastPulls | null {
  const credentials = unsealCredentials(secrets, stored)
  if (credentials.kind !== 'ecr') return null
  const { accessKeyId, secretAccessKey } = credentials
  const region = regionOf(credentials.region, new URL(stored.url).host)
  return region === null ? null : ecrLastPulls({ accessKeyId, secretAccessKey, region, proxy: stored.proxy })
}
