import { explain } from '@plimsoll/engine'
import type { ExplainAnswer, Inventory } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import { advisoryLookup } from '../advisories/lookup.ts'
import type { Db } from '../db/open.ts'
import type { AdvisorySource } from '../db/schema.ts'
import { loadInventory } from '../jobs/inventory.ts'
import { advisoriesFor, placeOf } from '../jobs/places.ts'
import { layersOf } from '../posture/image-content.ts'
import { type OccurrenceName, occurrenceNamed } from '../posture/images.ts'
import { matchOf } from './match-fact.ts'

/**
 * Why a vulnerability is, or is not, among an image's findings, from its stored inventory and the advisories of now.
 * @param today `2024-03-29`
 * @throws Refusal when there is no such image.
 */
export function explainFinding(
  db: Db,
  { id, ...name }: OccurrenceName & { readonly id: string },
  today: string,
): ExplainAnswer {
  const occurrence = occurrenceNamed(db, name)
  const source = advisoriesFor(placeOf(db, occurrence.repositoryId))
  const inventory = occurrence.imageId === null ? null : loadInventory(db, occurrence.imageId)
  return explain({
    asked: id,
    inventory: inventory ?? notRead,
    layers: layersOf(db, occurrence.imageId),
    advisories: advisoryLookup(db, source),
    findings: matchesOf(db, occurrence.id, source, id),
    today,
  })
}

const notRead: Inventory = {
  distro: null,
  packages: [],
  coverage: { status: 'not-scanned', reasons: [], packages: {}, databases: [], release: null, feeds: [] },
}

/** The image's findings of the vulnerabilities that an id stands for or is about. */
function matchesOf(
  db: Db,
  occurrenceId: number,
  source: AdvisorySource,
  id: string,
): ReturnType<typeof matchOf>[] {
  const spelt = JSON.stringify([id, id.toUpperCase()])
  return db
    .all<{ record: string }>(sql`
      select m.record from finding f join match_fact m on m.id = f.match_id
      where f.occurrence_id = ${occurrenceId} and f.state <> 'closed' and m.vulnerability_id in (
        select value from json_each(${spelt})
        union select a.canonical from alias a where a.source = ${source} and a.id in (select value from json_each(${spelt})))`)
    .map(({ record }) => matchOf(record))
}
