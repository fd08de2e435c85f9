import { sql } from 'drizzle-orm'

/** A finding f with its match m and where it is: occurrence o, repository rp, registry rg. */
export const findingTables = sql`finding f
  join match_fact m on m.id = f.match_id
  join occurrence o on o.id = f.occurrence_id
  join repository rp on rp.id = o.repository_id
  join registry rg on rg.id = rp.registry_id`
