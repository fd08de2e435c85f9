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

/**
 * The filter in such an address, and what of it could not be understood: without that it chooses more findings than were
 * meant. Null where there is none.
 */
export function filterOf(
  params: URLSearchParams,
): { filter: FindingFilter; ignored: readonly string[] } | null {
  const matching = params.get('matching')
  if (matching === null) return null
  const inner = new URLSearchParams(matching)
  const { query, ignored } = readFindingQuery(inner)
  // A list leaves it to the page to tell that its scope is none.
  const scope = inner.get('scope')
  const lost = scope !== null && query.filter.scope === undefined ? [`scope=${scope}`] : []
  return { filter: query.filter, ignored: [...ignored, ...lost] }
}
