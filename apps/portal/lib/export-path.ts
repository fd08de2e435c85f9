import type { Scope } from '@plimsoll/types'
import { writeScope } from './scope.ts'

/** Where a list is had as a file, as it is shown: `/api/registries/export?q=shop`. */
export function exportPath(
  list: 'recommendations' | 'registries' | 'security-checks',
  shown: Readonly<Record<string, string | undefined>>,
  scope: Scope | undefined,
): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...shown, scope: scope && writeScope(scope) })) {
    if (value) params.set(name, value)
  }
  return `/api/${list}/export${params.size > 0 ? `?${params}` : ''}`
}
