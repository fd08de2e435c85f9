import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'

/** Keeps that a scan reads a manifest from its registry now. */
export const noteRead = (db: Db, repositoryId: number, digest: string, at: string): void =>
  void prepared(db, 'update occurrence set read_at = ? where repository_id = ? and digest = ?').run(
    at,
    repositoryId,
    digest,
  )

/** Clocks differ, and a registry may note a pull a little after it. */
const slackMs = 60_000

/**
 * Whether a pull that a registry tells of is our own reading. The field tells when, and not who: were ours counted, each
 * scan would make its image recently pulled, and so have it scanned again, for ever. So a time is ours if a scan that we
 * know of may have read the manifest then: from when it was asked for (for an index's images, that is when the index was
 * read) to its end. All scans count and not the newest alone, since a registry that keeps its field up to date once a
 * day may still show an older one. Somebody's pull at such a time is not seen; the next is.
 *
 * @param granularityMs how exact the registry's time is.
 */
export function isOwnRead(
  db: Db,
  {
    repositoryId,
    digest,
    at,
    granularityMs,
  }: { repositoryId: number; digest: string; at: string; granularityMs: number },
): boolean {
  const time = Date.parse(at)
  const off = Math.max(granularityMs, slackMs)
  const notBefore = new Date(time - off).toISOString()
  const notAfter = new Date(time + off).toISOString()
  return (
    prepared(
      db,
      `select exists (select 1 from scan where repository_id = @repositoryId and digest = @digest
           and queued_at <= @notAfter and (finished_at is null or finished_at >= @notBefore))
         or exists (select 1 from occurrence where repository_id = @repositoryId and digest = @digest
           and read_at between @notBefore and @notAfter)`,
    )
      .pluck()
      .get({ repositoryId, digest, notBefore, notAfter }) === 1
  )
}
