import type { Distro } from '@plimsoll/types'
import { derivativeOf, judgedAs } from '../distributions/derivatives.ts'
import type { PackageRecord } from './ecosystem.ts'
import data from './third-party-debs.json' with { type: 'json' }

/**
 * Who builds packages for Debian and Ubuntu beside them, and how theirs are told: dpkg does not note where a package
 * came from. Versions and addresses here occur in neither archive, so what they mark is not the distribution's; what
 * they do not mark may still be somebody else's.
 */
interface Builder {
  readonly name: string
  /** What their versions have, as a regular expression. */
  readonly version?: string
  /** What `Maintainer` has. */
  readonly maintainer?: string
  /** The distribution that this marks them on, where it is not all. */
  readonly on?: string
  readonly why?: string
  /** Where the packages are. */
  readonly source: string
}

interface Mark {
  readonly name: string
  readonly version: RegExp | null
  readonly maintainer: RegExp | null
}

const markOf = (name: string, version?: string, maintainer?: string): Mark => ({
  name,
  version: version === undefined ? null : new RegExp(version, 'i'),
  maintainer: maintainer === undefined ? null : new RegExp(maintainer, 'i'),
})

/** Everything that marks a package on such an image: the derivative's own packages, then everybody's. */
const marks = new Map<string, readonly Mark[]>()

function marksOn(distro: Distro): readonly Mark[] {
  const { id } = judgedAs(distro)
  return marks.getOrInsertComputed(`${distro.id} ${id}`, () => {
    const derivative = distro.parent === undefined ? null : derivativeOf(distro.id)
    const builders = (data as readonly Builder[]).filter(({ on }) => on === undefined || on === id)
    return [
      ...(derivative === null
        ? []
        : [markOf(derivative.name, derivative.ownVersion, derivative.ownMaintainer)]),
      ...builders.map(({ name, version, maintainer }) => markOf(name, version, maintainer)),
    ]
  })
}

/**
 * Who built a package that the distribution's advisories say nothing of; null when it is the distribution's, as far as
 * can be told.
 */
export function builderOfDeb({ version, vendor = '' }: PackageRecord, distro: Distro): string | null {
  const mark = marksOn(distro).find(one => one.version?.test(version) || one.maintainer?.test(vendor))
  if (mark !== undefined) return mark.name
  // Every package of Debian and Ubuntu has a maintainer with an address (Debian policy, 3.3).
  return vendor !== '' && !hasAddress(vendor) ? vendor : null
}

/** `Name <someone@somewhere>`. Looked for by hand: a pattern would take long over a made-up one. */
function hasAddress(maintainer: string): boolean {
  const start = maintainer.lastIndexOf('<')
  const at = maintainer.indexOf('@', start)
  return start !== -1 && at !== -1 && maintainer.includes('>', at)
}
