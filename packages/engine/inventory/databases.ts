import type { CoverageReason } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { asStored, printable, readable } from '../layers/entry-path.ts'
import type { Directory, FileNode } from '../layers/overlay.ts'
import { type Resolved, resolvePath } from '../layers/resolve-path.ts'
import { distroFiles, wantsDistroFile } from './distro.ts'

/** A package database that counts: the one its path leads to when all layers are laid over each other. */
export interface Database {
  readonly ecosystem: Ecosystem
  /** As the ecosystem lists it, a directory's entries by their names. */
  readonly listedPath: string
  /** Where the file is, links followed. */
  readonly path: string
  /** The same, its bytes as they are (latin1). */
  readonly storedPath: string
  readonly file: FileNode
}

/** What a merged file system holds for an inventory. */
export interface Evidence {
  readonly databases: readonly Database[]
  /** By their path in `distroFiles`. */
  readonly distroFiles: ReadonlyMap<string, FileNode>
  /** Databases that are there and are no files one could read. */
  readonly reasons: readonly CoverageReason[]
  /**
   * Where a link leads to nothing, its bytes as they are (latin1): a root file system's source may have left such a
   * file out.
   */
  readonly missing: readonly string[]
}

/** Whether a file of this path (UTF-8, no leading slash) may be part of the evidence. */
export const wantsFile =
  (ecosystems: readonly Ecosystem[]) =>
  (path: string): boolean =>
    wantsDistroFile(path) || ecosystems.some(ecosystem => ecosystem.wants(path))

/** Finds the databases and distribution files of a merged file system, links followed. Reads none of them. */
export function findEvidence(root: Directory, ecosystems: readonly Ecosystem[]): Evidence {
  const databases: Database[] = []
  const reasons: CoverageReason[] = []
  const missing: string[] = []
  const seen = new Set<string>()
  const distro = new Map<string, FileNode>()

  for (const path of distroFiles) {
    const found = resolvePath(root, path, { followLast: true })
    if (found.node?.kind === 'file') distro.set(path, found.node)
    if (found.throughLink && found.lack === 'missing') missing.push(found.path)
  }
  for (const ecosystem of ecosystems) {
    for (const storedListedPath of ecosystem.databases.flatMap(pattern => listed(root, pattern, ecosystem))) {
      const found = resolvePath(root, storedListedPath, { followLast: true })
      const listedPath = readable(storedListedPath)
      if (found.throughLink && found.lack === 'missing') missing.push(found.path)
      const problem = problemOf(found)
      if (problem !== null) {
        const message = `${ecosystem.title}: ${printable(listedPath)} cannot be read, ${problem}.`
        reasons.push({ code: 'database-unreadable', message })
      }
      if (found.node?.kind !== 'file') continue
      // Two paths may lead to one file: `lib/apk` and `usr/lib/apk` where `lib` is a link.
      const identity = `${ecosystem.id} ${found.path}`
      if (seen.has(identity)) continue
      seen.add(identity)
      const storedPath = found.path
      databases.push({ ecosystem, listedPath, path: readable(storedPath), storedPath, file: found.node })
    }
  }
  return { databases, distroFiles: distro, reasons, missing }
}

/** The paths a pattern of `Ecosystem.databases` stands for: itself, or the wanted entries of a directory. */
function listed(root: Directory, pattern: string, ecosystem: Ecosystem): string[] {
  if (!pattern.endsWith('/*')) return [asStored(pattern)]
  const directoryPath = asStored(pattern.slice(0, -2))
  const { node } = resolvePath(root, directoryPath, { followLast: true })
  if (node?.kind !== 'directory') return []
  return [...(node.children ?? [])]
    .filter(([, child]) => child.kind !== 'directory')
    .map(([name]) => `${directoryPath}/${name}`)
    .filter(path => ecosystem.wants(readable(path)))
    .sort()
}

/** Why something that stands where a database should is none; null when it is one, or nothing is there. */
function problemOf({ node, lack, path, throughLink }: Resolved): string | null {
  if (lack === 'loop') return 'its symbolic links go in circles'
  if (lack === 'missing')
    return throughLink ? `it links to ${printable(readable(path))}, which is not there` : null
  if (node?.kind === 'directory') return 'it is a directory'
  return node?.kind === 'special' ? 'it is a device or a pipe' : null
}
