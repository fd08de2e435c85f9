import type { CoverageReason, Distro } from '@plimsoll/types'
import { type Ecosystem, type PackageRecord, Unreadable } from '../ecosystems/ecosystem.ts'
import type { FileNode } from '../layers/overlay.ts'
import type { Database, Evidence } from './databases.ts'
import { readDistro } from './distro.ts'

/** Packages of one database, or some of them: a database is handed on in batches. */
export interface PackageBatch {
  readonly ecosystem: string
  readonly path: string
  /** Index of the layer whose copy of the database counts. */
  readonly layer: number
  readonly packages: readonly PackageRecord[]
}

export interface Taken {
  readonly distro: Distro | null
  /** Ecosystems of which there is a database, readable or not. */
  readonly ecosystems: readonly string[]
  readonly reasons: readonly CoverageReason[]
}

/** Names and versions are a few dozen characters; a field of more is no such thing and is not handed on. */
export const maxFieldLength = 1024
const batchSize = 500
/** A file that names the distribution has a few hundred bytes. */
const maxReleaseFileBytes = 64 * 1024

/**
 * Reads the databases that were found, and says what could not be read.
 *
 * @param emit called with packages as they are read, a few hundred at a time
 */
export function takeInventory(
  evidence: Evidence,
  ecosystems: readonly Ecosystem[],
  maxPackages: number,
  emit: (batch: PackageBatch) => void,
): Taken {
  const reasons = [...evidence.reasons]
  let room = maxPackages
  for (const database of evidence.databases) {
    room -= readDatabase(database, room, emit, reasons)
  }
  const distro = readDistro(path => textOf(evidence.distroFiles.get(path), path, reasons))
  // Where a distribution has its packages is known, so their absence is worth a word: an empty list looks clean.
  if (
    distro !== null &&
    evidence.databases.length === 0 &&
    ecosystems.some(one => one.feed(distro) !== null)
  ) {
    const message = `The image says that it is ${distro.prettyName}, but holds no package database.`
    reasons.push({ code: 'database-unreadable', message })
  }
  return { distro, ecosystems: [...new Set(evidence.databases.map(one => one.ecosystem.id))], reasons }
}

/** @returns the number of packages read */
function readDatabase(
  database: Database,
  maxPackages: number,
  emit: (batch: PackageBatch) => void,
  reasons: CoverageReason[],
): number {
  const { ecosystem, listedPath, path, file } = database
  const unreadable = (code: CoverageReason['code'], message: string): void => {
    reasons.push({ code, message: `${ecosystem.title}: ${message}` })
  }
  if (file.content === null) {
    const { code, message } = file.lack ?? {
      code: 'database-unreadable',
      message: 'reading stopped before it',
    }
    unreadable(code, `${path} cannot be read: ${message}.`)
    return 0
  }
  let packages: PackageRecord[] = []
  let count = 0
  let unsound = 0
  const flush = (): void => {
    if (packages.length > 0) emit({ ecosystem: ecosystem.id, path, layer: file.contentLayer, packages })
    packages = []
  }
  try {
    for (const record of ecosystem.packages(file.content, listedPath)) {
      if (count === maxPackages) {
        unreadable('limit-entries', `${path} lists more packages than are read; the rest was left out.`)
        break
      }
      if (!isSound(record)) {
        unsound += 1
        continue
      }
      count += 1
      packages.push(record)
      if (packages.length === batchSize) flush()
    }
  } catch (cause) {
    // An Unreadable names the file and the place. Anything else is a reader's fault; what it was given is to blame
    // as well, and the other databases are not.
    const why = cause instanceof Unreadable ? cause.message : `${path} cannot be read: ${String(cause)}.`
    unreadable('database-unreadable', why)
  }
  if (unsound > 0) {
    const message = `${path} has records without a name or version, or with one of absurd length (${unsound}).`
    unreadable('database-unreadable', message)
  }
  flush()
  return count
}

/** A record the rest of the program can work with, whatever a reader made of an odd database. */
function isSound({ name, version, sourceName, sourceVersion, arch }: PackageRecord): boolean {
  const isText = (text: string): boolean => text.length > 0 && text.length <= maxFieldLength
  return [name, version, sourceName, sourceVersion].every(isText) && arch.length <= maxFieldLength
}

function textOf(file: FileNode | undefined, path: string, reasons: CoverageReason[]): string | null {
  if (file === undefined) return null
  if (file.content !== null)
    return Buffer.from(file.content.subarray(0, maxReleaseFileBytes)).toString('utf8')
  const { code, message } = file.lack ?? { code: 'database-unreadable', message: 'reading stopped before it' }
  reasons.push({ code, message: `${path} cannot be read: ${message}.` })
  return null
}
