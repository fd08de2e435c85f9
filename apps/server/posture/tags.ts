import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'

/** The tags that lead to each digest of a repository, by itself or through an index, in order of their names. */
export function tagsOfDigests(
  db: Db,
  places: readonly { readonly repositoryId: number; readonly digest: string }[],
): Map<string, string[]> {
  const rows = prepared(
    db,
    `with place as (select value ->> 0 repositoryId, value ->> 1 digest from json_each(?))
     select place.repositoryId, place.digest, t.name from place
       join tag t on t.repository_id = place.repositoryId and t.digest = place.digest
     union
     select place.repositoryId, place.digest, t.name from place
       cross join index_member im on im.digest = place.digest
       cross join tag t on t.repository_id = place.repositoryId and t.digest = im.index_digest
     order by 3`,
  ).all(JSON.stringify(places.map(({ repositoryId, digest }) => [repositoryId, digest]))) as {
    repositoryId: number
    digest: string
    name: string
  }[]
  const tags = new Map<string, string[]>()
  for (const { repositoryId, digest, name } of rows) {
    const key = placeKey(repositoryId, digest)
    const names = tags.get(key)
    if (names === undefined) tags.set(key, [name])
    else names.push(name)
  }
  return tags
}

export const placeKey = (repositoryId: number, digest: string): string => `${repositoryId} ${digest}`
