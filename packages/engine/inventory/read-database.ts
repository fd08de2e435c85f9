import type { CoverageReason } from '@plimsoll/types'
import { type PackageRecord, Unreadable } from '../ecosystems/ecosystem.ts'
import { printable } from '../layers/entry-path.ts'
import type { FileNode } from '../layers/overlay.ts'
import type { Database } from './databases.ts'

/** A package as it is handed on: every field is there, and can be shown. */
export type FoundPackage = Omit<Required<PackageRecord>, 'module'> & { readonly module: string | null }

/** How much more may be read. */
export interface Room {
  packages: number
  /** Of the packages as JSON, which is what they are handed on as. */
  bytes: number
}

/** Names and versions are a few dozen characters; a field of more is no such thing and is not handed on. */
const maxFieldLength = 1024

/**
 * Reads one database: yields its packages, each with its length as JSON in bytes, until the end or until there is no
 * more room.
 *
 * @param reasons what could not be read is added here
 */
export function* readDatabase(
  { ecosystem, listedPath, path, file, beside }: Database,
  room: Room,
  reasons: CoverageReason[],
): Generator<{ readonly found: FoundPackage; readonly bytes: number }> {
  const shownPath = printable(path)
  const note = (code: CoverageReason['code'], message: string): void => {
    reasons.push({ code, message: `${ecosystem.title}: ${message}` })
  }
  const bytesOf = (one: FileNode | undefined, name: string): Uint8Array | null => {
    if (one?.content?.bytes) return one.content.bytes
    if (one !== undefined) {
      const { code, message } = one.lack ?? notReached
      note(code, `${name} cannot be read: ${message}.`)
    }
    return null
  }
  const content = bytesOf(file, shownPath)
  if (content === null) return
  let unsound = 0
  try {
    for (const record of ecosystem.packages(content, listedPath, name =>
      bytesOf(beside.get(name), printable(`${path.slice(0, path.lastIndexOf('/') + 1)}${name}`)),
    )) {
      if (room.packages <= 0 || room.bytes <= 0) {
        note('limit-entries', `${shownPath} lists more packages than are read; the rest was left out.`)
        break
      }
      if (!isSound(record)) {
        unsound += 1
        continue
      }
      const found = foundPackage(record)
      const bytes = Buffer.byteLength(JSON.stringify(found))
      room.packages -= 1
      room.bytes -= bytes
      yield { found, bytes }
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
}

/** A record the rest of the program can work with and show, whatever a reader made of an odd database. */
function isSound({ name, version, sourceName, sourceVersion, arch }: PackageRecord): boolean {
  const isText = (text: string): boolean => text.length <= maxFieldLength && !/\p{Cc}/u.test(text)
  return [name, version, sourceName, sourceVersion].every(text => text !== '' && isText(text)) && isText(arch)
}

/** Who built it, or for which module, is no reason to lose a package: what cannot be shown of that is replaced. */
const foundPackage = (record: PackageRecord): FoundPackage => ({
  name: record.name,
  version: record.version,
  sourceName: record.sourceName,
  sourceVersion: record.sourceVersion,
  arch: record.arch,
  module: record.module ? printable(record.module) : null,
  vendor: printable(record.vendor ?? ''),
})

/** Of a file that a limit cut off before its turn came. */
export const notReached: CoverageReason = {
  code: 'database-unreadable',
  message: 'reading stopped before it',
}
