import type { Layer } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** Newest images of the target that are looked at: base layers are shared by neighbours, and a miss costs a transfer. */
const lookedAt = 500

/** Says of a blob which other repository of the target's registry has it, as far as its newest images tell. */
export function mountable(
  db: Db,
  target: { readonly registryId: string; readonly repository: string },
): (digest: string) => string | null {
  // They are chosen from one index alone: a registry may hold 100,000, whose rows are wide.
  const rows = prepared(
    db,
    `with newest as materialized (
       select o.id, rp.name repository
       from repository rp cross join occurrence o indexed by occurrence_digest on o.repository_id = rp.id
       where rp.registry_id = @registryId and rp.name <> @repository order by o.id desc limit ${lookedAt})
     select newest.repository, i.layers
     from newest cross join occurrence o on o.id = newest.id join image i on i.id = o.image_id
     where o.deleted_at is null order by newest.id desc`,
  ).all({ ...target }) as { repository: string; layers: string }[]
  const holders = new Map<string, string>()
  for (const { repository, layers } of rows) {
    for (const { digest } of JSON.parse(layers) as Layer[]) holders.set(digest, repository)
  }
  return digest => holders.get(digest) ?? null
}
