import type { CoverageReason, Distro } from '@plimsoll/types'
import { judgedAs } from '../distributions/derivatives.ts'
import { knownReleaseOf } from '../distributions/families.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { printable } from '../layers/entry-path.ts'
import type { Evidence } from './databases.ts'

/** A list of package sources has a few lines. */
const maxFileBytes = 64 * 1024
const maxBytes = 1024 * 1024
const maxShown = 5

/**
 * Why advisories may not hold for every package of an image, though it says what it is: it takes its packages from
 * another distribution, or its package manager is told to install some from other releases.
 */
export function doubtsAbout(distro: Distro | null, { settings }: Evidence): CoverageReason[] {
  if (distro === null) return []
  const mixed = Array.from(settings.keys(), ecosystem =>
    mixedReleases(ecosystem, distro, textsOf(settings.get(ecosystem) ?? new Map())),
  )
  return [...derived(distro), ...mixed.flat()]
}

function derived({ prettyName, parent }: Distro): CoverageReason[] {
  if (parent === undefined) return []
  const message =
    `${prettyName} has no advisories of its own: packages that it takes unchanged from ${parent.prettyName} are ` +
    `judged by the advisories for that, and those that it builds itself are not judged.`
  return [{ code: 'derived-distribution', message }]
}

function mixedReleases(
  { title, otherReleases, feeds }: Ecosystem,
  distro: Distro,
  settings: ReadonlyMap<string, string>,
): CoverageReason[] {
  if (otherReleases === undefined || settings.size === 0 || feeds(distro).length === 0) return []
  const others = otherReleases(settings, distro)
  if (others.length === 0) return []
  const more = others.length - maxShown
  const named = others.slice(0, maxShown).map(printable).join(', ')
  const own = knownReleaseOf(judgedAs(distro))?.name ?? distro.prettyName
  const message =
    `${title}: besides ${own} there may be packages of ${more > 0 ? `${named} and ${more} more` : named}. Which these ` +
    `are cannot be told; all are taken for packages of ${own}.`
  return [{ code: 'mixed-releases', message }]
}

function textsOf(
  files: ReadonlyMap<string, { readonly content: { readonly bytes: Uint8Array | null } | null }>,
): Map<string, string> {
  const texts = new Map<string, string>()
  let bytes = 0
  for (const [path, { content }] of files) {
    const text = content?.bytes?.subarray(0, maxFileBytes)
    bytes += text?.length ?? 0
    if (text === undefined || bytes > maxBytes) continue
    texts.set(path, Buffer.from(text).toString('utf8'))
  }
  return texts
}
