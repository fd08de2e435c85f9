import { type FaultyRegistryDouble, startFaultyRegistryDouble, status } from './faulty-registry-double.ts'

/** As `GET .../artifacts` has it: a time of the year 1 for what was never pulled. */
export interface HarborArtifact {
  readonly digest: string
  readonly pull_time: string
}

/**
 * A test double of Harbor: of its own interface, the list of a repository's artifacts, page by page
 * (https://github.com/goharbor/harbor/blob/main/api/v2.0/swagger.yaml).
 *
 * @param repositories by their whole name: project, slash, the rest
 */
export async function startHarborDouble(
  repositories: Readonly<Record<string, readonly HarborArtifact[]>>,
  user?: { readonly username: string; readonly password: string },
): Promise<FaultyRegistryDouble> {
  const double = await startFaultyRegistryDouble()
  const wanted = user && `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`
  double.guard((request, response) => {
    const url = new URL(request.url ?? '', double.url)
    const [, project, name] = /^\/api\/v2\.0\/projects\/([^/]+)\/repositories\/([^/]+)\/artifacts$/.exec(url.pathname) ?? []
    if (project === undefined || name === undefined) return true
    if (wanted !== undefined && request.headers.authorization !== wanted) {
      status(401, {}, { errors: [{ code: 'UNAUTHORIZED', message: 'unauthorized' }] })(request, response)
      return false
    }
    const artifacts = repositories[`${project}/${decodeURIComponent(decodeURIComponent(name))}`]
    const [page, size] = ['page', 'page_size'].map(key => Number(url.searchParams.get(key)))
    if (artifacts === undefined) status(404, {}, { errors: [{ code: 'NOT_FOUND' }] })(request, response)
    else if (!page || !size || size > 100) status(422, {}, { errors: [{ code: 'UNPROCESSABLE_ENTITY' }] })(request, response)
    else {
      const rows = artifacts.slice((page - 1) * size, page * size).map(row => ({ id: 1, type: 'IMAGE', ...row }))
      status(200, { 'x-total-count': String(artifacts.length) }, rows)(request, response)
    }
    return false
  })
  return double
}
