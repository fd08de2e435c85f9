import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'

/** A manifest that is known to be in a repository. */
export interface Held {
  readonly repositoryId: number
  readonly repository: string
  readonly digest: string
  /** The registry's time of the newest event about it. */
  readonly eventAt: string | null
}

export interface RepositoryPlace {
  readonly id: number
  readonly name: string
}

/** Rows that are looked at in one go: about a millisecond. */
const rowsPerPage = 500

/** The images of a repository that are not deleted, as it is when each page is read. */
export const heldOccurrences = (
  db: Db,
  place: RepositoryPlace,
  which: 'open findings' | 'no open findings',
): Generator<readonly Held[]> =>
  pages(
    db,
    place,
    `select o.digest, o.event_at eventAt,
       o.deleted_at is null and @open =
         exists (select 1 from finding f where f.occurrence_id = o.id and f.state <> 'closed') wanted
     from occurrence o where o.repository_id = @repositoryId and o.digest > @after order by o.digest limit @limit`,
    which === 'open findings' ? 1 : 0,
  )

/** The indexes of a repository: those that have a tag, and those that lost it to another. */
export function* heldIndexes(db: Db, place: RepositoryPlace): Generator<readonly Held[]> {
  for (const table of ['tag', 'replaced'] as const) {
    yield* pages(
      db,
      place,
      `select h.digest, null eventAt,
         exists (select 1 from index_member im where im.index_digest = h.digest) wanted
       from ${table} h where h.repository_id = @repositoryId and h.digest > @after
       group by h.digest order by h.digest limit @limit`,
      0,
    )
  }
}

function* pages(
  db: Db,
  { id: repositoryId, name: repository }: RepositoryPlace,
  query: string,
  open: 0 | 1,
): Generator<readonly Held[]> {
  for (let after = ''; ; ) {
    const rows = prepared(db, query).all({ repositoryId, after, limit: rowsPerPage, open }) as {
      digest: string
      eventAt: string | null
      wanted: number
    }[]
    yield rows
      .filter(({ wanted }) => wanted === 1)
      .map(({ digest, eventAt }) => ({ repositoryId, repository, digest, eventAt }))
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerPage) return
    after = last.digest
  }
}

/** Whether nothing was heard of it since then: no event, no tag that came to it, no scan that was asked for. */
export const isAsItWas = (db: Db, { repositoryId, digest, eventAt }: Held, since: string): boolean =>
  prepared(
    db,
    `select not exists (select 1 from tag where repository_id = @repositoryId and digest = @digest and updated_at >= @since)
       and not exists (select 1 from scan where repository_id = @repositoryId and digest = @digest and queued_at >= @since)
       and (select event_at from occurrence where repository_id = @repositoryId and digest = @digest) is @eventAt`,
  )
    .pluck()
    .get({ repositoryId, digest, eventAt, since }) === 1
