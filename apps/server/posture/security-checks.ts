import { type Scope, type SecurityCheckRow, severities } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { whereFilter } from '../findings/where.ts'
import { scannedImages } from './counts.ts'
import { foundUnderPlan } from './plan-off.ts'
import { totals } from './recommendation.ts'

export const securityCheckSorts = ['-severity', 'severity', '-images', 'images', 'id', '-id'] as const

export interface SecurityCheckInput {
  readonly scope?: Scope | undefined
  readonly tab: 'findings' | 'disabled'
  readonly q?: string | undefined
  readonly sort: (typeof securityCheckSorts)[number]
  readonly page: number
  readonly size: number
}

export interface SecurityCheckPage {
  readonly rows: SecurityCheckRow[]
  readonly total: number
}

const orders: Readonly<Record<SecurityCheckInput['sort'], SQL>> = {
  '-severity': sql`severity_rank desc, images desc, vulnerability_order`,
  severity: sql`severity_rank, images desc, vulnerability_order`,
  '-images': sql`images desc, severity_rank desc, vulnerability_order`,
  images: sql`images, severity_rank desc, vulnerability_order`,
  id: sql`vulnerability_order`,
  '-id': sql`vulnerability_order desc`,
}

interface CheckRow {
  readonly vulnerabilityId: string
  readonly securityCheck: string
  readonly category: string
  readonly severityRank: number
  readonly patchable: number
  readonly images: number
  readonly findingId: number
  readonly total: number
}

/**
 * The security checks: one for each vulnerability and what it is in, over all images. A check is as severe as its
 * worst finding, and patchable when each of its findings is.
 */
export function listSecurityChecks(
  db: Db,
  { scope, tab, q, sort, page, size }: SecurityCheckInput,
): SecurityCheckPage {
  const where = whereFilter({
    status: tab === 'findings' ? 'open' : 'disabled',
    scope,
    q,
  })
  const rows = db.all<CheckRow>(sql`
    select vulnerability_id as "vulnerabilityId", security_check as "securityCheck", category, images,
      severity_rank as "severityRank", patchable, finding_id as "findingId", count(*) over () as total
    from (
      select m.vulnerability_id, m.vulnerability_order, m.security_check, max(m.category) as category,
        max(f.severity_rank) as severity_rank, min(f.patchable) as patchable,
        count(distinct f.occurrence_id) as images, min(f.id) as finding_id
      from match_fact m indexed by match_fact_check cross join finding f on f.match_id = m.id
      where ${where} and ${foundUnderPlan}
      group by m.vulnerability_id, m.security_check)
    order by ${orders[sort]}, security_check limit ${size} offset ${(page - 1) * size}`)
  const scanned = scannedImages(totals(db, scope).images)
  return {
    rows: rows.map(row => ({
      vulnerabilityId: row.vulnerabilityId,
      securityCheck: row.securityCheck,
      category: row.category,
      severity: severities[4 - row.severityRank] ?? 'Unknown',
      patchable: row.patchable === 1,
      appliesToImages: row.images,
      scannedImages: scanned,
      findingId: String(row.findingId),
    })),
    total:
      rows[0]?.total ??
      (page === 1 ? 0 : listSecurityChecks(db, { scope, tab, q, sort, page: 1, size }).total),
  }
}
