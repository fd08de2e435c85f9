import { type FindingCounts, type Health, type ImageCounts, severityRank } from '@plimsoll/types'
import { type SQL, sql } from 'drizzle-orm'
import { ofPlanOn } from './plan-off.ts'
import { ofConnected } from './removed.ts'

/**
 * Counts of findings and images of any scope, as SQL and as the API answers them. The aliases are occurrence o and
 * posture p; every occurrence has its posture row from the moment it is known.
 */

/** Images that count: what is deleted or superseded, or whose registry was removed, does not. */
export const current = sql`o.deleted_at is null and o.superseded_at is null and ${ofConnected}`

/** Those of them that count in recommendation, score and overview. */
export const counting = sql`${current} and ${ofPlanOn}`

const openTotal = sql`(p.open_critical + p.open_high + p.open_medium + p.open_low + p.open_unknown)`

/** Health of one image. What is gone or replaced has none, whatever was found in it. */
export const imageHealth = sql`case
  when o.superseded_at is not null or o.deleted_at is not null then 'not-applicable'
  when ${openTotal} > 0 then 'unhealthy'
  when o.coverage_status = 'not-applicable' then 'not-applicable'
  when o.coverage_status = 'not-scanned' then iif(o.scan_failed, 'failed', 'not-scanned')
  when o.coverage_status = 'partial' or p.undetermined > 0 then 'undecided'
  else 'healthy' end`

/** The severity of its worst open finding by rank; null when it has none. */
export const worstRank = sql`case when p.open_critical > 0 then ${severityRank.Critical}
  when p.open_high > 0 then ${severityRank.High} when p.open_medium > 0 then ${severityRank.Medium}
  when p.open_low > 0 then ${severityRank.Low} when p.open_unknown > 0 then ${severityRank.Unknown} end`

export interface CountColumns {
  readonly openCritical: number
  readonly openHigh: number
  readonly openMedium: number
  readonly openLow: number
  readonly openUnknown: number
  readonly patchableCritical: number
  readonly patchableHigh: number
  readonly patchableMedium: number
  readonly patchableLow: number
  readonly patchableUnknown: number
  readonly disabled: number
  readonly undetermined: number
  readonly unimportant: number
  readonly kernelHeaders: number
}

const names: Readonly<Record<keyof CountColumns, SQL>> = {
  openCritical: sql`p.open_critical`,
  openHigh: sql`p.open_high`,
  openMedium: sql`p.open_medium`,
  openLow: sql`p.open_low`,
  openUnknown: sql`p.open_unknown`,
  patchableCritical: sql`p.patchable_critical`,
  patchableHigh: sql`p.patchable_high`,
  patchableMedium: sql`p.patchable_medium`,
  patchableLow: sql`p.patchable_low`,
  patchableUnknown: sql`p.patchable_unknown`,
  disabled: sql`p.disabled`,
  undetermined: sql`p.undetermined`,
  unimportant: sql`p.unimportant`,
  kernelHeaders: sql`p.kernel_headers`,
}

const select = (shape: (column: SQL) => SQL): SQL =>
  sql.join(
    Object.entries(names).map(([name, column]) => sql`${shape(column)} as ${sql.identifier(name)}`),
    sql`, `,
  )

/** The counts of one image, one column each. */
export const countsOfImage = select(column => column)

/** The same summed over a group of images. */
export const countsOfImages = select(column => sql`coalesce(sum(${column}), 0)`)

export function findingCounts(row: CountColumns): FindingCounts {
  return {
    open: {
      Critical: row.openCritical,
      High: row.openHigh,
      Medium: row.openMedium,
      Low: row.openLow,
      Unknown: row.openUnknown,
    },
    patchable: {
      Critical: row.patchableCritical,
      High: row.patchableHigh,
      Medium: row.patchableMedium,
      Low: row.patchableLow,
      Unknown: row.patchableUnknown,
    },
    disabled: row.disabled,
    undetermined: row.undetermined,
    unimportant: row.unimportant,
    kernelHeaders: row.kernelHeaders,
  }
}

export interface HealthColumns {
  readonly unhealthy: number
  readonly healthy: number
  readonly undecided: number
  readonly notApplicable: number
  readonly notScanned: number
  readonly failed: number
}

// `o` may be the empty side of a left join: a resource without images.
const ofHealth = (health: Health): SQL =>
  sql`coalesce(sum(iif(o.id is not null and ${imageHealth} = ${health}, 1, 0)), 0)`

/** How many images of a group are in which health. */
export const healthOfImages = sql`
  ${ofHealth('unhealthy')} as unhealthy,
  ${ofHealth('healthy')} as healthy,
  ${ofHealth('undecided')} as undecided,
  ${ofHealth('not-applicable')} as "notApplicable",
  ${ofHealth('not-scanned')} as "notScanned",
  ${ofHealth('failed')} as failed`

export const imageCounts = (row: HealthColumns): ImageCounts => ({
  unhealthy: row.unhealthy,
  healthy: row.healthy,
  undecided: row.undecided,
  notApplicable: row.notApplicable,
  notScanned: row.notScanned,
  failed: row.failed,
})

export const openFindings = (counts: FindingCounts): number =>
  Object.values(counts.open).reduce((sum, count) => sum + count, 0)

/** Images with a result that says something: those that are neither unscanned, failed nor out of scope. */
export const scannedImages = (images: ImageCounts): number =>
  images.unhealthy + images.healthy + images.undecided
