import { z } from 'zod'
import type { WebhookKind } from './kind.ts'
import { counted, idOf, repositoryName, tagName, unixTime } from './payload.ts'

/**
 * Webhooks of Docker Hub: pushes alone, one a request, with the tag and without the digest, which has to be asked for.
 * It can send no header and signs nothing: the secret stands in the address.
 * https://docs.docker.com/docker-hub/repos/manage/webhooks/
 */
const bodySchema = z.object({
  push_data: z.object({ pushed_at: unixTime, tag: tagName.default(null) }),
  repository: z.object({ repo_name: repositoryName }),
})

export const dockerHub: WebhookKind = {
  name: 'docker-hub',
  proof: 'address',
  expects: 'This is no event of Docker Hub: an object with push_data and repository is expected.',
  read(body) {
    const { data } = bodySchema.safeParse(body)
    if (data === undefined) return null
    const { pushed_at: at, tag } = data.push_data
    const repository = data.repository.repo_name
    if (tag === null) return counted([undefined])
    const id = idOf('docker-hub', repository, tag, at)
    return counted([{ id, at, action: 'push', repository, digest: null, tag, mediaType: null }])
  },
  setup: ({ url, secret }) => ({
    url,
    steps: [
      {
        text: 'On the page of each repository that is to be watched, under Webhooks, make one with this address. The address holds the secret: treat it like a password. Docker Hub tells of pushes only; what is deleted or pulled is found when the registry is listed.',
        code: `${url}?token=${secret}`,
      },
    ],
  }),
}
