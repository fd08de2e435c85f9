import type { FindingFilter, FindingRow, findingListInputSchema } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Db } from '../db/open.ts'
import { findingRows } from './rows.ts'
import { findingTables, whereFilter } from './where.ts'

export interface FindingPage {
  readonly rows: FindingRow[]
  readonly total: number
  /** The same filter with status `disabled`. */
  readonly disabledTotal: number
}

type FindingListInput = z.output<typeof findingListInputSchema>

// The id last: an order that leaves ties open would show a finding on two pages or on none.
const orders: Readonly<Record<FindingListInput['sort'], SQL>> = {
  '-severity': sql`f.severity_rank desc, f.id`,
  severity: sql`f.severity_rank, f.id`,
  cve: sql`m.vulnerability_order, f.id`,
  '-cve': sql`m.vulnerability_order desc, f.id`,
  package: sql`m.source_name, f.id`,
  '-package': sql`m.source_name desc, f.id`,
  cvss: sql`m.cvss_v3 nulls last, f.id`,
  '-cvss': sql`m.cvss_v3 desc nulls last, f.id`,
  '-published': sql`m.published_at desc nulls last, f.id`,
}

export function listFindings(db: Db, { filter, sort, page, size }: FindingListInput): FindingPage {
  const ids = db.all<{ id: number }>(sql`
    select f.id from ${findingTables} where ${whereFilter(filter)}
    order by ${orders[sort]} limit ${size} offset ${(page - 1) * size}`)
  return {
    rows: findingRows(
      db,
      ids.map(({ id }) => id),
    ),
    total: countFindings(db, filter),
    disabledTotal: countFindings(db, { ...filter, status: 'disabled' }),
  }
}

export const countFindings = (db: Db, filter: FindingFilter): number =>
  db.get<{ total: number }>(sql`select count(*) as total from ${findingTables} where ${whereFilter(filter)}`)
    .total
