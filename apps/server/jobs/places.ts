import type { RegistryKind } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { prepared } from '../db/statements.ts'

/** Where a scan's image is, and which advisories it is matched against. */
export interface ScanPlace {
  readonly registryId: string
  readonly kind: RegistryKind
  readonly url: string | null
  readonly repository: string
}

export function placeOf(db: Db, repositoryId: number): ScanPlace {
  const place = prepared(
    db,
    `select rg.id registryId, rg.kind, rg.url, rp.name repository
     from repository rp join registry rg on rg.id = rp.registry_id where rp.id = ?`,
  ).get(repositoryId) as ScanPlace | undefined
  if (place === undefined) throw new Error(`repository ${repositoryId} is not there`)
  return place
}

/** The snapshot shipped for the samples judges nothing but them. */
export const advisoriesFor = (place: Pick<ScanPlace, 'kind'>): AdvisorySource =>
  place.kind === 'demonstration' ? 'demonstration' : 'osv'
