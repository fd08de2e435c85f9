import { digestSchema } from '@plimsoll/types'
import { z } from 'zod'
import type { Credentials } from '../credentials.ts'
import { type Renewal, renewal } from '../renewal.ts'
import type { Timing } from '../retry.ts'
import { SourceError } from '../source-error.ts'
import { type JsonApi, notAsDocumented } from './json-api.ts'
import { type LastPull, pullTime } from './last-pull.ts'

const tagsSchema = z.object({
  next: z.string().nullish(),
  results: z.array(
    z.object({
      digest: z.string().nullish(),
      tag_last_pulled: z.string().nullish(),
      images: z
        .array(z.object({ digest: z.string().nullish(), last_pulled: z.string().nullish() }))
        .nullish(),
    }),
  ),
})
const tokenSchema = z.object({ access_token: z.string().regex(/^[\x21-\x7e]+$/) })

/** The most that Docker Hub gives at a time. */
const perPage = 100
const maxPages = 2_000
/** It does not say how exact its times are; taken for as exact as those of Amazon ECR. */
const granularityMs = 24 * 60 * 60 * 1000
/** As its documentation has it. */
const tokenLifetimeMs = 10 * 60_000

/**
 * Last pulls as Docker Hub keeps them with each tag and with each of its images
 * (https://docs.docker.com/reference/api/hub/latest/). Somebody's crawler may be what pulled.
 * @throws SourceError
 */
export async function* dockerHubPulls(
  api: JsonApi,
  authorization: (signal: AbortSignal) => Promise<string | null>,
  repository: string,
  signal: AbortSignal,
): AsyncGenerator<LastPull> {
  const [namespace = '', name, ...rest] = repository.split('/')
  if (name === undefined || rest.length > 0) return
  const what = `The list of tags of ${repository} at Docker Hub`
  const tags = `/v2/namespaces/${encodeURIComponent(namespace)}/repositories/${encodeURIComponent(name)}/tags`
  for (let page = 1; page <= maxPages; page++) {
    const path = `${tags}?page=${page}&page_size=${perPage}`
    const answer = await api.ask({ path, what, authorization: await authorization(signal) }, signal)
    const { data } = tagsSchema.safeParse(answer)
    if (data === undefined) throw notAsDocumented(what)
    for (const tag of data.results) {
      const images = (tag.images ?? []).map(image => [image.digest, image.last_pulled] as const)
      for (const [text, time] of [[tag.digest, tag.tag_last_pulled] as const, ...images]) {
        const digest = digestSchema.safeParse(text).data
        const pulledAt = pullTime(time)
        if (digest !== undefined && pulledAt !== null) yield { digest, pulledAt, granularityMs }
      }
    }
    if (data.next == null) return
  }
  throw new SourceError('registry-error', `${what} does not end.`)
}

/**
 * Signs in to Docker Hub's own interface: an access token is as good as the password there
 * (https://docs.docker.com/reference/api/hub/latest/#tag/authentication-api). Without either, public repositories tell.
 */
export function dockerHubSignIn(
  api: JsonApi,
  credentials: Credentials | null,
  timing: Timing,
): (signal: AbortSignal) => Promise<string | null> {
  if (credentials === null || !('username' in credentials)) return () => Promise.resolve(null)
  const { username: identifier, password: secret } = credentials
  const what = 'Signing in to Docker Hub'
  const tokens: Renewal<{ header: string; expiresAtMs: number }> = renewal(async signal => {
    const askedAtMs = timing.now()
    const request = { path: '/v2/auth/token', what, authorization: null, body: { identifier, secret } }
    const { data } = tokenSchema.safeParse(await api.ask(request, signal))
    if (data === undefined) throw notAsDocumented(what)
    return { header: `Bearer ${data.access_token}`, expiresAtMs: askedAtMs + tokenLifetimeMs }
  }, timing)
  return async signal => (await tokens.current(signal)).header
}
