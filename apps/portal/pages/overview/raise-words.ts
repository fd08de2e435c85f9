import type { Raise } from '@plimsoll/types'
import { counted, points } from '../../lib/quantity.ts'

/** What follows the number of findings: `fewer; 4 images and 1 registry turn healthy: +0.5 points`. */
export function gainSentence({
  healthyImages,
  healthyRegistries,
  points: gained,
}: Omit<Raise, 'kind'>): string {
  const turning = [
    healthyImages > 0 && counted(healthyImages, 'image'),
    healthyRegistries > 0 && counted(healthyRegistries, 'registry', 'registries'),
  ].filter(part => part !== false)
  if (turning.length === 0) return 'fewer'
  const many = healthyImages + healthyRegistries > 1
  const score = gained > 0 ? `: +${gained < 0.01 ? 'under 0.01' : points(gained)} points` : ''
  return `fewer; ${turning.join(' and ')} ${many ? 'turn' : 'turns'} healthy${score}`
}
