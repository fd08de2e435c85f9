import type { LastPull, LastPulls } from '../intake/pulls/note-pulls.ts'
import { type EcrAccess, withEcr } from './ecr.ts'

/** ECR keeps the time "at least once every 24 hours". */
const dayMs = 24 * 60 * 60 * 1000

/**
 * When images of Amazon ECR were last pulled
 * (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html, lastRecordedPullTime).
 */
export const ecrLastPulls = (access: EcrAccess): LastPulls => ({
  granularityMs: dayMs,
  async *read(repository, signal) {
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
    const pulls = (answer.imageDetails ?? []).flatMap(({ imageDigest, lastRecordedPullTime }) =>
      imageDigest === undefined || lastRecordedPullTime === undefined
        ? []
        : [{ digest: imageDigest, at: lastRecordedPullTime.toISOString() }],
    )
    return { pulls, nextToken: answer.nextToken }
  })
