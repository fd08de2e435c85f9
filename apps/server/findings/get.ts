import type { Distro, FindingDetail, FindingState } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import { threatLists } from '../advisories/threats.ts'
import type { Db } from '../db/open.ts'
import { baseLayers } from '../posture/base-image.ts'
import { layersOf } from '../posture/image-content.ts'
import { layersThatBrought } from '../posture/image-layers.ts'
import { foundUnderPlan } from '../posture/plan-off.ts'
import { foundInConnected } from '../posture/removed.ts'
import { placeKey, tagsOfDigests } from '../posture/tags.ts'
import { Refusal } from '../refusal.ts'
import { findingTimeline } from '../rules/timeline.ts'
import { findingsWithMatch } from './rows.ts'
import { findingTables } from './tables.ts'
import { findingState } from './where.ts'

const maxAffectedImages = 100

interface Row {
  readonly occurrenceId: number
  readonly imageId: number | null
  readonly distro: string | null
  readonly closedAt: string | null
  readonly closeReason: string | null
}

/** @throws Refusal when there is no such finding, or its registry was removed. */
export function getFinding(db: Db, id: string): FindingDetail {
  const number = /^\d{1,15}$/.test(id) ? Number(id) : -1
  const [finding] = findingsWithMatch(db, [number])
  const row = db.get<Row | undefined>(sql`
    select o.id as "occurrenceId", o.image_id as "imageId", i.distro, f.closed_at as "closedAt", f.close_reason as "closeReason"
    from finding f join occurrence o on o.id = f.occurrence_id left join image i on i.id = o.image_id
    where f.id = ${number} and ${foundInConnected}`)
  if (finding === undefined || row === undefined) {
    throw new Refusal('not-found', `There is no finding ${id}.`)
  }
  return {
    ...finding,
    layers: layersThatBrought(
      layersOf(db, row.imageId),
      finding.match.packages,
      baseLayers(db, row.occurrenceId),
    ),
    threatLists: threatLists(db),
    distro: row.distro === null ? null : (JSON.parse(row.distro) as Distro),
    closedAt: row.closedAt,
    closeReason: row.closeReason,
    ...affectedImages(db, finding.vulnerabilityId, number),
    timeline: findingTimeline(db, number),
  }
}

interface AffectedRow {
  readonly repositoryId: number
  readonly registryId: string
  readonly registryName: string
  readonly subscriptionName: string
  readonly repository: string
  readonly digest: string
  readonly distro: string | null
  readonly findingId: number
  readonly state: FindingState
}

/**
 * Images in which the vulnerability is open or disabled, as far as they count. The finding's own is first, even when it
 * is closed there or the plan is off.
 */
function affectedImages(
  db: Db,
  vulnerabilityId: string,
  findingId: number,
): Pick<FindingDetail, 'affectedImages' | 'affectedImagesTotal'> {
  const affected: SQL = sql`from match_fact m cross join finding f on f.match_id = m.id
    where m.vulnerability_id = ${vulnerabilityId}
      and (f.id = ${findingId} or (f.state = 'open' and ${foundInConnected} and ${foundUnderPlan}))`
  const { total } = db.get<{ total: number }>(
    sql`select count(distinct f.occurrence_id) as total ${affected}`,
  )
  // One row for each image: of several findings there, the one asked for, else the first.
  const rows = db.all<AffectedRow>(sql`
    select rp.id as "repositoryId", rg.id as "registryId", rg.name as "registryName", sub.name as "subscriptionName",
      rp.name as repository, o.digest, i.distro ->> 'prettyName' as distro, f.id as "findingId",
      ${findingState} as state
    from ${findingTables} join subscription sub on sub.id = rg.subscription_id left join image i on i.id = o.image_id
    where f.id in (
      select iif(max(f.id = ${findingId}), ${findingId}, min(f.id)) ${affected}
      group by f.occurrence_id
      order by max(f.id = ${findingId}) desc, f.occurrence_id desc limit ${maxAffectedImages})
    order by f.id = ${findingId} desc, o.id desc`)
  const tags = tagsOfDigests(db, rows)
  return {
    affectedImages: rows.map(({ repositoryId, ...row }) => ({
      ...row,
      findingId: String(row.findingId),
      tags: tags.get(placeKey(repositoryId, row.digest)) ?? [],
    })),
    affectedImagesTotal: total,
  }
}
