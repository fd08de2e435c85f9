import type { Distro, Release } from '@plimsoll/types'
import { ecosystems } from '../ecosystems/index.ts'
import { familyOf, knownReleaseOf } from './families.ts'

/**
 * What is known of the release that an image says it is; null when it does not say. Of one that nothing is known of
 * there is its name, and that there are advisories for it or not.
 */
export function releaseOf(distro: Distro | null): Release | null {
  if (distro === null) return null
  const release = knownReleaseOf(distro)
  const channel = familyOf(distro.id)?.extendedChannel
  return {
    name: release?.name ?? distro.prettyName,
    supported: ecosystems.some(ecosystem => ecosystem.feeds(distro).length > 0),
    endOfLifeOn: release?.endOfLifeOn ?? null,
    extendedUntil:
      release?.extendedUntil === undefined || channel === undefined
        ? null
        : { on: release.extendedUntil, channel },
  }
}
