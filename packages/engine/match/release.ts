import type { CoverageReason, InstalledPackage, Release } from '@plimsoll/types'
import { ecosystemById } from '../ecosystems/index.ts'

/**
 * What the ledger says of a release whose free security updates have ended: vulnerabilities that were found since may
 * stand in no advisory. A paid channel carries on only in an image that has packages of it.
 *
 * @param today a day, `2024-03-29`; the last day of support is a day of support.
 */
export function endOfLifeReasons(
  release: Release | null,
  packages: readonly InstalledPackage[],
  today: string,
): CoverageReason[] {
  if (release?.endOfLifeOn == null || today <= release.endOfLifeOn) return []
  const { name, endOfLifeOn, extendedUntil } = release
  const ended = `Free security updates of ${name} ended on ${endOfLifeOn}`
  const unknown = 'what was found since then may stand in no advisory'
  if (extendedUntil === null || today > extendedUntil.on) {
    const paid = extendedUntil === null ? '' : `, those of ${extendedUntil.channel} on ${extendedUntil.on}`
    return [{ code: 'end-of-life', message: `${ended}${paid}: ${unknown}.` }]
  }
  if (packages.some(isPaid)) return []
  const message = `${ended}: ${unknown}. ${extendedUntil.channel} goes on until ${extendedUntil.on}, but no package is known to be of it.`
  return [{ code: 'end-of-life', message }]
}

const isPaid = ({ ecosystem, version, sourceVersion }: InstalledPackage): boolean => {
  const isPaidVersion = ecosystemById(ecosystem)?.isPaidVersion
  return isPaidVersion !== undefined && (isPaidVersion(version) || isPaidVersion(sourceVersion))
}
