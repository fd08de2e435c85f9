import type { CoverageReason, InstalledPackage, Inventory } from '@plimsoll/types'
import type { AdvisoryLookup } from '../advisories/advisory.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { ecosystems } from '../ecosystems/index.ts'
import { type AskedFeed, feedsFor } from './feeds.ts'
import { thirdPartyOf } from './third-party.ts'

/** An ecosystem's packages in an image, and the feeds that speak of them or why there are none. */
export interface Place {
  readonly ecosystem: Ecosystem
  readonly feeds: readonly AskedFeed[]
  readonly unjudged: CoverageReason | null
  readonly own: readonly InstalledPackage[]
  /** With who built them. */
  readonly others: readonly { readonly vendor: string; readonly package: InstalledPackage }[]
}

/** The ecosystems that an image has packages of, or that its distribution has advisories for. */
export function placesOf({ distro, packages }: Inventory, advisories: AdvisoryLookup): Place[] {
  const byEcosystem = Map.groupBy(packages, one => one.ecosystem)
  return ecosystems.flatMap(ecosystem => {
    const installed = byEcosystem.get(ecosystem.id) ?? []
    if (installed.length === 0 && (distro === null || ecosystem.feeds(distro).length === 0)) return []
    const asking = feedsFor(ecosystem, distro, installed.length, advisories)
    const own: InstalledPackage[] = []
    const others: { vendor: string; package: InstalledPackage }[] = []
    for (const one of installed) {
      const vendor = thirdPartyOf(one, ecosystem, distro)
      if (vendor === null) own.push(one)
      else others.push({ vendor, package: one })
    }
    const [feeds, unjudged] = 'code' in asking ? [[], asking] : [asking.feeds, null]
    return [{ ecosystem, feeds, unjudged, own, others }]
  })
}
