import { type FaultyRegistryDouble, startFaultyRegistryDouble, status } from './faulty-registry-double.ts'

/** As `GET .../tags` has it. */
export interface HubTag {
  readonly name: string
  readonly digest?: string
  readonly tag_last_pulled: string | null
  readonly images: readonly { readonly digest?: string; readonly last_pulled: string | null }[]
}

/**
 * A test double of Docker Hub's own interface: signing in, and the list of a repository's tags, page by page
 * (https://docs.docker.com/reference/api/hub/latest/).
 *
 * @param user whose repositories they are; without one they are public
 */
export async function startDockerHubDouble(
  repositories: Readonly<Record<string, readonly HubTag[]>>,
  user?: { readonly username: string; readonly password: string },
): Promise<FaultyRegistryDouble> {
  const double = await startFaultyRegistryDouble()
  let tokens = 0
  double.answer('/v2/auth/token', (request, response) => {
    void Array.fromAsync(request, (chunk: Buffer) => chunk).then(chunks => {
      const { identifier, secret } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
      if (identifier !== user?.username || secret !== user?.password) {
        return status(401, {}, { detail: 'Incorrect authentication credentials' })(request, response)
      }
      tokens += 1
      status(200, {}, { access_token: `hub-token-${tokens}` })(request, response)
    })
  })
  double.guard((request, response) => {
    const url = new URL(request.url ?? '', double.url)
    const [, namespace, name] = /^\/v2\/namespaces\/([^/]+)\/repositories\/([^/]+)\/tags$/.exec(url.pathname) ?? []
    if (namespace === undefined || name === undefined) return true
    const tags = repositories[`${namespace}/${name}`]
    const isLetIn = user === undefined || request.headers.authorization === `Bearer hub-token-${tokens}`
    const [page, size] = ['page', 'page_size'].map(key => Number(url.searchParams.get(key)))
    if (tags === undefined || !isLetIn || !page || !size || size > 100) {
      status(404, {}, { message: 'object not found' })(request, response)
      return false
    }
    const next = page * size < tags.length ? `${double.url}${url.pathname}?page=${page + 1}&page_size=${size}` : null
    const results = tags.slice((page - 1) * size, page * size)
    status(200, {}, { count: tags.length, next, previous: null, results })(request, response)
    return false
  })
  return double
}
