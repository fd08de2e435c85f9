import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { soughtPackage } from './search-text.ts'
import { whereFilter, wherePlace } from './where.ts'

/**
 * Open findings of class `security` in one image by package name: of each the number that a list with the filter
 * `package` has there. Names without any are left out.
 */
export function findingsByPackage(
  db: Db,
  { registryId, repository, digest }: { registryId: string; repository: string; digest: string },
  names: readonly string[],
): Map<string, number> {
  const place = wherePlace({ status: 'open', registryId, repository, digest })
  const sought = [...new Set(names)].map(name => [name, soughtPackage(name)])
  const rows = db.all<{ name: string; count: number }>(sql`
    with here as materialized (
      select m.search_text from (${place}) place
        cross join finding f indexed by finding_counts on f.occurrence_id = place.id
        join match_fact m on m.id = f.match_id
      where ${whereFilter({ status: 'open' })})
    select n.value ->> 0 as name, count(*) as count
    from json_each(${JSON.stringify(sought)}) n cross join here
    where instr(here.search_text, n.value ->> 1) > 0 group by n.key`)
  return new Map(rows.map(({ name, count }) => [name, count]))
}
