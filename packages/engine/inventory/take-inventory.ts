import type { CoverageReason, Distro } from '@plimsoll/types'
import { printable } from '../layers/entry-path.ts'
import type { FileNode } from '../layers/overlay.ts'
import type { Database, Evidence } from './databases.ts'
import { readDistro } from './distro.ts'
import { doubtsAbout } from './doubts.ts'
import type { PackageHistory } from './package-history.ts'
import { type FoundPackage, notReached, type Room, readDatabase } from './read-database.ts'

/** Packages of one database, or some of them: a database is handed on in batches. */
export interface PackageBatch {
  readonly ecosystem: string
  readonly path: string
  /** Each with the index of the layer that brought it. */
  readonly packages: readonly (FoundPackage & { readonly layer: number })[]
}

/** A database that was found, or a directory of them. */
export interface DatabaseFound {
  readonly ecosystem: string
  readonly path: string
  /** Index of the layer whose copy counts, the uppermost one of several files. */
  readonly layer: number
  readonly packages: number
  /** See `DatabaseRead.unreadCopies`. */
  readonly unreadCopies: number
}

export interface Taken {
  readonly distro: Distro | null
  /** Databases, readable or not, in the order of reading. */
  readonly databases: readonly DatabaseFound[]
  readonly reasons: readonly CoverageReason[]
}

/** What all packages of an image may add up to, as JSON. A large image has a megabyte. */
const maxBytes = 96e6
const batchSize = 500
/** A batch is one answer of the child's, which has to stay small; of ordinary packages it is full long before. */
const batchBytes = 200_000
/** What an answer has besides packages and path. */
const answerBytes = 100
/** A file that names the distribution has a few hundred bytes. */
const maxReleaseFileBytes = 64 * 1024

/**
 * Reads the databases that were found, and says what could not be read.
 *
 * @param history knows which layer brought a package
 * @param emit called with packages as they are read, a few hundred at a time
 */
export function takeInventory(
  evidence: Evidence,
  history: Pick<PackageHistory, 'layersOf' | 'unreadCopies'>,
  maxPackages: number,
  emit: (batch: PackageBatch) => void,
): Taken {
  const reasons = [...evidence.reasons]
  const room: Room = { packages: maxPackages, bytes: maxBytes }
  const databases = new Map<string, DatabaseFound>()
  for (const database of evidence.databases) {
    const packages = handOn(database, history, room, emit, reasons)
    const ecosystem = database.ecosystem.id
    const path = database.shownPath
    const before = databases.get(`${ecosystem} ${path}`)
    databases.set(`${ecosystem} ${path}`, {
      ecosystem,
      path,
      layer: Math.max(before?.layer ?? 0, database.file.contentLayer),
      packages: (before?.packages ?? 0) + packages,
      unreadCopies: history.unreadCopies(database),
    })
  }
  const distro = readDistro(path => textOf(evidence.distroFiles.get(path), path, reasons))
  // An empty list looks clean. Whoever has a distribution has packages, be it where nobody here looks for them.
  if (distro !== null && databases.size === 0) {
    const message = `The image says that it is ${distro.prettyName}, but holds no package database that is known here.`
    reasons.push({ code: 'database-unreadable', message })
  }
  // One that was emptied looks clean as well, which is what whoever empties it may want.
  const isEmpty = databases.size > 0 && databases.values().every(({ packages }) => packages === 0)
  if (isEmpty && reasons.length === 0) {
    const message = 'The image holds a package database in which there is no package.'
    reasons.push({ code: 'database-unreadable', message })
  }
  reasons.push(...doubtsAbout(distro, evidence))
  return { distro, databases: [...databases.values()], reasons }
}

/** @returns how many packages there were */
function handOn(
  database: Database,
  history: Pick<PackageHistory, 'layersOf'>,
  room: Room,
  emit: (batch: PackageBatch) => void,
  reasons: CoverageReason[],
): number {
  const ecosystem = database.ecosystem.id
  const path = printable(database.path)
  const layerOf = history.layersOf(database)
  let total = 0
  let packages: (FoundPackage & { readonly layer: number })[] = []
  let bytes = 0
  const flush = (): void => {
    if (packages.length > 0) emit({ ecosystem, path, packages })
    room.bytes -= answerBytes + Buffer.byteLength(JSON.stringify(path))
    packages = []
    bytes = 0
  }
  for (const one of readDatabase(database, room, reasons)) {
    packages.push({ ...one.found, layer: layerOf(one.found) })
    total += 1
    bytes += one.bytes
    if (packages.length === batchSize || bytes >= batchBytes) flush()
  }
  flush()
  return total
}

function textOf(file: FileNode | undefined, path: string, reasons: CoverageReason[]): string | null {
  if (file === undefined) return null
  if (file.content?.bytes) {
    return Buffer.from(file.content.bytes.subarray(0, maxReleaseFileBytes)).toString('utf8')
  }
  const { code, message } = file.lack ?? notReached
  reasons.push({ code, message: `${path} cannot be read: ${message}.` })
  return null
}
