import type { RegistrySummary, SecureScore } from '@plimsoll/types'

/** Points of the control "Remediate vulnerabilities". */
const maxScore = 6

export interface ResourceCounts {
  readonly unhealthy: number
  readonly healthy: number
  /** Neither: unscanned, unsupported, failed, or not covered to the end. Named, and out of the score. */
  readonly notApplicable: number
}

/** The unit of the score is the registry. */
export function countRegistries(registries: readonly Pick<RegistrySummary, 'health'>[]): ResourceCounts {
  const unhealthy = registries.filter(({ health }) => health === 'unhealthy').length
  const healthy = registries.filter(({ health }) => health === 'healthy').length
  return { unhealthy, healthy, notApplicable: registries.length - unhealthy - healthy }
}

/**
 * The original's formula: max * healthy / (healthy + unhealthy). Over several subscriptions it weighs each by its
 * healthy and unhealthy resources, which with this one control comes to the same sum over all of them.
 */
export function secureScore({ unhealthy, healthy }: ResourceCounts): SecureScore {
  const assessed = unhealthy + healthy
  if (assessed === 0) return { current: 0, max: maxScore, percentage: null }
  return { current: rounded((maxScore * healthy) / assessed), max: maxScore, percentage: healthy / assessed }
}

/** What the score would gain if every unhealthy registry were healthy. */
export const potentialIncrease = ({ unhealthy, healthy }: ResourceCounts): number =>
  unhealthy + healthy === 0 ? 0 : rounded((maxScore * unhealthy) / (healthy + unhealthy))

const rounded = (points: number): number => Math.round(points * 100) / 100
