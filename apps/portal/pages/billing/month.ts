import type { Scope } from '@plimsoll/types'
import { writeScope } from '../../lib/scope.ts'

/** Whether a text names a month as the API does: `2026-11`. */
export const isMonth = (text: string): boolean => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)

/** `November 2026`. */
export const monthText = (month: string): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )

interface Exported {
  readonly month: string
  readonly subscriptionId: string | undefined
  readonly scope: Scope | undefined
  readonly format: 'csv' | 'json'
}

/** Where the charges of a month are had as a file. */
export function exportPath({ month, subscriptionId, scope, format }: Exported): string {
  const params = new URLSearchParams({ month, format })
  if (subscriptionId !== undefined) params.set('subscription', subscriptionId)
  if (scope !== undefined) params.set('scope', writeScope(scope))
  return `/api/billing/export?${params}`
}
