import type { SecurityCheckRow } from '@plimsoll/types'
import { z } from 'zod'
import { dayOf } from '../advisories/days.ts'
import {
  type CheckCursor,
  type SecurityCheckFilter,
  securityCheckSorts,
  securityCheckTabs,
} from '../posture/security-checks.ts'
import { exporting, scopeParameter } from './answer.ts'
import { type Columns, csvOf } from './csv.ts'
import type { PostureExportDeps } from './posture-deps.ts'

const inputSchema = z.object({
  tab: z.enum(securityCheckTabs).default('findings'),
  q: z.string().max(200).optional(),
  sort: z.enum(securityCheckSorts).default('-severity'),
  scope: scopeParameter,
})

/**
 * GET /api/security-checks/export?tab=findings|disabled&q=TEXT&sort=-severity&scope=subscription:ID: the security checks
 * in the order of their list.
 */
export const exportSecurityChecks = exporting(
  inputSchema,
  async (input, { heavyReads, rules }: PostureExportDeps) => {
    await rules.upToDate()
    return {
      name: `plimsoll-${input.tab === 'findings' ? '' : 'disabled-'}security-checks-${dayOf(new Date())}`,
      format: 'csv',
      pieces: csvOf(columns, pagesOf(heavyReads, input)),
    }
  },
)

/** Each page goes over all findings again, so there are few of them. */
const pageSize = 5000

async function* pagesOf(
  heavyReads: Pick<PostureExportDeps['heavyReads'], 'securityChecksAfter'>,
  filter: SecurityCheckFilter,
): AsyncGenerator<readonly SecurityCheckRow[]> {
  let after: CheckCursor | null = null
  do {
    const { rows, last } = await heavyReads.securityChecksAfter({ ...filter, after, size: pageSize })
    yield rows
    after = rows.length < pageSize ? null : last
  } while (after !== null)
}

const columns: Columns<SecurityCheckRow> = {
  id: row => row.vulnerabilityId,
  security_check: row => row.securityCheck,
  category: row => row.category,
  severity: row => row.severity,
  patch_available: row => (row.patchable ? 'yes' : 'no'),
  applies_to_images: row => row.appliesToImages,
  scanned_images: row => row.scannedImages,
}
