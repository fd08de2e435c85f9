import type { FixState, Link } from '@plimsoll/types'
import { isCve } from '../advisories/aliases.ts'

/** What the sentences about a finding are composed from. */
export interface Facts {
  readonly vulnerabilityId: string
  /** "Debian". */
  readonly category: string
  /** `Debian:12`. */
  readonly feed: string
  readonly sourceName: string
  readonly sourceVersion: string
  /** What `fixedVersion` is a version of: the source, or a binary package that has versions of its own. */
  readonly fixedName: string
  readonly fixState: FixState
  readonly fixedVersion: string | null
  readonly undeterminedReason: string | null
}

/** "Debian security update for openssl (CVE-2024-0727)": one title wherever the vulnerability is found. */
export const securityCheckOf = ({ category, sourceName, vulnerabilityId }: Facts): string =>
  `${category} security update for ${sourceName} (${vulnerabilityId})`

/** One sentence or two: what to do about a finding. */
export function remediationOf(facts: Facts): string {
  const { sourceName, sourceVersion, fixedName, fixedVersion, undeterminedReason } = facts
  const release = facts.feed.replaceAll(':', ' ')
  if (undeterminedReason !== null) {
    const fixed = fixedName === sourceName ? fixedVersion : `${fixedName} ${fixedVersion}`
    const until = fixedVersion === null ? '' : ` The advisory names ${fixed} as fixed.`
    return `Check by hand whether ${sourceName} ${sourceVersion} is affected: ${undeterminedReason}.${until}`
  }
  switch (facts.fixState) {
    case 'available':
      return `Upgrade ${fixedName} to ${fixedVersion} or later: rebuild the image on an updated base, or upgrade the packages in it.`
    case 'needs-paid-channel':
      return `Upgrade ${fixedName} to ${fixedVersion} or later, which ${release} has in a paid channel only, or move to a newer release.`
    case 'will-not-fix':
      return `${release} will not fix ${sourceName}. Remove the package where it is not needed, or move to a newer release.`
    case 'deferred':
      return `${release} has put the fix of ${sourceName} off. Remove the package where it is not needed, or wait for an update.`
    case 'none':
      return `No fixed version of ${sourceName} is known for ${release}. Remove the package where it is not needed, or wait for an update.`
  }
}

/** The CVE's public record. */
export const cveLinks = (id: string): Link[] =>
  isCve(id) ? [{ title: id, link: `https://www.cve.org/CVERecord?id=${id}` }] : []

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
