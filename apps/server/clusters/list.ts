import type { Cluster } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** Clusters whose pods are listed. Of an index that runs all images are marked, and they count as the one it is. */
export function listClusters(db: Db): Cluster[] {
  return prepared(
    db,
    `select c.name, c.listed_at listedAt, c.error, c.pods, c.images, min(c.images, (
       select count(distinct o.repository_id || ' ' || coalesce(
         (select min(im.index_digest) from index_member im where im.digest = o.digest), o.digest))
       from running_image ri join occurrence o on o.id = ri.occurrence_id join repository rp on rp.id = o.repository_id
         join registry rg on rg.id = rp.registry_id and rg.removed_at is null
       where ri.cluster = c.name)) knownImages
     from cluster c order by c.name`,
  ).all() as Cluster[]
}
