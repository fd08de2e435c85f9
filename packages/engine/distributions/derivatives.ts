import type { Distro } from '@plimsoll/types'
import data from './derivatives.json' with { type: 'json' }
import { type KnownRelease, knownReleaseOf, releaseByCodename } from './families.ts'

/**
 * A distribution that takes another's packages unchanged, so that the other's advisories hold for them. Only those that
 * the data file names are judged that way: to be built from Debian is not enough. Kali and Parrot mix what Debian's
 * testing and backports were on some day with packages of their own, Deepin and PureOS build theirs anew, and
 * postmarketOS gives its own no mark that could be seen; they have no feed.
 */
export interface Derivative {
  /** os-release's `ID`. */
  readonly id: string
  readonly name: string
  /** Why the parent's advisories hold for it. */
  readonly why: string
  readonly source: string
  /** The first that can be told is the parent. */
  readonly parents: readonly Parent[]
  /** What the versions of its own packages have, as a regular expression. */
  readonly ownVersion: string
  /** What their `Maintainer` has. */
  readonly ownMaintainer?: string
}

/** How the parent's release is known. */
interface Parent {
  readonly id: string
  /** A field of os-release that holds its codename. */
  readonly codenameIn?: string
  /** The derivative's release by its number, to the parent's. */
  readonly releases?: Readonly<Record<string, string>>
  /** The two have the same number. */
  readonly sameRelease?: boolean
}

const derivatives = new Map((data as readonly Derivative[]).map(one => [one.id, one]))

/** A derivative by its id, or null when there is none by that id whose packages another's advisories judge. */
export const derivativeOf = (id: string): Derivative | null => derivatives.get(id) ?? null

/**
 * The distribution, in its release, whose advisories judge a derivative's packages; null where there is none, or the
 * image does not tell its release.
 *
 * @param field a field of its os-release; empty when it is not there
 */
export function parentOf(distro: Distro, field: (name: string) => string): Distro | null {
  for (const parent of derivativeOf(distro.id)?.parents ?? []) {
    const release = releaseOfParent(parent, distro, field)
    if (release === null) continue
    const { version: versionId, codename, name: prettyName } = release
    const named = codename === undefined ? {} : { codename }
    return { id: parent.id, versionId, ...named, idLike: [], prettyName }
  }
  return null
}

function releaseOfParent(
  { id, codenameIn, releases, sameRelease }: Parent,
  { versionId }: Distro,
  field: (name: string) => string,
): KnownRelease | null {
  if (codenameIn !== undefined) return releaseByCodename(id, field(codenameIn).toLowerCase())
  const [major = ''] = versionId.split('.')
  const number = sameRelease ? versionId : new Map(Object.entries(releases ?? {})).get(major)
  return !number ? null : knownReleaseOf({ id, versionId: number, idLike: [], prettyName: '' })
}

/** The distribution whose advisories judge an image's packages: the parent of a derivative, or itself. */
export const judgedAs = (distro: Distro): Distro => distro.parent ?? distro
