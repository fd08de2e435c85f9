import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MadePackage } from '../testdata/made-package.ts'

/** What advisories of one release say of some of its packages: facts, so that images can be made around them. */
export interface GoldenFacts {
  /** As OSV names it. */
  readonly feed: string
  readonly ecosystem: 'deb' | 'rpm'
  /** The fields of os-release. */
  readonly osRelease: Readonly<Record<string, string>>
  readonly facts: readonly GoldenFact[]
}

export interface GoldenFact {
  readonly id: string
  readonly cves: readonly string[]
  /** The source package in feeds of deb, the binary one in those of rpm. */
  readonly name: string
  /** Null where there is no fix. */
  readonly fixed: string | null
  readonly module?: string
}

/** A package that is put into an image. */
export interface PlannedPackage extends MadePackage {
  /** 0: the base layer; 1: the layer above it, which installs or upgrades it. */
  readonly layer: 0 | 1
}

const folder = join(import.meta.dirname, 'testdata')

/** `debian-11`, `almalinux-8`: the releases there are facts of. */
export const goldenReleases: readonly string[] = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map(name => name.slice(0, -'.json'.length))
  .toSorted()

export const goldenFacts = (release: string): GoldenFacts =>
  JSON.parse(readFileSync(join(folder, `${release}.json`), 'utf8')) as GoldenFacts

/** The records that the facts were taken from, as OSV writes them: what there is to match where no feed is at hand. */
export const recordsOf = ({ feed, facts }: GoldenFacts): unknown[] =>
  [...Map.groupBy(facts, fact => fact.id)].map(([id, own]) => ({
    id,
    modified: '2026-01-01T00:00:00Z',
    summary: own[0]?.module === undefined ? id : `Important: ${own[0].module} security update`,
    upstream: [...new Set(own.flatMap(fact => fact.cves))],
    affected: own.map(({ name, fixed }) => ({
      package: { ecosystem: feed, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])] }],
    })),
  }))

/**
 * Packages around the edges of the facts, which is where an order is right or wrong: a version just below a fix, the
 * fixed one itself, one that has all fixes, one that is far too old.
 */
export function plannedPackages({ ecosystem, facts }: GoldenFacts): PlannedPackage[] {
  return [...Map.groupBy(facts, fact => fact.name)].flatMap(([name, own], at): PlannedPackage[] => {
    const fixes = own.flatMap(fact => fact.fixed ?? [])
    const version = versionAt(at, ecosystem, fixes)
    const layer = at % 5 === 0 ? 1 : 0
    const module = own.find(fact => fact.module !== undefined)?.module ?? null
    const named = ecosystem === 'deb' ? debNames(name, version, at) : { name, version }
    const one = { ...named, sourceName: name, sourceVersion: version, module, layer } as const
    // What the upper layer brings was there before: dpkg upgrades it, so that the old version must not be seen; rpm
    // was told to keep both, as it does with kernels.
    return layer === 1 ? [{ ...one, ...older(one), layer: 0 }, one] : [one]
  })
}

function versionAt(at: number, ecosystem: 'deb' | 'rpm', fixes: readonly string[]): string {
  const oldest = ecosystem === 'deb' ? '0.1-1' : '0.1-1.el7'
  const first = fixes[0] ?? '1:1.0-1'
  const last = fixes.at(-1) ?? '1:1.0-1'
  return [`${first}~`, first, last, `${last}~`, `${last}.1`, oldest][at % 6] ?? oldest
}

/** Binary packages are called otherwise than their source, or were rebuilt without one of its own versions. */
function debNames(name: string, version: string, at: number): { name: string; version: string } {
  if (at % 3 === 1) return { name: `${name}-bin`, version }
  return at % 3 === 2 ? { name, version: `${version}+b1` } : { name, version }
}

const older = ({ version, sourceVersion }: MadePackage): Pick<MadePackage, 'version' | 'sourceVersion'> => ({
  version: `${version}~~`,
  sourceVersion: `${sourceVersion}~~`,
})
