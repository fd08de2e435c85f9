import type { ImageCounts, RegistrySummary, Scope } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { imageWithin } from '../scopes/within.ts'
import { counting } from './counts.ts'
import { healthOfRegistry } from './health.ts'
import { listRegistries } from './registries.ts'
import { countRegistries, type ResourceCounts, secureScore } from './score.ts'

/** An image that has open findings now, and what it would be without them. */
export interface UnhealthyImage {
  readonly id: number
  readonly registryId: string
  readonly without: 'healthy' | 'undecided' | 'notApplicable' | 'notScanned' | 'failed'
}

export interface Gains {
  /** Those that count and are unhealthy, by occurrence. */
  readonly images: ReadonlyMap<number, UnhealthyImage>
  /** What it would bring if these images had no open finding. */
  of(images: readonly UnhealthyImage[]): {
    readonly healthyImages: number
    readonly healthyRegistries: number
    readonly points: number
  }
}

export function gainsOf(db: Db, scope?: Scope): Gains {
  const rows = db.all<UnhealthyImage>(sql`
    select o.id, rp.registry_id as "registryId", case
        when o.coverage_status = 'not-applicable' then 'notApplicable'
        when o.coverage_status = 'not-scanned' then iif(o.scan_failed, 'failed', 'notScanned')
        when o.coverage_status = 'partial' or p.undetermined > 0 then 'undecided'
        else 'healthy' end as without
    from occurrence o join posture p on p.occurrence_id = o.id join repository rp on rp.id = o.repository_id
    where ${counting} and ${imageWithin(scope)}
      and p.open_critical + p.open_high + p.open_medium + p.open_low + p.open_unknown > 0`)
  const registries = listRegistries(db, scope)
  const before = countRegistries(registries)
  const byId = new Map(registries.map(registry => [registry.id, registry]))
  return {
    images: new Map(rows.map(row => [row.id, row])),
    of(images) {
      let { healthy, unhealthy } = before
      let healthyRegistries = 0
      for (const [registryId, ofRegistry] of Map.groupBy(images, image => image.registryId)) {
        const registry = byId.get(registryId)
        const health = registry === undefined ? null : healthWithout(registry, ofRegistry)
        if (health === null || health === 'unhealthy') continue
        unhealthy -= 1
        if (health !== 'healthy') continue
        healthy += 1
        healthyRegistries += 1
      }
      return {
        healthyImages: images.filter(({ without }) => without === 'healthy').length,
        healthyRegistries,
        points: pointsOf({ ...before, healthy, unhealthy }) - pointsOf(before),
      }
    },
  }
}

/** Not rounded: among a thousand registries, one is less than a hundredth of a point. */
function pointsOf(registries: ResourceCounts): number {
  const { max, percentage } = secureScore(registries)
  return max * (percentage ?? 0)
}

function healthWithout(
  { images, plan, connectionError }: RegistrySummary,
  mended: readonly UnhealthyImage[],
): RegistrySummary['health'] {
  const counts: { -readonly [Count in keyof ImageCounts]: ImageCounts[Count] } = { ...images }
  for (const { without } of mended) {
    counts.unhealthy -= 1
    counts[without] += 1
  }
  return healthOfRegistry(counts, { plan, reached: true, trouble: connectionError }).health
}
