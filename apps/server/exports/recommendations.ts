import type { RecommendationSummary } from '@plimsoll/types'
import { z } from 'zod'
import { dayOf } from '../advisories/days.ts'
import { exporting, scopeParameter } from './answer.ts'
import { type Columns, csvOf, onePage } from './csv.ts'
import type { PostureExportDeps } from './posture-deps.ts'

const inputSchema = z.object({ q: z.string().max(200).optional(), scope: scopeParameter })

/** GET /api/recommendations/export?q=TEXT&scope=subscription:ID: the list of recommendations. */
export const exportRecommendations = exporting(
  inputSchema,
  async (input, { heavyReads, rules }: PostureExportDeps) => {
    await rules.upToDate()
    const now = new Date()
    const rows = await heavyReads.recommendations({ ...input, now: now.toISOString() })
    return {
      name: `plimsoll-recommendations-${dayOf(now)}`,
      format: 'csv',
      pieces: csvOf(columns, onePage(rows)),
    }
  },
)

const columns: Columns<RecommendationSummary> = {
  name: row => row.name,
  security_control: row => row.control,
  severity: row => row.severity,
  max_score: row => row.score.max,
  current_score: row => row.score.current,
  potential_score_increase: row => row.potentialScoreIncrease,
  status: row => row.status,
  unhealthy_resources: row => row.unhealthyRegistries,
  healthy_resources: row => row.healthyRegistries,
  not_applicable_resources: row => row.notApplicableRegistries,
  known_exploited_findings: row => row.insights.knownExploited,
  fixable_findings: row => row.insights.fixable,
  rules_ending: row => row.insights.rulesEnding,
}
