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
  /** Of the state observed last: index of the layer that brought this package. */
  layerOf(database: Database, found: FoundPackage): number
  /** How many older copies of the ecosystem's databases are not known in full. */
  unreadCopies(database: Database): number
}

/** What the databases of one ecosystem were from a layer on, until the next state. */
interface State {
  readonly layer: number
  /** By what tells them from any other. */
  readonly databases: ReadonlyMap<string, Database>
}

interface Chronicle {
  state: State | null
  /** What a database lists, by its key; of the present state, and only where it was read already. */
  readonly listed: Map<string, readonly string[]>
  /** Packages that are in all states from some layer on, up to the one before the present: that layer. */
  since: Map<string, number>
  /** Databases of which not everything is known that they listed. */
  unread: number
}

/** What it costs to take a package down, and one step of looking for databases, in bytes of a database to be read. */
const bytesPerPackage = 200
const bytesPerStep = 200
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
  function conclude(chronicle: Chronicle, { layer, databases }: State): void {
    const since = new Map<string, number>()
    for (const [key, database] of databases) {
      for (const identity of list(key, database)) since.set(identity, chronicle.since.get(identity) ?? layer)
    }
    left -= since.size * bytesPerPackage
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
        const databases = now.get(ecosystem) ?? new Map<string, Database>()
        const { state, listed } = chronicle
        const same = state !== null && haveSameKeys(state.databases, databases)
        if (state !== null && !same) conclude(chronicle, state)
        chronicle.state = { layer: same ? state.layer : layer, databases }
        for (const key of listed.keys()) if (!databases.has(key)) listed.delete(key)
      }
      keep(contentsOf(evidence))
    },
    settle(look) {
      if (left <= 0) return
      const evidence = look()
      left -= evidence.steps * bytesPerStep
      const now = byKey(evidence)
      for (const [ecosystem, { state }] of chronicles) {
        for (const [key, database] of state?.databases ?? []) {
          if (!now.get(ecosystem)?.has(key)) list(key, database)
        }
      }
      keep(contentsOf(evidence))
    },
    layerOf(database, found) {
      const { since, state } = chronicleOf(database)
      const known = since.size === 0 ? undefined : since.get(identityOf(found))
      return known ?? state?.layer ?? database.file.layer
    },
    unreadCopies: database => chronicleOf(database).unread + (stopped ? 1 : 0),
  }
}

const newChronicle = (): Chronicle => ({ state: null, listed: new Map(), since: new Map(), unread: 0 })

const filesOf = ({ file, beside }: Database): FileNode[] => [file, ...beside.values()]

const bytesOf = (database: Database): number =>
  filesOf(database).reduce((sum, file) => sum + (file.content?.bytes?.length ?? 0), 0)

/** Databases by what makes them another when it changes: the path, and the files' places in the layers. */
function byKey({ databases }: Evidence): Map<Ecosystem, Map<string, Database>> {
  const found = new Map<Ecosystem, Map<string, Database>>()
  for (const database of databases) {
    const places = filesOf(database).map(file => `${file.contentLayer}:${file.contentEntry}`)
    const key = [database.listedPath, ...places, ...database.beside.keys()].join('\0')
    found.getOrInsertComputed(database.ecosystem, () => new Map()).set(key, database)
  }
  return found
}

const haveSameKeys = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean =>
  a.size === b.size && [...a.keys()].every(key => b.has(key))

/** A digest of a package, so that what hostile names take is bounded. */
const identityOf = ({ name, version, arch, sourceName, sourceVersion, module }: FoundPackage): string =>
  hash('sha256', [name, version, arch, sourceName, sourceVersion, module ?? ''].join('\0'), 'base64url')
