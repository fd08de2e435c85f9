import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { placeRulesOfTags } from '../rules/place.ts'
import { shareReplaced } from './replaced.ts'
import { revive, reviveMember, settle } from './superseding.ts'

/**
 * Keeps which images an index names, all of which are known in this repository, and has its tags lead to them: what an
 * index names is the same wherever it is. Within a transaction.
 */
export function noteMembers(
  db: Db,
  { repositoryId, indexDigest }: { repositoryId: number; indexDigest: string },
  digests: readonly string[],
  at: string,
): void {
  const insert = prepared(
    db,
    'insert into index_member (index_digest, digest) values (?, ?) on conflict do nothing',
  )
  const news = digests.filter(digest => insert.run(indexDigest, digest).changes > 0)
  for (const digest of news) {
    shareReplaced(db, indexDigest, digest)
    reviveMember(db, digest)
  }
  const others = news.length === 0 ? [] : repositoriesOf(db, indexDigest)
  for (const id of new Set([repositoryId, ...others])) {
    revive(db, id, indexDigest)
    placeRulesOfTags(db, id, [indexDigest], at)
    settle(db, id, at)
  }
}

/** Where it has a tag, lost it to another, or took it from one. */
const repositoriesOf = (db: Db, digest: string): number[] =>
  prepared(
    db,
    `select repository_id from tag where digest = @digest
     union select repository_id from replaced where digest = @digest
     union select repository_id from replaced where by = @digest`,
  )
    .pluck()
    .all({ digest }) as number[]
