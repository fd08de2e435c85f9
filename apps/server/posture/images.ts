import {
  type Coverage,
  type Health,
  type ImageDetail,
  type ImageSummary,
  type RegistryKind,
  type Scope,
  type Severity,
  severityRank,
} from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { scanSummaries } from '../jobs/list.ts'
import { Refusal } from '../refusal.ts'
import { imageWithin, registryWithin } from '../scopes/within.ts'
import { baseImageOf, imagesToMove } from './base-image.ts'
import {
  type CountColumns,
  counting,
  countsOfImage,
  current,
  findingCounts,
  imageHealth,
  worstRank,
} from './counts.ts'
import { reasonOfImage } from './health.ts'
import { distroOf, ledgerOf, platformOf } from './image-content.ts'
import { describeLayers } from './image-layers.ts'
import { ofPlanOn } from './plan-off.ts'
import { pushTold } from './pushed.ts'
import { placeKey, tagsOfDigests } from './tags.ts'
import { upkeepOfImage } from './upkeep.ts'

/** What names an occurrence. */
export interface OccurrenceName {
  readonly registryId: string
  readonly repository: string
  readonly digest: string
}

export interface ImageListInput {
  readonly scope?: Scope | undefined
  readonly subscriptionId?: string | undefined
  readonly registryId?: string | undefined
  readonly repository?: string | undefined
  readonly health?: Health | undefined
  /** Those whose worst open finding is of this severity. */
  readonly worst?: Severity | undefined
  /** Those on this base image, where its repository has a newer one to build on. */
  readonly outdatedBase?: OccurrenceName | undefined
  readonly superseded: boolean
  readonly page: number
  readonly size: number
}

export interface ImagePage {
  readonly rows: ImageSummary[]
  readonly total: number
  /** Images of the same scope that are superseded, whichever of the two were asked for. */
  readonly supersededTotal: number
}

const tables = sql`occurrence o
  join posture p on p.occurrence_id = o.id
  join repository rp on rp.id = o.repository_id
  join registry rg on rg.id = rp.registry_id
  join subscription sub on sub.id = rg.subscription_id
  left join image i on i.id = o.image_id`

/** The images of a scope, the newest push first. Deleted ones are in no list. */
export function listImages(
  db: Db,
  {
    scope: narrowed,
    subscriptionId,
    registryId,
    repository,
    health,
    worst,
    outdatedBase,
    superseded,
    page,
    size,
  }: ImageListInput,
): ImagePage {
  const scope = [sql`o.deleted_at is null and rg.removed_at is null`, registryWithin(narrowed)]
  // Without a place it is about what counts, as the overview that leads here is.
  if (subscriptionId === undefined && registryId === undefined) scope.push(ofPlanOn)
  if (subscriptionId !== undefined) scope.push(sql`rg.subscription_id = ${subscriptionId}`)
  if (registryId !== undefined) scope.push(sql`rg.id = ${registryId}`)
  if (repository !== undefined) scope.push(sql`rp.name = ${repository}`)
  if (health !== undefined) scope.push(sql`${imageHealth} = ${health}`)
  if (worst !== undefined) {
    scope.push(sql`${imageHealth} = 'unhealthy' and ${worstRank} = ${severityRank[worst]}`)
  }
  if (outdatedBase !== undefined) {
    const ids = JSON.stringify(imagesToMove(db, outdatedBase))
    scope.push(sql`o.id in (select value from json_each(${ids}))`)
  }
  const where = sql.join(scope, sql` and `)
  const counts = db.get<{ current: number; superseded: number }>(sql`
    select count(*) - count(o.superseded_at) as current, count(o.superseded_at) as superseded
    from ${tables} where ${where}`)
  const wanted = superseded ? sql`o.superseded_at is not null` : current
  const ids = db.all<{ id: number }>(sql`
    select o.id from ${tables} where ${where} and ${wanted}
    order by o.pushed_at desc, o.id desc limit ${size} offset ${(page - 1) * size}`)
  return {
    rows: imageSummaries(
      db,
      ids.map(({ id }) => id),
    ),
    total: superseded ? counts.superseded : counts.current,
    supersededTotal: counts.superseded,
  }
}

/** The images with the most and worst open findings. */
export function topImages(db: Db, limit: number, scope?: Scope): ImageSummary[] {
  const ids = db.all<{ id: number }>(sql`
    select o.id from ${tables} where ${counting} and ${imageWithin(scope)} and ${imageHealth} = 'unhealthy'
    order by p.open_critical desc, p.open_high desc, p.open_medium desc, p.open_low desc, o.id limit ${limit}`)
  return imageSummaries(
    db,
    ids.map(({ id }) => id),
  )
}

/** @throws Refusal when there is no such image. One that was deleted is still told of. */
export function getImage(db: Db, name: OccurrenceName): ImageDetail {
  const row = occurrenceNamed(db, name)
  const [summary] = imageSummaries(db, [row.id])
  if (summary === undefined) throw noSuchImage(name)
  const content = db.get<{ mediaType: string | null; packageCount: number }>(
    sql`select media_type as "mediaType", package_count as "packageCount" from image where id = ${row.imageId}`,
  )
  const baseImage = baseImageOf(db, row.id, name)
  return {
    ...summary,
    registryKind: row.registryKind,
    mediaType: content?.mediaType ?? null,
    distro: distroOf(db, row.imageId),
    coverageLedger: ledgerOf(db, row.id),
    layers: describeLayers(db, { imageId: row.imageId, ...name }, baseImage?.layers ?? 0),
    baseImage,
    packageCount: content?.packageCount ?? 0,
    deletedAt: row.deletedAt,
    deletedBy: isIndexDigest(row.deletedBy) ? null : row.deletedBy,
    deletedWith: isIndexDigest(row.deletedBy) ? row.deletedBy : null,
    ...closedOf(db, row.id),
  }
}

/** How many findings are closed, and how many of them when the image was deleted or superseded, whichever it is now. */
const closedOf = (db: Db, id: number): Pick<ImageDetail, 'closedFindings' | 'closedWithIt'> =>
  db.get(sql`
    select count(*) as "closedFindings",
      coalesce(sum(f.closed_at is coalesce(o.deleted_at, o.superseded_at)), 0) as "closedWithIt"
    from occurrence o join finding f on f.occurrence_id = o.id and f.state = 'closed' and f.class = 'security'
    where o.id = ${id}`)

/** What stands in `deleted_by` of an image that went with its index. No name of a user has this form in earnest. */
const isIndexDigest = (deletedBy: string | null): boolean => deletedBy?.startsWith('sha256:') ?? false

interface OccurrenceRow {
  readonly registryKind: RegistryKind
  readonly id: number
  readonly repositoryId: number
  readonly imageId: number | null
  readonly deletedAt: string | null
  readonly deletedBy: string | null
}

export function occurrenceNamed(db: Db, name: OccurrenceName): OccurrenceRow {
  const row = db.get<OccurrenceRow | undefined>(sql`
    select o.id, rg.kind as "registryKind", o.repository_id as "repositoryId", o.image_id as "imageId", o.deleted_at as "deletedAt",
      o.deleted_by as "deletedBy"
    from occurrence o join repository rp on rp.id = o.repository_id
      join registry rg on rg.id = rp.registry_id and rg.removed_at is null
    where rg.id = ${name.registryId} and rp.name = ${name.repository} and o.digest = ${name.digest}`)
  if (row === undefined) throw noSuchImage(name)
  return row
}

const noSuchImage = ({ repository, digest }: OccurrenceName): Refusal =>
  new Refusal('not-found', `There is no image ${digest} in ${repository}.`)

interface ImageRow extends CountColumns {
  readonly id: number
  readonly repositoryId: number
  readonly registryId: string
  readonly registryName: string
  readonly repository: string
  readonly digest: string
  readonly os: string | null
  readonly architecture: string | null
  readonly variant: string | null
  readonly osVersion: string | null
  readonly sizeBytes: number | null
  readonly pushedAt: string
  /** 1 or 0. */
  readonly pushTold: number
  readonly lastPulledAt: string | null
  readonly scannedAt: string | null
  readonly matchedAt: string | null
  readonly upkeep: ImageSummary['upkeep']
  readonly runningIn: string
  readonly supersededAt: string | null
  readonly deletedAt: string | null
  readonly deletedBy: string | null
  readonly health: ImageSummary['health']
  readonly coverageStatus: ImageSummary['coverage']
  readonly coverage: string | null
  readonly scanId: number | null
}

const summaryColumns: SQL = sql`o.id, rp.id as "repositoryId", rg.id as "registryId", rg.name as "registryName",
  rp.name as repository, o.digest, i.os, i.architecture, i.variant, i.os_version as "osVersion",
  i.size_bytes as "sizeBytes", o.pushed_at as "pushedAt", ${pushTold} as "pushTold", o.last_pulled_at as "lastPulledAt",
  o.scanned_at as "scannedAt", o.matched_at as "matchedAt", ${upkeepOfImage} as upkeep,
  (select json_group_array(ri.cluster) from running_image ri where ri.occurrence_id = o.id) as "runningIn", o.superseded_at as "supersededAt",
  o.deleted_at as "deletedAt", o.deleted_by as "deletedBy", ${imageHealth} as health,
  o.coverage_status as "coverageStatus", o.coverage, ${countsOfImage},
  (select max(s.id) from scan s where s.repository_id = o.repository_id and s.digest = o.digest) as "scanId"`

/** These images, in this order. */
function imageSummaries(db: Db, ids: readonly number[]): ImageSummary[] {
  if (ids.length === 0) return []
  const rows = db.all<ImageRow>(sql`
    select ${summaryColumns} from json_each(${JSON.stringify(ids)}) j join ${tables} where o.id = j.value order by j.key`)
  const tags = tagsOfDigests(db, rows)
  const scans = new Map(
    scanSummaries(
      db,
      rows.flatMap(({ scanId }) => (scanId === null ? [] : [scanId])),
    ).map(scan => [scan.id, scan]),
  )
  return rows.map(row => {
    const scan = scans.get(String(row.scanId)) ?? null
    return {
      registryId: row.registryId,
      registryName: row.registryName,
      repository: row.repository,
      digest: row.digest,
      tags: tags.get(placeKey(row.repositoryId, row.digest)) ?? [],
      platform: platformOf(row),
      sizeBytes: row.sizeBytes,
      pushedAt: row.pushedAt,
      pushTold: row.pushTold === 1,
      lastPulledAt: row.lastPulledAt,
      scannedAt: row.scannedAt,
      matchedAt: row.matchedAt,
      upkeep: row.upkeep,
      runningIn: JSON.parse(row.runningIn) as string[],
      supersededAt: row.supersededAt,
      health: row.health,
      healthReason: reasonOfImage({
        health: row.health,
        planOff: row.upkeep === 'plan-off',
        superseded: row.supersededAt !== null,
        deleted: row.deletedAt === null ? null : isIndexDigest(row.deletedBy) ? 'with-index' : 'itself',
        coverage: row.coverage === null ? null : (JSON.parse(row.coverage) as Pick<Coverage, 'reasons'>),
        undetermined: row.undetermined,
        scannedAt: row.scannedAt,
        scan,
      }),
      coverage: row.coverageStatus,
      findings: findingCounts(row),
      scan,
    }
  })
}
