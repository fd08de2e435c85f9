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
  const rows = prepared(
    db,
    `select rp.name repository, i.layers from repository rp join occurrence o on o.repository_id = rp.id
       join image i on i.id = o.image_id
     where rp.registry_id = @registryId and rp.name <> @repository and o.deleted_at is null
     order by o.id desc limit ${lookedAt}`,
  ).all({ ...target }) as { repository: string; layers: string }[]
  const holders = new Map<string, string>()
  for (const { repository, layers } of rows) {
    for (const { digest } of JSON.parse(layers) as Layer[]) holders.set(digest, repository)
  }
  return digest => holders.get(digest) ?? null
}
