import {
  type FindingCounts,
  type ImageCounts,
  type Insights,
  type RecommendationDetail,
  type RecommendationSummary,
  type RegistrySummary,
  type Scope,
  threatKinds,
} from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { imageWithin, registryWithin } from '../scopes/within.ts'
import { attackTechniques } from './attack-techniques.ts'
import {
  type CountColumns,
  counting,
  countsOfImages,
  findingCounts,
  type HealthColumns,
  healthOfImages,
  imageCounts,
  openFindings,
  scannedImages,
} from './counts.ts'
import { insightsOf } from './insights.ts'
import { listRegistries } from './registries.ts'
import { countRegistries, potentialIncrease, type ResourceCounts, secureScore } from './score.ts'
import { anyRescanned } from './upkeep.ts'

export interface RecommendationListInput {
  readonly scope?: Scope | undefined
  /** A part of its name or of its security control's, whatever its case. */
  readonly q?: string | undefined
  readonly now?: Date
}

export function listRecommendations(
  db: Db,
  { scope, q = '', now = new Date() }: RecommendationListInput = {},
): RecommendationSummary[] {
  const sought = q.trim().toLowerCase()
  if (![name, control].some(text => text.toLowerCase().includes(sought))) return []
  const insights = insightsOf(db, { scope, findings: totals(db, scope).findings, now })
  return [summarize(listRegistries(db, scope), insights)]
}

export function getRecommendation(db: Db, scope?: Scope, now = new Date()): RecommendationDetail {
  const registries = listRegistries(db, scope)
  const { images, findings } = totals(db, scope)
  return {
    ...summarize(registries, insightsOf(db, { scope, findings, now })),
    userImpact: 'Low',
    implementationEffort: 'Moderate',
    threats: [...threatKinds],
    techniques: attackTechniques,
    freshnessDays: freshnessOf(db, scope),
    totalFindings: openFindings(findings),
    disabledFindings: findings.disabled,
    findings,
    vulnerableImages: images.unhealthy,
    scannedImages: scannedImages(images),
    registriesWithMost: registries
      .filter(({ plan }) => plan === 'on')
      .map(registry => ({
        registryId: registry.id,
        name: registry.name,
        findings: openFindings(registry.findings),
      }))
      .filter(registry => registry.findings > 0)
      .toSorted((a, b) => b.findings - a.findings || a.name.localeCompare(b.name))
      .slice(0, 3),
  }
}

/** Over the subscriptions that have anything rescanned. */
function freshnessOf(db: Db, scope: Scope | undefined): RecommendationDetail['freshnessDays'] {
  const { least, most } = db.get<{ least: number | null; most: number | null }>(sql`
    select min(sub.rescan_every_days) as least, max(sub.rescan_every_days) as most from subscription sub
    where ${anyRescanned} and exists (
      select 1 from registry rg where rg.subscription_id = sub.id and rg.removed_at is null and ${registryWithin(scope)})`)
  return least === null || most === null ? null : { least, most }
}

/** Counts over everything whose plan is on. */
export function totals(db: Db, scope?: Scope): { images: ImageCounts; findings: FindingCounts } {
  const row = db.get<CountColumns & HealthColumns>(sql`
    select ${healthOfImages}, ${countsOfImages}
    from occurrence o join posture p on p.occurrence_id = o.id where ${counting} and ${imageWithin(scope)}`)
  return { images: imageCounts(row), findings: findingCounts(row) }
}

const name = 'Vulnerabilities in container registry images should be remediated'
const control = 'Remediate vulnerabilities'

function summarize(registries: readonly RegistrySummary[], insights: Insights): RecommendationSummary {
  const counts = countRegistries(registries)
  return {
    key: 'container-images',
    assessmentKey: 'dbd0cb49-b563-45e7-9724-889e799fa648',
    name,
    control,
    severity: 'High',
    status: statusOf(counts),
    unhealthyRegistries: counts.unhealthy,
    healthyRegistries: counts.healthy,
    notApplicableRegistries: counts.notApplicable,
    score: secureScore(counts),
    potentialScoreIncrease: potentialIncrease(counts),
    insights,
  }
}

function statusOf({ unhealthy, healthy }: ResourceCounts): RecommendationSummary['status'] {
  if (unhealthy > 0) return 'unhealthy'
  return healthy > 0 ? 'healthy' : 'not-applicable'
}
