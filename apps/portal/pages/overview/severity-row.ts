import type { Severity } from '@plimsoll/types'

/** Open findings of one severity, by whether an upgrade fixes them. */
export interface SeverityRow {
  readonly severity: Severity
  readonly fixable: number
  readonly notFixable: number
}

/** Height of the chart in pixels, kept free while its code is on the way. */
export const chartHeight = 232
