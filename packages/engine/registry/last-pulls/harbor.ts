import { digestSchema } from '@plimsoll/types'
import { z } from 'zod'
import { SourceError } from '../source-error.ts'
import { type JsonApi, notAsDocumented } from './json-api.ts'
import { type LastPull, pullTime } from './last-pull.ts'

const artifactsSchema = z.array(z.object({ digest: z.string(), pull_time: z.string().nullish() }))

/** The most that Harbor gives at a time. */
const perPage = 100
const maxPages = 2_000
/** Harbor writes the times of pulls down every ten seconds. */
const granularityMs = 10_000

/**
 * Last pulls as Harbor keeps them with each artifact
 * (https://github.com/goharbor/harbor/blob/main/api/v2.0/swagger.yaml, listArtifacts). `base=*` has the images of an
 * index listed too, which are pulled by their own digests.
 * @throws SourceError
 */
export async function* harborPulls(
  api: JsonApi,
  authorization: (signal: AbortSignal) => Promise<string | null>,
  repository: string,
  signal: AbortSignal,
): AsyncGenerator<LastPull> {
  const [project = '', ...rest] = repository.split('/')
  if (rest.length === 0) return
  // A slash within the name has to arrive encoded at Harbor's own router, behind one that decodes it.
  const name = encodeURIComponent(encodeURIComponent(rest.join('/')))
  const what = `The list of artifacts of ${api.base.host}/${repository}`
  const query = 'with_tag=false&with_label=false&with_scan_overview=false&q=base%3D*'
  for (let page = 1; page <= maxPages; page++) {
    const path = `/api/v2.0/projects/${encodeURIComponent(project)}/repositories/${name}/artifacts?page=${page}&page_size=${perPage}&${query}`
    const answer = await api.ask({ path, what, authorization: await authorization(signal) }, signal)
    const { data } = artifactsSchema.safeParse(answer)
    if (data === undefined) throw notAsDocumented(what)
    for (const artifact of data) {
      const digest = digestSchema.safeParse(artifact.digest).data
      const pulledAt = pullTime(artifact.pull_time)
      if (digest !== undefined && pulledAt !== null) yield { digest, pulledAt, granularityMs }
    }
    if (data.length < perPage) return
  }
  throw new SourceError('registry-error', `${what} does not end.`)
}
