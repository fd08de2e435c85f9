import type { Health, ImageCounts, RulePreview } from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { imageHealth } from '../posture/counts.ts'
import { healthOfRegistry } from '../posture/health.ts'
import { listRegistries } from '../posture/registries.ts'
import { countRegistries, secureScore } from '../posture/score.ts'
import type { FindingGroup } from './changed-findings.ts'

interface ImageRow {
  readonly id: number
  readonly registryId: string
  readonly health: Health
  readonly open: number
  readonly undetermined: number
  readonly coverage: string
  readonly scanFailed: number
}

/** What images and registries would be, and the score with them. */
export function healthAfter(
  db: Db,
  groups: readonly FindingGroup[],
): Pick<RulePreview, 'turnHealthy' | 'turnUnhealthy' | 'score'> {
  const registries = listRegistries(db)
  const images = new Map<string, ImageCounts>()
  let turnHealthy = 0
  let turnUnhealthy = 0
  for (const { registryId, from, to } of healthChanges(db, groups)) {
    if (to === 'healthy') turnHealthy += 1
    if (to === 'unhealthy') turnUnhealthy += 1
    const known = images.get(registryId) ?? registries.find(({ id }) => id === registryId)?.images
    if (known === undefined) continue
    const counts = { ...known }
    counts[countOf[from]] -= 1
    counts[countOf[to]] += 1
    images.set(registryId, counts)
  }
  const after = registries.map(({ id, health, plan, connectionError: trouble }) => {
    const counts = images.get(id)
    return counts === undefined ? { health } : healthOfRegistry(counts, { plan, reached: true, trouble })
  })
  const before = secureScore(countRegistries(registries))
  return {
    turnHealthy,
    turnUnhealthy,
    score: { before: before.current, after: secureScore(countRegistries(after)).current, max: before.max },
  }
}

const countOf = {
  unhealthy: 'unhealthy',
  healthy: 'healthy',
  undecided: 'undecided',
  'not-applicable': 'notApplicable',
  'not-scanned': 'notScanned',
  failed: 'failed',
} as const

function healthChanges(
  db: Db,
  groups: readonly FindingGroup[],
): { registryId: string; from: Health; to: Health }[] {
  const changes = new Map<number, { open: number; undetermined: number }>()
  for (const { occurrenceId, kind, state, findings } of groups) {
    if (kind === 'already') continue
    const change = changes.get(occurrenceId) ?? { open: 0, undetermined: 0 }
    change[state] += kind === 'reopened' ? findings : -findings
    changes.set(occurrenceId, change)
  }
  const rows = db.all<ImageRow>(sql`
    select o.id, rp.registry_id as "registryId", ${imageHealth} as health, p.undetermined,
      p.open_critical + p.open_high + p.open_medium + p.open_low + p.open_unknown as open,
      o.coverage_status as coverage, o.scan_failed as "scanFailed"
    from json_each(${JSON.stringify([...changes.keys()])}) j cross join occurrence o on o.id = j.value
      join posture p on p.occurrence_id = o.id join repository rp on rp.id = o.repository_id`)
  return rows.flatMap(row => {
    const change = changes.get(row.id) ?? { open: 0, undetermined: 0 }
    const to = healthOf(row, row.open + change.open, row.undetermined + change.undetermined)
    return to === row.health ? [] : [{ registryId: row.registryId, from: row.health, to }]
  })
}

/** As `imageHealth` of posture/counts.ts has it, for other counts. */
function healthOf({ coverage, scanFailed }: ImageRow, open: number, undetermined: number): Health {
  if (open > 0) return 'unhealthy'
  if (coverage === 'not-applicable') return 'not-applicable'
  if (coverage === 'not-scanned') return scanFailed === 1 ? 'failed' : 'not-scanned'
  if (coverage === 'partial' || undetermined > 0) return 'undecided'
  return 'healthy'
}
