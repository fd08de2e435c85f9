import type { FixState, Link } from '@plimsoll/types'

/** What the sentences about a finding are composed from. */
export interface Facts {
  readonly vulnerabilityId: string
  /** "Debian". */
  readonly category: string
  /** `Debian:12`. */
  readonly feed: string
  readonly sourceName: string
  readonly sourceVersion: string
  readonly fixState: FixState
  readonly fixedVersion: string | null
  readonly undeterminedReason: string | null
}

/** "Debian security update for openssl (CVE-2024-0727)": one title wherever the vulnerability is found. */
export const securityCheckOf = ({ category, sourceName, vulnerabilityId }: Facts): string =>
  `${category} security update for ${sourceName} (${vulnerabilityId})`

/** One sentence or two: what to do about a finding. */
export function remediationOf(facts: Facts): string {
  const { sourceName, sourceVersion, fixedVersion, undeterminedReason } = facts
  const release = facts.feed.replaceAll(':', ' ')
  if (undeterminedReason !== null) {
    const until = fixedVersion === null ? '' : ` The advisory names ${fixedVersion} as fixed.`
    return `Check by hand whether ${sourceName} ${sourceVersion} is affected: ${undeterminedReason}.${until}`
  }
  switch (facts.fixState) {
    case 'available':
      return `Upgrade ${sourceName} to ${fixedVersion} or later: rebuild the image on an updated base, or upgrade the packages in it.`
    case 'needs-paid-channel':
      return `Upgrade ${sourceName} to ${fixedVersion} or later, which ${release} has in a paid channel only, or move to a newer release.`
    case 'will-not-fix':
      return `${release} will not fix ${sourceName}. Remove the package where it is not needed, or move to a newer release.`
    case 'deferred':
      return `${release} has put the fix of ${sourceName} off. Remove the package where it is not needed, or wait for an update.`
    case 'none':
      return `No fixed version of ${sourceName} is known for ${release}. Remove the package where it is not needed, or wait for an update.`
  }
}

const cvePattern = /^CVE-\d{4}-\d{4,}$/

export const isCve = (id: string): boolean => cvePattern.test(id)

/** The CVE's public record. */
export const cveLinks = (id: string): Link[] =>
  isCve(id) ? [{ title: id, link: `https://www.cve.org/CVERecord?id=${id}` }] : []
