import type { RegistrySummary } from '@plimsoll/types'
import { z } from 'zod'
import { dayOf } from '../advisories/days.ts'
import { scannedImages } from '../posture/counts.ts'
import { exporting, scopeParameter } from './answer.ts'
import { type Columns, csvOf, onePage } from './csv.ts'
import type { PostureExportDeps } from './posture-deps.ts'

const inputSchema = z.object({
  /** Those of one tab; left out, all of them. */
  health: z.enum(['unhealthy', 'healthy', 'not-applicable']).optional(),
  /** A part of the registry's name or of its subscription's, whatever its case. */
  q: z.string().max(200).optional(),
  scope: scopeParameter,
})
type Input = z.output<typeof inputSchema>

/**
 * GET /api/registries/export?health=unhealthy|healthy|not-applicable&q=TEXT&scope=subscription:ID: the registries that the
 * recommendation concerns.
 */
export const exportRegistries = exporting(
  inputSchema,
  async (input, { heavyReads, rules }: PostureExportDeps) => {
    await rules.upToDate()
    const registries = await heavyReads.registries(input.scope)
    return {
      name: ['plimsoll-registries', input.health, dayOf(new Date())].filter(Boolean).join('-'),
      format: 'csv',
      pieces: csvOf(columns, onePage(registries.filter(isOf(input)))),
    }
  },
)

const isOf =
  ({ health, q = '' }: Input) =>
  (registry: RegistrySummary): boolean => {
    const sought = q.trim().toLowerCase()
    return (
      (health === undefined || tabOf(registry) === health) &&
      [registry.name, registry.subscription.name].some(text => text.toLowerCase().includes(sought))
    )
  }

const tabOf = ({ health }: RegistrySummary): Input['health'] =>
  health === 'unhealthy' || health === 'healthy' ? health : 'not-applicable'

const columns: Columns<RegistrySummary> = {
  registry_id: row => row.id,
  registry: row => row.name,
  subscription_id: row => row.subscription.id,
  subscription: row => row.subscription.name,
  health: row => row.health,
  reason: row => row.healthReason,
  scanned_images: row => scannedImages(row.images),
  vulnerable_images: row => row.images.unhealthy,
  critical: row => row.findings.open.Critical,
  high: row => row.findings.open.High,
  medium: row => row.findings.open.Medium,
  low: row => row.findings.open.Low,
  unknown: row => row.findings.open.Unknown,
  last_scanned_at: row => row.lastScannedAt,
}
