import type { FindingRow } from '@plimsoll/types'
import { paths } from '../app/paths.ts'

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
