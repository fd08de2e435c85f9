import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/**
 * What took the last tag of an image, be it the image's own or that of an index which names it: the table `replaced`.
 * See docs/decisions/0002-superseded-images.md.
 */

/**
 * A tag leads to the digest, by itself or through an index. Parameters are its columns. The indexes that name a digest are
 * few, the tags of a repository many: hence the order, here and wherever both are joined.
 */
export const isTagged = (repositoryId: string, digest: string): string => `(
  exists (select 1 from tag t where t.repository_id = ${repositoryId} and t.digest = ${digest})
  or exists (select 1 from index_member im cross join tag t on t.digest = im.index_digest
    where im.digest = ${digest} and t.repository_id = ${repositoryId}))`

/**
 * Notes what took the last tag of a digest, and of the images of an index, where no tag leads to them any more. Within a
 * transaction.
 * @returns whether it was the last tag of any.
 */
export function noteReplaced(db: Db, repositoryId: number, digest: string, by: string): boolean {
  const { changes } = prepared(
    db,
    `insert into replaced (repository_id, digest, by)
     select @repositoryId, l.digest, @by
     from (select @digest digest union select digest from index_member where index_digest = @digest) l
     where not ${isTagged('@repositoryId', 'l.digest')}
     on conflict (repository_id, digest) do update set by = excluded.by`,
  ).run({ repositoryId, digest, by })
  return changes > 0
}

/** Forgets it of what a tag leads to now. Within a transaction. @returns whether there was anything to forget. */
export function forgetReplaced(db: Db, repositoryId: number, digest: string): boolean {
  const { changes } = prepared(
    db,
    `delete from replaced where repository_id = @repositoryId and digest in (
       select @digest union all select digest from index_member where index_digest = @digest)`,
  ).run({ repositoryId, digest })
  return changes > 0
}

/**
 * What is noted of an index holds for an image of which it is only known now that it is in it, but where the image had
 * the tag after the index. Within a transaction.
 */
export function shareReplaced(db: Db, indexDigest: string, digest: string): void {
  prepared(
    db,
    `delete from replaced where digest = @digest and exists (
       select 1 from tag t where t.repository_id = replaced.repository_id and t.digest = @indexDigest)`,
  ).run({ indexDigest, digest })
  prepared(
    db,
    `insert into replaced (repository_id, digest, by)
     select r.repository_id, @digest, r.by from replaced r
     where r.digest = @indexDigest and not ${isTagged('r.repository_id', '@digest')}
       and @digest not in (
         with recursive after(digest) as (
           select r.by union
           select n.by from after join replaced n on n.repository_id = r.repository_id and n.digest = after.digest)
         select digest from after)
     on conflict do nothing`,
  ).run({ indexDigest, digest })
}

/** From a digest that had a tag to the one that took that, and on, to the newest. */
export interface Ways {
  /** The newest of which something is there, the first one among them; null where nothing is. */
  newestThere(first: string): string | null
  /** Whether there is one. */
  anyThere(first: string): boolean
  /** Whether it is the other, or an index that names it. */
  leadsTo(digest: string, other: string): boolean
}

/** The newest is remembered: all that had one tag share the way to it. */
export function waysIn(db: Db, repositoryId: number): Ways {
  const next = prepared(db, 'select by from replaced where repository_id = ? and digest = ?').pluck()
  const there = prepared(
    db,
    `select exists (select 1 from occurrence o where o.repository_id = @repositoryId and o.deleted_at is null
       and o.digest in (select @digest union all select digest from index_member where index_digest = @digest))`,
  ).pluck()
  const isThere = (digest: string): boolean => there.get({ repositoryId, digest }) === 1
  const namedBy = prepared(db, 'select digest from index_member where index_digest = ?').pluck()
  const known = new Map<string, string | null>()
  const members = new Map<string, ReadonlySet<unknown>>()

  function* wayFrom(first: string): Generator<string> {
    const passed = new Set<string>()
    // No way comes back to where it was: what takes a tag is replaced by nothing, until it loses that.
    for (let digest: string | undefined = first; digest !== undefined && !passed.has(digest); ) {
      passed.add(digest)
      yield digest
      digest = next.get(repositoryId, digest) as string | undefined
    }
  }
  return {
    newestThere(first) {
      const way: string[] = []
      let newest: string | null = null
      for (const digest of wayFrom(first)) {
        const found = known.get(digest)
        if (found !== undefined) {
          newest = found
          break
        }
        way.push(digest)
      }
      for (const digest of way.reverse()) {
        if (newest === null && isThere(digest)) newest = digest
        known.set(digest, newest)
      }
      return newest
    },
    anyThere: first => wayFrom(first).some(isThere),
    leadsTo(digest, other) {
      const named = members.get(digest) ?? new Set(namedBy.all(digest))
      members.set(digest, named)
      return digest === other || named.has(other)
    },
  }
}
