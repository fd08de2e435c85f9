import type { ChosenVulnerabilities, FindingChoice } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { foundInConnected } from '../posture/removed.ts'
import { findingsChosenBy } from './list.ts'

/** Findings for which something is done together, as clauses about finding f. */
export function chosenFindings(db: Db, { ids = [], filter }: FindingChoice): { from: SQL; where: SQL } {
  if (filter !== undefined) return findingsChosenBy(db, filter)
  return {
    from: sql`from json_each(${JSON.stringify(ids)}) chosen cross join finding f on f.id = chosen.value`,
    where: foundInConnected,
  }
}

/** An answer takes so many: a list that is pasted somewhere. */
const mostIds = 5000

/** The ids of their vulnerabilities. */
export function chosenVulnerabilities(db: Db, choice: FindingChoice): ChosenVulnerabilities {
  const { from, where } = chosenFindings(db, choice)
  const ids = db
    .all<{ id: string }>(sql`
      select m.vulnerability_id as id from match_fact m where m.id in (select f.match_id ${from} where ${where})
      group by 1 order by min(m.vulnerability_order), 1`)
    .map(({ id }) => id)
  return { ids: ids.slice(0, mostIds), total: ids.length }
}
