import type { FindingFilter, FindingRow } from '@plimsoll/types'
import { paths } from '../app/paths.ts'
import { findingsPath, readFindingQuery } from '../finding/finding-query.ts'

/** The editor's address for findings that were chosen together: their ids, in the narrowest place that holds them all. */
export function pathOfSelection(
  rows: readonly Pick<FindingRow, 'vulnerabilityId' | 'registryId' | 'repository'>[],
): string {
  const params = new URLSearchParams()
  for (const id of new Set(rows.map(row => row.vulnerabilityId))) params.append('cve', id)
  const registries = new Set(rows.map(row => row.registryId))
  const [registryId] = registries
  if (registries.size === 1 && registryId !== undefined) {
    params.set('at', `registry:${registryId}`)
    const [repository, ...others] = new Set(rows.map(row => row.repository))
    if (repository !== undefined && others.length === 0) params.set('repo', repository)
  }
  params.sort()
  return `${paths.newRule}?${params}`
}

/** The editor's address for all findings that a filter chooses, which stands in it as it does in the list's address. */
export const pathOfFilter = (filter: FindingFilter): string =>
  `${paths.newRule}?${new URLSearchParams({ matching: findingsPath(filter).split('?')[1] ?? '' })}`

/** The filter in such an address; null without one. */
export function filterOf(params: URLSearchParams): FindingFilter | null {
  const matching = params.get('matching')
  return matching === null ? null : readFindingQuery(new URLSearchParams(matching)).query.filter
}
