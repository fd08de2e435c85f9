import { type Scope, type SecurityCheckRow, severities } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { whereFilter } from '../findings/where.ts'
import { scannedImages } from './counts.ts'
import { foundUnderPlan } from './plan-off.ts'
import { totals } from './recommendation.ts'

export const securityCheckSorts = ['-severity', 'severity', '-images', 'images', 'id', '-id'] as const

export const securityCheckTabs = ['findings', 'disabled'] as const

export interface SecurityCheckFilter {
  readonly scope?: Scope | undefined
  readonly tab: (typeof securityCheckTabs)[number]
  readonly q?: string | undefined
  readonly sort: (typeof securityCheckSorts)[number]
}

export interface SecurityCheckInput extends SecurityCheckFilter {
  readonly page: number
  readonly size: number
}

export interface SecurityCheckPage {
  readonly rows: SecurityCheckRow[]
  readonly total: number
}

/** What stands first, and then what; all of it ascending or all of it descending, so that one row can be compared. */
interface Order {
  readonly by: readonly SQL[]
  readonly descending?: true
}

const [severity, images, id] = [sql`severity_rank`, sql`images`, sql`vulnerability_order`]
const [mostSevere, mostImages] = [sql`-severity_rank`, sql`-images`]
const orders: Readonly<Record<SecurityCheckFilter['sort'], Order>> = {
  '-severity': { by: [mostSevere, mostImages, id] },
  severity: { by: [severity, mostImages, id] },
  '-images': { by: [mostImages, mostSevere, id] },
  images: { by: [images, mostSevere, id] },
  id: { by: [id] },
  '-id': { by: [id], descending: true },
}

/** What a check is placed by; no two are alike. */
const keysOf = ({ by }: Order): SQL => list([...by, sql`vulnerability_id`, sql`security_check`])
const orderBy = ({ by, descending }: Order): SQL =>
  list([...by, sql`vulnerability_id`, sql`security_check`].map(key => (descending ? sql`${key} desc` : key)))
const list = (parts: readonly SQL[]): SQL => sql.join([...parts], sql`, `)

/** Where a page ended, to go on behind it. */
export type CheckCursor = readonly (string | number)[]

interface CheckRow {
  readonly vulnerabilityId: string
  readonly securityCheck: string
  readonly category: string
  readonly severityRank: number
  readonly patchable: number
  readonly images: number
  readonly findingId: number
}

/**
 * The security checks: one for each vulnerability and what it is in, over all images. A check is as severe as its
 * worst finding, and patchable when each of its findings is.
 */
const checksOf = ({ tab, scope, q }: SecurityCheckFilter): SQL => sql`(
  select m.vulnerability_id, m.vulnerability_order, m.security_check, max(m.category) as category,
    max(f.severity_rank) as severity_rank, min(f.patchable) as patchable,
    count(distinct f.occurrence_id) as images, min(f.id) as finding_id
  from match_fact m indexed by match_fact_check cross join finding f on f.match_id = m.id
  where ${whereFilter({ status: tab === 'findings' ? 'open' : 'disabled', scope, q })} and ${foundUnderPlan}
  group by m.vulnerability_id, m.security_check)`

const columns = sql`vulnerability_id as "vulnerabilityId", security_check as "securityCheck", category, images,
  severity_rank as "severityRank", patchable, finding_id as "findingId"`

export function listSecurityChecks(db: Db, input: SecurityCheckInput): SecurityCheckPage {
  const { scope, sort, page, size } = input
  const rows = db.all<CheckRow & { total: number }>(sql`
    select ${columns}, count(*) over () as total from ${checksOf(input)}
    order by ${orderBy(orders[sort])} limit ${size} offset ${(page - 1) * size}`)
  return {
    rows: checksFrom(db, rows, scope),
    total: rows[0]?.total ?? (page === 1 ? 0 : listSecurityChecks(db, { ...input, page: 1 }).total),
  }
}

/**
 * The next of them in the same order. What is scanned meanwhile puts none twice into what is read page by page, and leaves
 * none out, but for those whose place in the order it changes.
 */
export function securityChecksAfter(
  db: Db,
  {
    after,
    size,
    ...filter
  }: SecurityCheckFilter & { readonly after: CheckCursor | null; readonly size: number },
): { rows: SecurityCheckRow[]; last: CheckCursor | null } {
  const order = orders[filter.sort]
  const behind = order.descending ? sql`<` : sql`>`
  const rows = db.all<CheckRow & { place: string }>(sql`
    select ${columns}, json_array(${keysOf(order)}) as place from ${checksOf(filter)}
    where ${after === null ? sql`1` : sql`(${keysOf(order)}) ${behind} (${list(after.map(key => sql`${key}`))})`}
    order by ${orderBy(order)} limit ${size}`)
  const last = rows.at(-1)
  return {
    rows: checksFrom(db, rows, filter.scope),
    last: last === undefined ? null : (JSON.parse(last.place) as CheckCursor),
  }
}

function checksFrom(db: Db, rows: readonly CheckRow[], scope: Scope | undefined): SecurityCheckRow[] {
  const scanned = scannedImages(totals(db, scope).images)
  return rows.map(row => ({
    vulnerabilityId: row.vulnerabilityId,
    securityCheck: row.securityCheck,
    category: row.category,
    severity: severities[4 - row.severityRank] ?? 'Unknown',
    patchable: row.patchable === 1,
    appliesToImages: row.images,
    scannedImages: scanned,
    findingId: String(row.findingId),
  }))
}
