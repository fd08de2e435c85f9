import { hash } from 'node:crypto'
import type { CoverageReason } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Limits } from '../layers/limits.ts'
import type { Content, FileNode } from '../layers/overlay.ts'
import { contentsOf, type Database, type Evidence } from './databases.ts'
import { type FoundPackage, readDatabase } from './read-database.ts'

/**
 * Which layer brought a package: the lowest one from which on, without a gap up to the top, a database of its
 * ecosystem lists that very package (name, version, architecture, source, module). Any database of the ecosystem: rpm
 * may move its own, or write it anew in another format, and brings no package by that.
 *
 * The databases are looked at after each layer, and what they list is read when a layer above changes it; the last
 * state is left for the inventory. So an image whose databases are in one layer costs nothing, and of databases that
 * many layers change two states are in memory, never all of them.
 *
 * An older state that cannot be read, or not in full (damaged, too large, beyond the limits), lists what could be read
 * of it. What it does not tell counts as brought by the lowest layer above it that does.
 */
export interface PackageHistory {
  /**
   * Takes note of what there is when this layer lies on the ones before it. Layers come in their order.
   *
   * @param look finds the evidence; not called when nothing more may be spent on history
   */
  observe(layer: number, look: () => Evidence): void
  /** In the middle of a layer: reads what is no evidence any more and gives it up, for the room it takes. */
  settle(look: () => Evidence): void
  /** Of the state observed last: index of the layer that brought a package of this database. */
  layersOf(database: Database): (found: FoundPackage) => number
  /** How many older copies of the ecosystem's databases are not known in full. */
  unreadCopies(database: Database): number
}

/** The databases of one ecosystem at some layer, by what tells them from any other. */
type State = ReadonlyMap<string, { readonly database: Database; readonly from: number }>

interface Chronicle {
  state: State | null
  /** What a database lists, by its key; of the present state, and only where it was read already. */
  readonly listed: Map<string, readonly string[]>
  /** Packages that are in all states from some layer on, up to the one before the present: that layer. */
  since: Map<string, number>
  /** Databases of which not everything is known that they listed. */
  unread: number
}

/**
 * What it takes to take a package down, to compare it with the state before, and to make one step in looking for
 * databases, in bytes of a database of text that are read in the same time. Measured.
 */
const bytesPerPackage = 500
const bytesPerComparison = 100
const bytesPerStep = 500
/** What one database may list, as JSON. A large image has a megabyte. */
const maxListedBytes = 64e6

/** @param giveUp called with content that is not needed any more */
export function packageHistory(
  ecosystems: readonly Ecosystem[],
  { maxHistoryBytes, maxPackages }: Pick<Limits, 'maxHistoryBytes' | 'maxPackages'>,
  giveUp: (content: Content) => void,
): PackageHistory {
  const chronicles = new Map<Ecosystem, Chronicle>()
  for (const ecosystem of ecosystems) chronicles.set(ecosystem, newChronicle())
  /** What is in memory for the present states. */
  let contents = new Set<Content>()
  /** What may still be spent, in bytes read. */
  let left = maxHistoryBytes
  /** Too much was spent: from here on a package counts as brought by the layer of its database. */
  let stopped = false

  function keep(kept: Set<Content>): void {
    for (const content of contents) if (!kept.has(content)) giveUp(content)
    contents = kept
  }

  const chronicleOf = ({ ecosystem }: Database): Chronicle => chronicles.get(ecosystem) ?? newChronicle()

  /** What a database lists; what of it could not be read is missing, and counted. */
  function list(key: string, database: Database): readonly string[] {
    const chronicle = chronicleOf(database)
    const { listed } = chronicle
    const before = listed.get(key)
    if (before !== undefined) return before
    const identities: string[] = []
    const reasons: CoverageReason[] = []
    const bytes = bytesOf(database)
    const affordable = bytes <= left
    if (affordable) {
      left -= bytes
      const room = { packages: Math.min(maxPackages, left / bytesPerPackage), bytes: maxListedBytes }
      for (const { found } of readDatabase(database, room, reasons)) identities.push(identityOf(found))
      left -= identities.length * bytesPerPackage
    }
    if (!affordable || reasons.length > 0) chronicle.unread += 1
    listed.set(key, identities)
    return identities
  }

  /** Another state follows: what this one lists is known from here on, and what it does not list begins anew. */
  function conclude(chronicle: Chronicle, state: State): void {
    const since = new Map<string, number>()
    for (const [key, { database, from }] of state) {
      for (const identity of list(key, database)) {
        since.set(identity, Math.min(from, since.get(identity) ?? chronicle.since.get(identity) ?? from))
      }
    }
    left -= since.size * bytesPerComparison
    chronicle.since = since
  }

  function stop(): void {
    stopped = true
    for (const chronicle of chronicles.values()) {
      chronicle.state = null
      chronicle.since.clear()
      chronicle.listed.clear()
    }
  }

  return {
    observe(layer, look) {
      if (left <= 0) return stop()
      const evidence = look()
      left -= evidence.steps * bytesPerStep
      const now = byKey(evidence)
      for (const [ecosystem, chronicle] of chronicles) {
        const { state, listed } = chronicle
        const next = new Map<string, { database: Database; from: number }>()
        for (const [key, database] of now.get(ecosystem) ?? []) {
          next.set(key, { database, from: state?.get(key)?.from ?? layer })
        }
        if (state !== null && !haveSameKeys(state, next)) conclude(chronicle, state)
        chronicle.state = next
        for (const key of listed.keys()) if (!next.has(key)) listed.delete(key)
      }
      keep(contentsOf(evidence))
    },
    settle(look) {
      if (left <= 0) return
      const evidence = look()
      left -= evidence.steps * bytesPerStep
      const now = byKey(evidence)
      for (const [ecosystem, { state }] of chronicles) {
        for (const [key, { database }] of state ?? []) {
          if (!now.get(ecosystem)?.has(key)) list(key, database)
        }
      }
      keep(contentsOf(evidence))
    },
    layersOf(database) {
      const { since, state } = chronicleOf(database)
      const from = state?.get(keyOf(database))?.from ?? database.file.layer
      return found => (since.size === 0 ? from : Math.min(from, since.get(identityOf(found)) ?? from))
    },
    unreadCopies: database => chronicleOf(database).unread + (stopped ? 1 : 0),
  }
}

const newChronicle = (): Chronicle => ({ state: null, listed: new Map(), since: new Map(), unread: 0 })

const partsOf = ({ file, beside }: Database): FileNode[] => [file, ...beside.values()]

const bytesOf = (database: Database): number =>
  partsOf(database).reduce((sum, file) => sum + (file.content?.bytes?.length ?? 0), 0)

/** What makes it another database when it changes: the path, and the files' places in the layers. */
const keyOf = (database: Database): string =>
  [
    database.listedPath,
    ...partsOf(database).map(file => `${file.contentLayer}:${file.contentEntry}`),
    ...database.beside.keys(),
  ].join('\0')

function byKey({ databases }: Evidence): Map<Ecosystem, Map<string, Database>> {
  const found = new Map<Ecosystem, Map<string, Database>>()
  for (const database of databases) {
    found.getOrInsertComputed(database.ecosystem, () => new Map()).set(keyOf(database), database)
  }
  return found
}

const haveSameKeys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every(key => b.has(key))

/** A digest of a package, so that what hostile names take is bounded. */
const identityOf = ({ name, version, arch, sourceName, sourceVersion, module }: FoundPackage): string =>
  hash('sha256', [name, version, arch, sourceName, sourceVersion, module ?? ''].join('\0'), 'base64url')
