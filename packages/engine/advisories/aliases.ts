import type { Advisory, AliasGroup } from './advisory.ts'
import { isNotice } from './notices.ts'

/** What a record says of ids. A withdrawn record says nothing. */
export type AliasAssertion = Pick<Advisory, 'id' | 'aliases' | 'upstream' | 'withdrawnAt'>

/** All groups, each once, in no particular order; and by any id. */
export interface AliasGroups extends Iterable<AliasGroup> {
  /**
   * The groups that an id stands for or, where it is a bundle, is about: ordered by their canonical ids, and never
   * none, since an id of which nobody says anything is a group of its own.
   */
  of(id: string): readonly AliasGroup[]
}

export const isCve = (id: string): boolean => id.startsWith('CVE-') && /^CVE-\d{4}-\d{4,}$/.test(id)

/** The CVE that an id has in it, which it is where no record says otherwise: `DEBIAN-CVE-2024-3094`. Null for others. */
export const cveIn = (id: string): string | null =>
  id.includes('-CVE-') ? (/^[A-Z]+-(CVE-\d{4}-\d{4,})$/.exec(id)?.[1] ?? null) : null

/** Who stands for more vulnerabilities than this is a name of none of them. Ambiguous ids stand for two or three. */
const maxMeanings = 100

/**
 * Puts together the ids that stand for one vulnerability, by what records say of each other:
 *
 * - A CVE stands for itself. Two CVEs are never one vulnerability, whoever says so.
 * - A record that names exactly one CVE says that its id and its `aliases` are that CVE, and links its id to the rest
 *   of its `upstream`. One that names several (DSA, DLA, RHSA, ALSA ...) is a bundle: its id is about each of them and
 *   another name of none; of its other names it says nothing.
 * - A record that names no CVE links its id to its `aliases`, and to its `upstream` if that is one id. If those are
 *   several (USN, of UBUNTU-CVEs), it is a bundle of what they stand for, as far as they are no such bundles again.
 * - An id that has a CVE in it (DEBIAN-CVE-2024-3094) is that CVE where no record says otherwise.
 * - An id of which some record says a CVE stands for what is said of it, and for nothing else. If those are several,
 *   it is ambiguous: a name of each, through which nothing is merged.
 * - Any other id stands for all that links reach from it through ids like itself; where that is no CVE, these ids are
 *   a group without one.
 *
 * So what is said directly outweighs what is concluded, a wrong link between two vulnerabilities cannot merge them,
 * and nothing depends on the order of records. Takes time and memory in proportion to the names given.
 */
export function aliasGroups(assertions: Iterable<AliasAssertion>): AliasGroups {
  return resolved(gathered(assertions))
}

/** What was said; ids are numbers here, by their place in `ids`. */
interface Said {
  readonly ids: readonly string[]
  readonly numbers: ReadonlyMap<string, number>
  /** CVEs that an id is another name of. */
  readonly names: Relation
  /** CVEs that a bundle is about. */
  readonly bundles: Relation
  /** What a bundle is about that names no CVE. */
  readonly about: Relation
  /** Ids of which it is said that they are the same, neither of them a CVE. */
  readonly links: readonly (readonly [number, number])[]
}

/** Number to numbers. Nearly all have exactly one, which costs no object of its own. */
class Relation {
  readonly #map = new Map<number, number | number[]>()

  add(from: number, to: number): void {
    const known = this.#map.get(from)
    if (known === undefined) this.#map.set(from, to)
    else if (typeof known !== 'number') known.push(to)
    else if (known !== to) this.#map.set(from, [known, to])
  }

  has(from: number): boolean {
    return this.#map.has(from)
  }

  of(from: number): readonly number[] {
    const known = this.#map.get(from)
    return known === undefined ? [] : typeof known === 'number' ? [known] : known
  }

  keys(): Iterable<number> {
    return this.#map.keys()
  }

  /** Each once, from now on. */
  distinct(): this {
    for (const [from, known] of this.#map) {
      if (typeof known !== 'number') this.#map.set(from, [...new Set(known)])
    }
    return this
  }
}

function gathered(assertions: Iterable<AliasAssertion>): Said {
  const ids: string[] = []
  const numbers = new Map<string, number>()
  const names = new Relation()
  const bundles = new Relation()
  const about = new Relation()
  const links: [number, number][] = []
  const numberOf = (id: string): number => {
    const known = numbers.get(id)
    if (known !== undefined) return known
    numbers.set(id, ids.length)
    return ids.push(id) - 1
  }

  for (const { id, aliases, upstream, withdrawnAt } of assertions) {
    if (withdrawnAt !== null) continue
    const own = numberOf(id)
    const cves = new Set<string>()
    if (isCve(id)) cves.add(id)
    for (const name of aliases) if (isCve(name)) cves.add(name)
    for (const name of upstream) if (isCve(name)) cves.add(name)
    if (cves.size > 1) {
      for (const name of [...aliases, ...upstream]) numberOf(name)
      if (!isCve(id)) for (const cve of cves) bundles.add(own, numberOf(cve))
      continue
    }
    const [cve] = cves
    const others = new Set(upstream.filter(name => name !== id && name !== cve))
    if (cve !== undefined) {
      const one = numberOf(cve)
      // Where the record's id is the CVE, there is nothing else its upstream could be.
      const said = isCve(id) ? [...aliases, ...others] : [id, ...aliases]
      for (const name of said) if (name !== cve) names.add(numberOf(name), one)
      if (!isCve(id)) for (const name of others) links.push([own, numberOf(name)])
    } else {
      for (const name of aliases) links.push([own, numberOf(name)])
      if (others.size === 1) for (const name of others) links.push([own, numberOf(name)])
      else for (const name of others) about.add(own, numberOf(name))
    }
  }
  for (const id of [...ids]) {
    const cve = cveIn(id)
    const own = numberOf(id)
    if (cve !== null && !names.has(own) && !bundles.has(own) && !about.has(own)) names.add(own, numberOf(cve))
  }
  return {
    ids,
    numbers,
    names: names.distinct(),
    bundles: bundles.distinct(),
    about: about.distinct(),
    links,
  }
}

function resolved({ ids, numbers, names, bundles, about, links }: Said): AliasGroups {
  const isSettled = (id: number): boolean => names.has(id) || bundles.has(id) || about.has(id)

  // Ids of which no CVE is said, united with those that links reach from them.
  const parents = Int32Array.from(ids, (_, at) => at)
  const rootOf = (id: number): number => {
    for (let at = id; ; ) {
      const parent = parents[at] ?? at
      if (parent === at) return at
      const next = parents[parent] ?? parent
      parents[at] = next
      at = next
    }
  }
  for (const [from, to] of links) {
    if (!isSettled(from) && !isSettled(to)) parents[rootOf(from)] = rootOf(to)
  }
  // And where links from these end: by the root of each, the ids of which a CVE is said.
  const ends = new Relation()
  for (const [from, to] of links) {
    const [end, other] = isSettled(from) ? [from, to] : [to, from]
    if (!isSettled(other) && (names.has(end) || bundles.has(end))) ends.add(rootOf(other), end)
  }
  ends.distinct()

  /** The groups that an id is a name of. A group goes by its CVE or, without one, by the root of its ids. */
  const named = (id: number): readonly number[] => {
    if (isSettled(id)) return meanings(names.of(id))
    const root = rootOf(id)
    const [end, another] = ends.of(root)
    if (end === undefined) return [root]
    if (another === undefined) return meanings(names.of(end))
    return meanings([...new Set(ends.of(root).flatMap(one => names.of(one)))])
  }
  /** The groups that an id stands for or is about, but for those of `about`. */
  const standsFor = (id: number): readonly number[] => {
    const settled = isSettled(id) ? [id] : ends.of(rootOf(id))
    return settled.length === 0
      ? [rootOf(id)]
      : settled.flatMap(one => [...names.of(one), ...bundles.of(one)])
  }

  const members = new Relation()
  for (let id = 0; id < ids.length; id += 1) for (const key of named(id)) members.add(key, id)
  const groupOf = (key: number): AliasGroup => groupWith(members.of(key).map(id => ids[id] ?? ''))
  const kept = new Map<number, AliasGroup>()

  return {
    of(id) {
      const number = numbers.get(id)
      if (number === undefined) return [groupWith([id])]
      const keys = new Set([number, ...about.of(number)].flatMap(standsFor))
      if (keys.size === 0) return [groupWith([id])]
      const groups = Array.from(keys, key => kept.getOrInsertComputed(key, groupOf))
      return groups.length === 1 ? groups : groups.toSorted((a, b) => byText(a.canonical, b.canonical))
    },
    *[Symbol.iterator]() {
      for (const key of members.keys()) yield groupOf(key)
    },
  }
}

const meanings = (groups: readonly number[]): readonly number[] => (groups.length > maxMeanings ? [] : groups)

function groupWith(ids: readonly string[]): AliasGroup {
  const sorted = ids.toSorted(byText)
  return { canonical: sorted.reduce((best, id) => (rank(id) < rank(best) ? id : best)), ids: sorted }
}

/**
 * Which of a group's ids it goes by: the CVE; else GitHub's id, which most others refer to; else an id that a vendor
 * gave to the vulnerability (PYSEC, GO, RUSTSEC, TEMP ...); else a notice. Among equals the first in the alphabet.
 */
function rank(id: string): number {
  if (isCve(id)) return 0
  if (id.startsWith('GHSA-')) return 1
  return isNotice(id) ? 3 : 2
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
