import type { CoverageReason, Distro, InstalledPackage } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'

/** Who built a package that is not the distribution's own; null when it is, or nobody can tell. */
export function thirdPartyOf(
  one: InstalledPackage,
  ecosystem: Ecosystem,
  distro: Distro | null,
): string | null {
  if (distro === null || ecosystem.thirdParty === undefined) return null
  const { module, ...record } = one
  return ecosystem.thirdParty(module === null ? record : { ...record, module }, distro)
}

/** People read the first few; a made-up image can have any number. */
const maxVendors = 20
const maxExamples = 3

/** What the ledger says of packages that the distribution's advisories say nothing of: a sentence for each vendor. */
export function thirdPartyReasons(
  byVendor: ReadonlyMap<string, readonly InstalledPackage[]>,
  ecosystem: Ecosystem,
  distro: Distro | null,
): CoverageReason[] {
  const vendors = [...byVendor].toSorted(([, a], [, b]) => b.length - a.length)
  const whose = `${ecosystem.category(distro)}’s advisories`
  const shown = vendors.slice(0, maxVendors).map(([vendor, packages]) => {
    const examples = packages.slice(0, maxExamples).map(({ name, version }) => `${name} ${version}`)
    const more = packages.length - examples.length
    const named = more > 0 ? `${examples.join(', ')} and ${more} more` : examples.join(', ')
    const [are, were] =
      packages.length === 1 ? ['1 package is', 'it was'] : [`${packages.length} packages are`, 'they were']
    return `${are} from ${vendor}, of which ${whose} say nothing, so ${were} not judged: ${named}.`
  })
  const rest = vendors.slice(maxVendors)
  if (rest.length > 0) {
    const count = rest.reduce((sum, [, packages]) => sum + packages.length, 0)
    shown.push(`${count} more packages are from ${rest.length} others, and were not judged.`)
  }
  return shown.map(message => ({ code: 'third-party-packages', message }))
}
