import type { AffectedPackage, InstalledPackage } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { ecosystemById } from '../ecosystems/index.ts'
import type { Names } from './feeds.ts'

/** The binary packages that were built from one version of one source. */
export interface SourcePackage {
  readonly ecosystem: Ecosystem
  readonly name: string
  readonly version: string
  readonly packages: readonly InstalledPackage[]
}

/** What an advisory can speak of: a name and a version, and the binary packages that go by them. */
export interface Subject {
  readonly name: string
  readonly version: string
  readonly module: string | null
  readonly packages: readonly AffectedPackage[]
  /** About how many characters its packages take. */
  readonly chars: number
}

/** Packages by ecosystem; those of one that nobody here knows are left out. */
export function packagesByEcosystem(
  packages: readonly InstalledPackage[],
): Map<Ecosystem, readonly InstalledPackage[]> {
  const byEcosystem = new Map<Ecosystem, readonly InstalledPackage[]>()
  for (const [id, own] of Map.groupBy(packages, one => one.ecosystem)) {
    const ecosystem = ecosystemById(id)
    if (ecosystem !== null) byEcosystem.set(ecosystem, own)
  }
  return byEcosystem
}

/** Packages of one ecosystem by their source and its version. */
export function sourcesOf(packages: readonly InstalledPackage[], ecosystem: Ecosystem): SourcePackage[] {
  const groups = grouped(packages, one => [one.sourceName, one.sourceVersion])
  return groups.map(([first, group]) => ({
    ecosystem,
    name: first.sourceName,
    version: first.sourceVersion,
    packages: group,
  }))
}

/** What a feed that names source packages, or one that names binary ones, can speak of. */
export function subjectsOf(source: SourcePackage, names: Names): Subject[] {
  const isBinary = names === 'binary'
  const named =
    names === 'sibling' ? source.packages.filter(one => one.name !== source.name) : source.packages
  const groups = grouped(named, one => (isBinary ? [one.name, one.version, one.module] : [one.module]))
  return groups.map(([first, group]) => ({
    name: isBinary ? first.name : source.name,
    version: isBinary ? first.version : source.version,
    module: first.module,
    packages: group.map(({ name, version, arch, path, layer }) => ({ name, version, arch, path, layer })),
    chars: group.reduce((sum, one) => sum + charsOf(one), 0),
  }))
}

const charsOf = ({ name, version, path }: InstalledPackage): number =>
  200 + 2 * name.length + version.length + path.length

/** Groups with their first package, in the order of these. */
function grouped(
  packages: readonly InstalledPackage[],
  by: (one: InstalledPackage) => readonly (string | null)[],
): [InstalledPackage, InstalledPackage[]][] {
  const groups = Map.groupBy(packages, one => JSON.stringify(by(one)))
  return [...groups.values()].flatMap(group => {
    const [first] = group
    return first === undefined ? [] : [[first, group] as [InstalledPackage, InstalledPackage[]]]
  })
}
