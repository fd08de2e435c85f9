import { sql } from 'drizzle-orm'

/**
 * How many of an image's layers, from the bottom, are those of its base: the longest beginning of its stack, short of
 * the whole, that is the whole stack of another image. Null when it has none. One look into an index for each layer,
 * however many images there are. The aliases are image i and its registry rg: the demonstration's images are nobody's
 * base but each other's.
 */
export const baseDepth = sql`(
  select max(j.key) + 1 from json_each(i.chain_ids) j cross join image b on b.chain_id = j.value
  where j.key < json_array_length(i.chain_ids) - 1 and exists (
    select 1 from occurrence bo join repository brp on brp.id = bo.repository_id
      join registry brg on brg.id = brp.registry_id
    where bo.image_id = b.id and bo.deleted_at is null and brg.removed_at is null
      and (brg.kind = 'demonstration') = (rg.kind = 'demonstration')))`
