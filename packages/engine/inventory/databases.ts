import type { CoverageReason } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { asStored, printable, readable } from '../layers/entry-path.ts'
import type { Content, Directory, FileNode } from '../layers/overlay.ts'
import { type Effort, type Resolved, resolvePath } from '../layers/resolve-path.ts'
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
  /** What the ledger shows it under: its own path, or `dir/*` for each file of a directory of them. */
  readonly shownPath: string
  readonly file: FileNode
  /** What else the ecosystem wants in the file's directory, by name. */
  readonly beside: ReadonlyMap<string, FileNode>
}

/** What a merged file system holds for an inventory. */
export interface Evidence {
  readonly databases: readonly Database[]
  /** By their path in `distroFiles`. */
  readonly distroFiles: ReadonlyMap<string, FileNode>
  /** Of the ecosystems that have a database, by their paths as listed. */
  readonly settings: ReadonlyMap<Ecosystem, ReadonlyMap<string, FileNode>>
  /** Databases that are there and are no files one could read. */
  readonly reasons: readonly CoverageReason[]
  /**
   * Where a link leads to nothing, its bytes as they are (latin1): a root file system's source may have left such a
   * file out.
   */
  readonly missing: readonly string[]
  /** What it cost to find all that, in steps of about the same length. */
  readonly steps: number
}

/** More files than that in a directory of databases (each has a package) are not looked at. */
const maxFiles = 20_000
/**
 * Where so much was looked at, the rest is not looked for. Ordinary images take a few hundred steps; what takes more
 * are links through links through links, which a package database has no need of.
 */
const maxSteps = 500_000

/** A package manager has a handful of files of settings. */
const maxSettings = 100

/** Whether a file of this path (UTF-8, no leading slash) may be part of the evidence. */
export const wantsFile =
  (ecosystems: readonly Ecosystem[]) =>
  (path: string): boolean =>
    wantsDistroFile(path) || ecosystems.some(ecosystem => ecosystem.wants(path))

/** Every file that the evidence consists of. */
export function* filesOf({ databases, distroFiles, settings }: Evidence): Generator<FileNode> {
  for (const { file, beside } of databases) {
    yield file
    yield* beside.values()
  }
  yield* distroFiles.values()
  for (const files of settings.values()) yield* files.values()
}

/** What of the evidence is in memory, each file's content once. */
export const contentsOf = (evidence: Evidence): Set<Content> =>
  new Set([...filesOf(evidence)].flatMap(file => file.content ?? []))

/** Finds the databases and distribution files of a merged file system, links followed. Reads none of them. */
export function findEvidence(root: Directory, ecosystems: readonly Ecosystem[]): Evidence {
  const databases: Database[] = []
  const reasons: CoverageReason[] = []
  const missing: string[] = []
  const seen = new Set<string>()
  const distro = new Map<string, FileNode>()
  const look: Look = { root, followed: 0, steps: 0 }

  for (const path of distroFiles) {
    const found = resolve(look, path)
    if (found.node?.kind === 'file') distro.set(path, found.node)
    if (found.throughLink && found.lack === 'missing') missing.push(found.path)
  }
  for (const ecosystem of ecosystems) {
    const note = (code: CoverageReason['code'], message: string): void => {
      reasons.push({ code, message: `${ecosystem.title}: ${message}` })
    }
    for (const { storedPath: listedAt, at, shownPath } of listed(
      look,
      ecosystem,
      ecosystem.databases,
      note,
    )) {
      if (stepsOf(look) > maxSteps) {
        note(
          'limit-path-bytes',
          'symbolic links lead through more others than are followed; the rest was not read.',
        )
        break
      }
      const found = resolve(look, at)
      const listedPath = readable(listedAt)
      if (found.throughLink && found.lack === 'missing') missing.push(found.path)
      const problem = problemOf(found)
      if (problem !== null)
        note('database-unreadable', `${printable(listedPath)} cannot be read, ${problem}.`)
      if (found.node?.kind !== 'file') continue
      // Two paths may lead to one file: `lib/apk` and `usr/lib/apk` where `lib` is a link.
      const identity = `${ecosystem.id} ${found.path}`
      if (seen.has(identity)) continue
      seen.add(identity)
      const path = readable(found.path)
      databases.push({
        ecosystem,
        listedPath,
        path,
        storedPath: found.path,
        shownPath: printable(shownPath ?? path),
        file: found.node,
        beside: shownPath === null ? siblings(look, ecosystem, listedPath, found) : none,
      })
    }
  }
  const settings = new Map<Ecosystem, ReadonlyMap<string, FileNode>>()
  for (const { ecosystem } of databases) {
    settings.getOrInsertComputed(ecosystem, () => settingsOf(look, ecosystem))
  }
  return { databases, distroFiles: distro, settings, reasons, missing, steps: stepsOf(look) }
}

/** What there is of an ecosystem's settings. They are not needed, so nothing is said of those that cannot be read. */
function settingsOf(look: Look, ecosystem: Ecosystem): Map<string, FileNode> {
  const files = new Map<string, FileNode>()
  for (const { storedPath, at } of listed(look, ecosystem, ecosystem.settings ?? [], () => {})) {
    if (stepsOf(look) > maxSteps || files.size >= maxSettings) break
    const { node } = resolve(look, at)
    if (node?.kind === 'file') files.set(readable(storedPath), node)
  }
  return files
}

const none: ReadonlyMap<string, FileNode> = new Map()

/** One look at a tree, and what it costs. */
interface Look extends Effort {
  readonly root: Directory
  steps: number
}

/** A path that was resolved or an entry of a directory is one step, and so is about this much of a link's target. */
const charactersPerStep = 64
const stepsOf = ({ steps, followed }: Look): number => steps + followed / charactersPerStep

function resolve(look: Look, path: string): Resolved {
  look.steps += 1
  return resolvePath(look.root, path, { followLast: true, effort: look })
}

interface Listed {
  /** As the ecosystem has it. */
  readonly storedPath: string
  /** The same, through fewer links. */
  readonly at: string
  /** Of a file in a directory of databases: that directory, and that it is one. */
  readonly shownPath: string | null
}

/** The paths that an ecosystem's patterns stand for: each itself, or the wanted entries of a directory. */
function* listed(
  look: Look,
  ecosystem: Ecosystem,
  patterns: readonly string[],
  note: (code: CoverageReason['code'], message: string) => void,
): Generator<Listed> {
  for (const pattern of patterns) {
    if (!pattern.endsWith('/*')) {
      const storedPath = asStored(pattern)
      yield { storedPath, at: storedPath, shownPath: null }
      continue
    }
    const directoryPath = asStored(pattern.slice(0, -2))
    const { node, path } = resolve(look, directoryPath)
    if (node?.kind !== 'directory') continue
    const names = wantedNames(look, node, ecosystem, directoryPath)
    if (names.length > maxFiles) {
      const shown = printable(readable(path))
      note(
        'limit-entries',
        `${shown} has ${names.length} files; the first ${maxFiles} were read and the rest not.`,
      )
    }
    for (const name of names.sort().slice(0, maxFiles)) {
      const shownPath = `${readable(path)}/*`
      yield { storedPath: `${directoryPath}/${name}`, at: `${path}/${name}`, shownPath }
    }
  }
}

/** Names in a directory that are not directories themselves and that the ecosystem wants there. */
function wantedNames(look: Look, { children }: Directory, ecosystem: Ecosystem, path: string): string[] {
  look.steps += children?.size ?? 0
  return [...(children ?? [])]
    .filter(([name, child]) => child.kind !== 'directory' && ecosystem.wants(readable(inside(path, name))))
    .map(([name]) => name)
}

const directoryOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const inside = (directory: string, name: string): string => (directory === '' ? name : `${directory}/${name}`)

/** What the ecosystem wants beside a database: what it keeps apart, and databases that may take its place. */
function siblings(
  look: Look,
  ecosystem: Ecosystem,
  listedPath: string,
  { trail, path, node: found }: Resolved,
): ReadonlyMap<string, FileNode> {
  const directory = trail.at(-1) ?? look.root
  const listedIn = asStored(directoryOf(listedPath))
  const beside = new Map<string, FileNode>()
  for (const name of wantedNames(look, directory, ecosystem, listedIn)) {
    const { node } = resolve(look, inside(directoryOf(path), name))
    if (node?.kind === 'file' && node !== found) beside.set(readable(name), node)
  }
  return beside
}

/** Why something that stands where a database should is none; null when it is one, or nothing is there. */
function problemOf({ node, lack, path, throughLink }: Resolved): string | null {
  if (lack === 'loop') return 'its symbolic links go in circles'
  if (lack === 'missing')
    return throughLink ? `it links to ${printable(readable(path))}, which is not there` : null
  if (node?.kind === 'directory') return 'it is a directory'
  return node?.kind === 'special' ? 'it is a device or a pipe' : null
}
