import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'
import { breathe } from './ask.ts'

/**
 * The names that a listing has found so far. They are kept by SQLite, outside the database, since a registry lists tags
 * in whatever order it likes and 100,000 names are too many to hold.
 */
export function startListed(db: Db, repositoryId: number): Promise<void> {
  db.$client.exec(
    `create temp table if not exists listed_tag (
       repository_id integer not null, name text not null, primary key (repository_id, name)) without rowid`,
  )
  return forgetListed(db, repositoryId)
}

export function addListed(db: Db, repositoryId: number, names: readonly string[]): void {
  prepared(
    db,
    'insert into temp.listed_tag (repository_id, name) select ?, value from json_each(?) where true on conflict do nothing',
  ).run(repositoryId, JSON.stringify(names))
}

export async function forgetListed(db: Db, repositoryId: number): Promise<void> {
  const some = prepared(
    db,
    `delete from temp.listed_tag where repository_id = @repositoryId and name in
       (select name from temp.listed_tag where repository_id = @repositoryId limit 500)`,
  )
  while (some.run({ repositoryId }).changes > 0) await breathe()
}

export interface UnlistedTag {
  readonly name: string
  readonly digest: string
}

/** Tags that are known since before the listing began and that it did not find, page by page. */
export function* unlistedTags(
  db: Db,
  repositoryId: number,
  since: string,
): Generator<readonly UnlistedTag[]> {
  const limit = 500
  for (let after = ''; ; ) {
    const rows = prepared(
      db,
      `select t.name, t.digest, t.updated_at < @since and not exists (
         select 1 from temp.listed_tag l where l.repository_id = @repositoryId and l.name = t.name) unlisted
       from tag t where t.repository_id = @repositoryId and t.name > @after order by t.name limit @limit`,
    ).all({ repositoryId, after, since, limit }) as (UnlistedTag & { unlisted: number })[]
    yield rows.filter(({ unlisted }) => unlisted === 1)
    const last = rows.at(-1)
    if (last === undefined || rows.length < limit) return
    after = last.name
  }
}
