import type { CoverageReason, Distro } from '@plimsoll/types'
import { type Ecosystem, type PackageRecord, Unreadable } from '../ecosystems/ecosystem.ts'
import { printable } from '../layers/entry-path.ts'
import type { FileNode } from '../layers/overlay.ts'
import type { Database, Evidence } from './databases.ts'
import { readDistro } from './distro.ts'

/** A package as it is handed on: every field is there, and can be shown. */
export type FoundPackage = Omit<Required<PackageRecord>, 'module'> & { readonly module: string | null }

/** Packages of one database, or some of them: a database is handed on in batches. */
export interface PackageBatch {
  readonly ecosystem: string
  readonly path: string
  /** Index of the layer whose copy of the database counts. */
  readonly layer: number
  readonly packages: readonly FoundPackage[]
}

export interface Taken {
  readonly distro: Distro | null
  /** Ecosystems of which there is a database, readable or not. */
  readonly ecosystems: readonly string[]
  readonly reasons: readonly CoverageReason[]
}

/** Names and versions are a few dozen characters; a field of more is no such thing and is not handed on. */
const maxFieldLength = 1024
/** What all packages of an image may add up to. A large image has a megabyte. */
const maxCharacters = 64e6
const batchSize = 500
/** A batch is one answer of the child's, which has to stay small; of ordinary packages it is full long before. */
const batchCharacters = 100_000
/** A file that names the distribution has a few hundred bytes. */
const maxReleaseFileBytes = 64 * 1024

/** How much more may be handed on. */
interface Room {
  packages: number
  characters: number
}

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
  const room: Room = { packages: maxPackages, characters: maxCharacters }
  for (const database of evidence.databases) readDatabase(database, room, emit, reasons)
  const distro = readDistro(path => textOf(evidence.distroFiles.get(path), path, reasons))
  // Where a distribution has its packages is known, so their absence is worth a word: an empty list looks clean.
  if (
    distro !== null &&
    evidence.databases.length === 0 &&
    ecosystems.some(one => one.feeds(distro).length > 0)
  ) {
    const message = `The image says that it is ${distro.prettyName}, but holds no package database.`
    reasons.push({ code: 'database-unreadable', message })
  }
  return { distro, ecosystems: [...new Set(evidence.databases.map(one => one.ecosystem.id))], reasons }
}

function readDatabase(
  { ecosystem, listedPath, path, file }: Database,
  room: Room,
  emit: (batch: PackageBatch) => void,
  reasons: CoverageReason[],
): void {
  const shownPath = printable(path)
  const note = (code: CoverageReason['code'], message: string): void => {
    reasons.push({ code, message: `${ecosystem.title}: ${message}` })
  }
  if (file.content === null) {
    const { code, message } = file.lack ?? notReached
    return note(code, `${shownPath} cannot be read: ${message}.`)
  }
  let packages: FoundPackage[] = []
  let characters = 0
  let unsound = 0
  const flush = (): void => {
    if (packages.length > 0) {
      emit({ ecosystem: ecosystem.id, path: shownPath, layer: file.contentLayer, packages })
    }
    packages = []
    characters = 0
  }
  try {
    for (const record of ecosystem.packages(file.content, listedPath)) {
      if (room.packages <= 0 || room.characters <= 0) {
        note('limit-entries', `${shownPath} lists more packages than are read; the rest was left out.`)
        break
      }
      if (!isSound(record)) {
        unsound += 1
        continue
      }
      room.packages -= 1
      const found = foundPackage(record)
      room.characters -= charactersOf(found)
      characters += charactersOf(found)
      packages.push(found)
      if (packages.length === batchSize || characters >= batchCharacters) flush()
    }
  } catch (cause) {
    // An Unreadable names the file and the place. Anything else is a reader's fault; what it was given is to blame
    // as well, and the other databases are not.
    const why = cause instanceof Unreadable ? cause.message : `${shownPath} cannot be read: ${String(cause)}.`
    note('database-unreadable', why)
  }
  if (unsound > 0) {
    const message = `${shownPath} has records without a name or version, or with one that is no such thing (${unsound}).`
    note('database-unreadable', message)
  }
  flush()
}

/** A record the rest of the program can work with and show, whatever a reader made of an odd database. */
function isSound({ name, version, sourceName, sourceVersion, arch }: PackageRecord): boolean {
  const isText = (text: string): boolean => text.length <= maxFieldLength && !/\p{Cc}/u.test(text)
  return [name, version, sourceName, sourceVersion].every(text => text !== '' && isText(text)) && isText(arch)
}

/** Who built it, or for which module, is no reason to lose a package: what cannot be shown of that is replaced. */
const foundPackage = ({
  name,
  version,
  sourceName,
  sourceVersion,
  arch,
  module,
  vendor,
}: PackageRecord): FoundPackage => ({
  name,
  version,
  sourceName,
  sourceVersion,
  arch,
  module: module ? shown(module) : null,
  vendor: shown(vendor ?? ''),
})

const shown = (text: string): string => printable(text.slice(0, maxFieldLength))

const charactersOf = (found: FoundPackage): number =>
  Object.values(found).reduce((sum, text) => sum + (text?.length ?? 0), 0)

function textOf(file: FileNode | undefined, path: string, reasons: CoverageReason[]): string | null {
  if (file === undefined) return null
  if (file.content !== null) {
    return Buffer.from(file.content.subarray(0, maxReleaseFileBytes)).toString('utf8')
  }
  const { code, message } = file.lack ?? notReached
  reasons.push({ code, message: `${path} cannot be read: ${message}.` })
  return null
}

/** Of a file that a limit cut off before its turn came. */
const notReached: CoverageReason = { code: 'database-unreadable', message: 'reading stopped before it' }
