import type { Affected } from '../advisories/advisory.ts'
import { type Build, type Ecosystem, InvalidVersion } from '../ecosystems/ecosystem.ts'
import type { CompareWith } from './ranges.ts'

interface Fixing {
  readonly entry: Affected
  readonly fixed: string
  readonly build: Build
}

/**
 * Of all that one record says of one package, what counts for an installed version.
 *
 * Some records name a package several times, each time with another fixed version. Elsewhere that means what it says:
 * affected below the highest of them. In the Red Hat family they are builds that have the fix. ALBA-2019:0973 of
 * AlmaLinux 8 lists `oci-umount` as fixed in `2:2.3.4-2.git87f9237.module_el8.3.0+2044+12421f43`, in
 * `….module_el8.4.0+2496+12421f43` and in `….module_el8.5.0+119+9a9ec082`: one source, built for three minor
 * releases, and whoever has the first of these has the fix. So:
 *
 * - a version that is one of them is fixed;
 * - of builds of one source the lowest counts (ALSA-2021:4517: vim `8.0.1763-16.el8` and `8.0.1763-16.el8_5.13`), but
 *   where each is an update in a minor release, and one of them in the installed version's own, that one: `1.2-3.el8_5`
 *   lacks what `1.2-3.el8_4.1` and `1.2-3.el8_5.1` have, though it sorts between them;
 * - of builds of several sources those of the installed version's own minor release count, where there is one:
 *   `1.2-3.el8_4.2` is fixed by `1.2-3.el8_4.1`, whatever `1.2-5.el8_6` is. Otherwise all of them have to be reached.
 *
 * @param compareWith how the installed version stands to another.
 */
export function decisive(
  entries: readonly Affected[],
  version: string,
  ecosystem: Ecosystem,
  compareWith: CompareWith,
): readonly Affected[] {
  if (entries.length < 2 || ecosystem.buildOf === undefined) return entries
  const fixings = entries.map(entry => fixingOf(entry, ecosystem))
  if (!fixings.every(one => one !== null)) return entries
  const same = fixings.find(({ fixed }) => stands(fixed, compareWith) === 0)
  if (same !== undefined) return [same.entry]

  const sources = [...Map.groupBy(fixings, ({ build }) => build.source).values()]
  const line = lineOf(version, ecosystem)
  const own = sources.filter(group => group.some(({ build }) => line !== null && build.line === line))
  return (own.length > 0 ? own : sources).flatMap(group => lowest(group, line, ecosystem)?.entry ?? [])
}

/** The minor release whose updates an installed version is one of, or null. */
export const lineOf = (version: string, { buildOf }: Ecosystem): string | null =>
  buildOf?.(version)?.line ?? null

/** Whether a fix in one of these entries is an update in that minor release. */
export const isOfLine = (entries: readonly Affected[], line: string, ecosystem: Ecosystem): boolean =>
  entries.some(({ intervals }) =>
    intervals.some(({ fixed }) => fixed !== null && lineOf(fixed, ecosystem) === line),
  )

/** What an entry says, where it says no more than: from the beginning until this build. */
function fixingOf(entry: Affected, { buildOf, isVersion }: Ecosystem): Fixing | null {
  const [interval, second] = entry.intervals
  if (interval === undefined || second !== undefined || entry.versions.length > 0) return null
  const { introduced, fixed } = interval
  if (introduced !== '0' || fixed === null || !isVersion(fixed)) return null
  const build = buildOf?.(fixed) ?? null
  return build === null ? null : { entry, fixed, build }
}

/** Null for an installed version that cannot be compared: that is said of each range by itself. */
function stands(fixed: string, compareWith: CompareWith): number | null {
  try {
    return compareWith(fixed)
  } catch (error) {
    if (error instanceof InvalidVersion) return null
    throw error
  }
}

/** Outside modules, what follows the dist tag is a change of its own to the source, made in one minor release. */
function lowest(fixings: readonly Fixing[], line: string | null, { compare }: Ecosystem): Fixing | undefined {
  const isUpdate = fixings.every(({ build }) => build.line !== null && !build.modular)
  const own = isUpdate ? fixings.filter(({ build }) => build.line === line) : []
  return (own.length > 0 ? own : fixings).toSorted((a, b) => compare(a.fixed, b.fixed))[0]
}
