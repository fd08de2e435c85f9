import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { shareReplaced } from './superseding.ts'

/** Keeps that an index names an image. Within a transaction. */
export function noteMember(db: Db, indexDigest: string, digest: string): void {
  const { changes } = prepared(
    db,
    'insert into index_member (index_digest, digest) values (?, ?) on conflict do nothing',
  ).run(indexDigest, digest)
  if (changes > 0) shareReplaced(db, indexDigest, digest)
}
