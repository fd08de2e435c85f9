import type { Distro, Release } from '@plimsoll/types'
import { ecosystems } from '../ecosystems/index.ts'
import { judgedAs } from './derivatives.ts'
import { knownReleaseOf } from './families.ts'

/**
 * What is known of the release that an image says it is; null when it does not say. Of one that nothing is known of
 * there is its name, and whether there are advisories for it. A derivative's packages get their updates from its parent,
 * so they end with the parent's.
 */
export function releaseOf(distro: Distro | null): Release | null {
  if (distro === null) return null
  const release = knownReleaseOf(judgedAs(distro))
  const { endOfLifeOn, extendedUntil, extendedChannel } = release ?? {}
  return {
    name: distro.parent === undefined && release !== null ? release.name : distro.prettyName,
    supported: ecosystems.some(ecosystem => ecosystem.feeds(distro).length > 0),
    endOfLifeOn: endOfLifeOn ?? null,
    extendedUntil: extendedUntil && extendedChannel ? { on: extendedUntil, channel: extendedChannel } : null,
  }
}
