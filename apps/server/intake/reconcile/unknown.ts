import type { Db } from '../../db/open.ts'
import { prepared } from '../../db/statements.ts'
import { deletedMessage } from '../deletion.ts'

/** An image that could not be scanned is looked at again so much later, and one that the registry could not give. */
const afterFailureMs = 24 * 60 * 60_000
const afterTroubleMs = 10 * 60_000

/**
 * Whether nothing is known of a digest: there is no result for it, or of an index's images, and no scan that would give
 * one. A scan that failed or that somebody called off counts for a day, so that a damaged image is not read again with
 * every listing; one that failed because of the registry for ten minutes. The deletion of an image ends all of that.
 */
export const isUnknown = (db: Db, repositoryId: number, digest: string, now: Date): boolean =>
  prepared(
    db,
    `with wanted (digest) as (
       select @digest where not exists (select 1 from index_member where index_digest = @digest)
       union all select im.digest from index_member im where im.index_digest = @digest)
     select not exists (select 1 from scan s where s.repository_id = @repositoryId and s.digest = @digest
         and s.state in ('queued', 'running'))
       and exists (
         select 1 from wanted w
         left join occurrence o on o.repository_id = @repositoryId and o.digest = w.digest and o.deleted_at is null
         where coalesce(o.coverage_status, 'not-scanned') = 'not-scanned'
           and not exists (
             select 1 from scan s where s.repository_id = @repositoryId and s.digest = w.digest
               and (s.state in ('queued', 'running')
                 or s.finished_at > coalesce((select d.deleted_at from occurrence d
                     where d.repository_id = @repositoryId and d.digest = w.digest), '')
                   and s.error_message is not @deletedMessage
                   and s.finished_at > iif(s.error_code like 'registry-%' or s.error_code = 'unauthorized',
                     @troubled, @failed)
                   and s.state in ('failed', 'cancelled'))))`,
  )
    .pluck()
    .get({
      repositoryId,
      digest,
      deletedMessage,
      failed: new Date(now.getTime() - afterFailureMs).toISOString(),
      troubled: new Date(now.getTime() - afterTroubleMs).toISOString(),
    }) === 1
