import { type SQL, sql } from 'drizzle-orm'

/**
 * The repositories of registries that were removed, as a query of their ids: what is in them is shown and counted
 * nowhere, from the removal until the last of it is deleted. Nearly always there is none, and it costs next to nothing.
 */
const removedRepositories = sql`select rrp.id from registry rrg cross join repository rrp on rrp.registry_id = rrg.id
  where rrg.removed_at is not null`

/** Asked once for a statement, and spares looking at each row where none was removed. */
const noneRemoved = sql`not exists (select 1 from registry nrg where nrg.removed_at is not null)`

/** Occurrence o is of a registry that is connected. */
export const ofConnected = sql`(${noneRemoved} or o.repository_id not in (${removedRepositories}))`

/** The occurrence of this id is. */
export const inConnected = (occurrenceId: SQL): SQL => sql`(${noneRemoved} or ${occurrenceId} not in (
  select ro.id from occurrence ro where ro.repository_id in (${removedRepositories})))`

/** Finding f is. */
export const foundInConnected = inConnected(sql`f.occurrence_id`)
