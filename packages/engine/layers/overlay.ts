import type { CoverageReason } from '@plimsoll/types'
import type { TarMember } from '../formats/tar-reader.ts'
import { entryPath, printable, readable } from './entry-path.ts'
import { type Effort, resolvePath } from './resolve-path.ts'

/**
 * The file system an image's layers make when they are laid over each other, by the OCI image specification
 * (layer.md, "Applying Changesets" and "Whiteouts") and, where it is silent, as containerd unpacks layers.
 * Names are latin1 strings, one character for each byte.
 */
export type Node = FileNode | Directory | Symlink | Special

export interface FileNode {
  readonly kind: 'file'
  /** The layer that put this name here. */
  readonly layer: number
  /** The layer and the place in its archive where the content stands; another than `layer` for a hard link. */
  readonly contentLayer: number
  readonly contentEntry: number
  /** Null until it was read: only wanted files are kept. */
  content: Content | null
  /** Why there can be no content. */
  lack: CoverageReason | null
}

/** What a file holds, in common to all its names: given up under the one, it is gone under the others. */
export interface Content {
  bytes: Uint8Array | null
}

export interface Directory {
  readonly kind: 'directory'
  /** The last layer that named it or anything below it. */
  layer: number
  /** Null for an empty one: most directories of a large image hold files only, many nothing. */
  children: Map<string, Node> | null
}

export interface Symlink {
  readonly kind: 'symlink'
  readonly layer: number
  readonly target: string
}

/** A device, a pipe: something that is there and has no content. */
export interface Special {
  readonly kind: 'special'
  readonly layer: number
}

export interface Overlay {
  readonly root: Directory
  /** Nodes made so far, directories that no archive names included. */
  readonly madeNodes: number
  /** About what the nodes made so far take of memory. */
  readonly madeBytes: number
  /** Characters of link targets followed so far; see `Effort`. */
  readonly followed: number
  /** From here on, members belong to this layer, which lies on all the earlier ones. */
  beginLayer(index: number): void
  /**
   * Lays one member over what is there. `path` is its normalised path (`entryPath`), `entry` its place in the
   * layer's archive, counted from 0.
   *
   * @returns the node of a regular file, whose content may be filled in until the next member; null for the rest
   */
  apply(path: string, member: TarMember, entry: number): FileNode | null
}

/** A node and its place in a directory, without its name; and the table of a directory that has entries. Measured. */
const nodeBytes = 160
const mapBytes = 200

const whiteoutPrefix = '.wh.'
const opaqueMarker = '.wh..wh..opq'
/** Files of the builder's own bookkeeping: AUFS (`.wh..wh.aufs`), and the index and marks of eStargz. */
const builderFiles = new Set(['stargz.index.json', '.prefetch.landmark', '.no.prefetch.landmark'])

export function overlay(): Overlay {
  const root: Directory = { kind: 'directory', layer: 0, children: null }
  let layer = 0
  let madeNodes = 0
  let madeMaps = 0
  let textBytes = 0
  const effort: Effort = { followed: 0 }
  /** Directories of which nothing from lower layers is left: there is nothing to hide in them until the next layer. */
  const emptied = new Set<Directory>()
  /** Archives list directory by directory, so the last one is nearly always the next one. */
  let lastPath: string | null = null
  let lastDirectory = root

  /** The directory of this path, made where it is missing; null when its links go in circles. */
  function directoryAt(path: string): Directory | null {
    if (path === lastPath) return lastDirectory
    const { node, trail } = resolvePath(root, path, { followLast: true, make, effort })
    if (node?.kind !== 'directory') return null
    touch(trail)
    lastPath = path
    lastDirectory = node
    return node
  }

  /** This layer has something in there, so its whiteouts leave the way to it standing. */
  function touch(trail: readonly Directory[]): void {
    for (const directory of trail) directory.layer = layer
  }

  const make = (trail: readonly Directory[], name: string): Directory =>
    makeDirectory(trail.at(-1) ?? root, name)

  function makeDirectory(parent: Directory, name: string): Directory {
    const made: Directory = { kind: 'directory', layer, children: null }
    put(parent, name, made)
    return made
  }

  function put(directory: Directory, name: string, node: Node): void {
    madeNodes += 1
    textBytes += name.length
    if (directory.children === null) {
      directory.children = new Map()
      madeMaps += 1
    }
    const before = directory.children.get(name)
    // A way that was there is gone, or one may lead elsewhere now.
    if (before?.kind === 'directory' || before?.kind === 'symlink' || node.kind === 'symlink') lastPath = null
    directory.children.set(name, node)
  }

  function putDirectory(parent: Directory, name: string): void {
    const before = parent.children?.get(name)
    if (before?.kind === 'directory') before.layer = layer
    else makeDirectory(parent, name)
  }

  function putFile(parent: Directory, name: string, entry: number): FileNode {
    const node: FileNode = {
      kind: 'file',
      layer,
      contentLayer: layer,
      contentEntry: entry,
      content: null,
      lack: null,
    }
    put(parent, name, node)
    return node
  }

  function putSymlink(parent: Directory, name: string, target: string): void {
    textBytes += target.length
    put(parent, name, { kind: 'symlink', layer, target })
  }

  /** A second name for what the target is now; the names do not share a fate from here on. */
  function putHardlink(parent: Directory, name: string, linkPath: string, entry: number): void {
    const { node } = resolvePath(root, entryPath(linkPath), { followLast: false, effort })
    if (node === null) {
      putFile(parent, name, entry).lack = {
        code: 'database-unreadable',
        message: `it is a hard link to ${printable(readable(linkPath))}, which is not in the image`,
      }
    } else if (node.kind !== 'directory' && node !== parent.children?.get(name)) {
      put(parent, name, { ...node, layer })
    }
  }

  /** Takes away what lower layers left under this name, and leaves what this layer put there. */
  function whiteOut(directory: Directory, name: string): void {
    const node = directory.children?.get(name)
    if (node === undefined) return
    if (node.layer !== layer) directory.children?.delete(name)
    else if (node.kind === 'directory') hideLower(node)
    lastPath = null
  }

  /** The same for everything in a directory. Not recursive: links let hostile trees be deeper than any stack. */
  function hideLower(top: Directory): void {
    const directories = [top]
    for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
      if (emptied.has(directory)) continue
      emptied.add(directory)
      for (const [name, node] of directory.children ?? []) {
        if (node.layer !== layer) directory.children?.delete(name)
        else if (node.kind === 'directory') directories.push(node)
      }
    }
    lastPath = null
  }

  function applyWhiteout(directoryPath: string, name: string): void {
    const { node } = resolvePath(root, directoryPath, { followLast: true, effort })
    if (node?.kind !== 'directory') return
    if (name === opaqueMarker) return hideLower(node)
    const hidden = name.slice(whiteoutPrefix.length)
    const meaningless =
      hidden === '' || hidden === '.' || hidden === '..' || hidden.startsWith(whiteoutPrefix)
    if (!meaningless) whiteOut(node, hidden)
  }

  function apply(path: string, member: TarMember, entry: number): FileNode | null {
    if (path === '' || builderFiles.has(path) || member.kind === 'unknown') return null
    const slash = path.lastIndexOf('/')
    const directoryPath = slash === -1 ? '' : path.slice(0, slash)
    const name = ownCopy(path.slice(slash + 1))
    if (name.startsWith(whiteoutPrefix)) {
      applyWhiteout(directoryPath, name)
      return null
    }
    const parent = directoryAt(directoryPath)
    if (parent === null) return null
    if (member.kind === 'file') return putFile(parent, name, entry)
    if (member.kind === 'directory') putDirectory(parent, name)
    else if (member.kind === 'symlink') putSymlink(parent, name, ownCopy(member.linkPath))
    else if (member.kind === 'hardlink') putHardlink(parent, name, member.linkPath, entry)
    else put(parent, name, { kind: 'special', layer })
    return null
  }

  return {
    root,
    get madeNodes() {
      return madeNodes
    },
    get madeBytes() {
      return madeNodes * nodeBytes + madeMaps * mapBytes + textBytes
    },
    get followed() {
      return effort.followed
    },
    beginLayer(index) {
      layer = index
      lastPath = null
      emptied.clear()
    },
    apply,
  }
}

/** A slice of a string keeps all of it in memory; what stays in the tree must not hold on to whole paths. */
const ownCopy = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')
