import type { FindingFilter, FindingRow, findingListInputSchema } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Db } from '../db/open.ts'
import { foundUnderPlan } from '../posture/plan-off.ts'
import { countFromPosture } from '../posture/total.ts'
import { findingRows } from './rows.ts'
import { namesPlace, whereBesideMatch, whereFilter, whereMatch, wherePlace } from './where.ts'

export interface FindingPage {
  readonly rows: FindingRow[]
  readonly total: number
  /** The same filter with status `disabled`. */
  readonly disabledTotal: number
}

type FindingListInput = z.output<typeof findingListInputSchema>

interface Order {
  readonly by: SQL
  /** The index that has this order. */
  readonly index: string
  /** What the index is of, joined to findings by the match; null for the findings themselves. */
  readonly of: { readonly table: SQL; readonly matchId: SQL } | null
}

const matchFact = { table: sql`match_fact m`, matchId: sql`m.id` }
const matchThreat = { table: sql`match_threat mt`, matchId: sql`mt.match_id` }
const ofMatch = (index: string, by: SQL): Order => ({ by, index, of: matchFact })

/**
 * None leaves ties open: a finding would stand on two pages or on none. A match occurs once in an image, so the image
 * decides between equals.
 */
const orders: Readonly<Record<FindingListInput['sort'], Order>> = {
  '-severity': { by: sql`f.severity_rank desc, f.id desc`, index: 'finding_order', of: null },
  severity: { by: sql`f.severity_rank, f.id`, index: 'finding_order', of: null },
  cve: ofMatch('match_fact_vulnerability_order', sql`m.vulnerability_order, m.id, f.occurrence_id`),
  '-cve': ofMatch(
    'match_fact_vulnerability_order',
    sql`m.vulnerability_order desc, m.id desc, f.occurrence_id desc`,
  ),
  package: ofMatch('match_fact_source', sql`m.source_name, m.id, f.occurrence_id`),
  '-package': ofMatch('match_fact_source', sql`m.source_name desc, m.id desc, f.occurrence_id desc`),
  // Those without a score come last either way.
  cvss: ofMatch('match_fact_cvss_up', sql`m.cvss_v3 is null, m.cvss_v3, m.id, f.occurrence_id`),
  '-cvss': ofMatch('match_fact_cvss', sql`m.cvss_v3 desc, m.id desc, f.occurrence_id desc`),
  // Those that the list does not have come last.
  '-epss': {
    by: sql`mt.epss desc, mt.match_id desc, f.occurrence_id desc`,
    index: 'match_threat_epss',
    of: matchThreat,
  },
  '-published': ofMatch('match_fact_published', sql`m.published_at desc, m.id desc, f.occurrence_id desc`),
}

interface Start {
  readonly from: SQL
  /** The condition for what is left of the filter. */
  readonly where: SQL
}

/**
 * Where to start from, so that little is read: the images of a place, when it is a small one; else the matches, when
 * the filter chooses few of them; else the index that has the order, from which a page is read without sorting.
 */
function startOf(db: Db, filter: FindingFilter, order: Order | null): Start {
  const { from, where } = startOfFilter(db, filter, order)
  return { from, where: namesPlace(filter) ? where : sql`${where} and ${foundUnderPlan}` }
}

function startOfFilter(db: Db, filter: FindingFilter, order: Order | null): Start {
  const of = order?.of ?? null
  const joined = of === null ? sql`` : sql` join ${of.table} on ${of.matchId} = f.match_id`
  const where = whereFilter(filter)
  const place = wherePlace(filter)
  if (place !== null && isSmall(db, filter)) {
    const from = sql`from (${place}) place
      cross join finding f indexed by finding_counts on f.occurrence_id = place.id${joined}`
    return { from, where }
  }
  const match = whereMatch(filter)
  if (match !== null && (order === null || isFew(db, match))) {
    const from = sql`from (select m.id from match_fact m where ${match}) chosen
      cross join finding f indexed by finding_match on f.match_id = chosen.id${joined}`
    return { from, where: whereBesideMatch(filter) }
  }
  if (order === null) return { from: sql`from finding f`, where }
  const index = sql.identifier(order.index)
  const from =
    of === null
      ? sql`from finding f indexed by ${index}`
      : sql`from ${of.table} indexed by ${index} cross join finding f indexed by finding_match on f.match_id = ${of.matchId}`
  return { from, where }
}

/** Sorting so many findings takes no longer than looking for a page of them among all. */
const fewInPlace = 20_000

/** By all that is open there, whatever else the filter asks for. */
function isSmall(db: Db, { repository, digest, scope, subscriptionId, registryId }: FindingFilter): boolean {
  if (repository !== undefined || digest !== undefined) return true
  const open = countFromPosture(db, { status: 'open', scope, subscriptionId, registryId })
  return open !== null && open < fewInPlace
}

/** Of one in eight matches, every eighth finding on the way through an index is one to show. */
const isFew = (db: Db, match: SQL): boolean =>
  db.get<{ few: number }>(sql`
    select (select count(*) from match_fact m where ${match}) * 8 < (select count(*) from match_threat) as few`)
    .few === 1

export function listFindings(db: Db, { filter, sort, page, size }: FindingListInput): FindingPage {
  const order = orders[sort]
  const { from, where } = startOf(db, filter, order)
  const ids = db.all<{ id: number }>(sql`
    select f.id ${from} where ${where} order by ${order.by} limit ${size} offset ${(page - 1) * size}`)
  return {
    rows: findingRows(
      db,
      ids.map(({ id }) => id),
    ),
    total: countFindings(db, filter),
    disabledTotal: countFindings(db, { ...filter, status: 'disabled' }),
  }
}

/** What a filter chooses, for statements of others: clauses about finding f. */
export const findingsChosenBy = (db: Db, filter: FindingFilter): { from: SQL; where: SQL } =>
  startOf(db, filter, null)

export function countFindings(db: Db, filter: FindingFilter): number {
  const counted = countFromPosture(db, filter)
  if (counted !== null) return counted
  const { from, where } = startOf(db, filter, null)
  return db.get<{ total: number }>(sql`select count(*) as total ${from} where ${where}`).total
}
