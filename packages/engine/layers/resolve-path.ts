import type { Directory, Node } from './overlay.ts'

/** As many as Linux follows in one path (path_resolution(7)). */
const maxSymlinks = 40

export interface Resolved {
  /** What the path names; null when there is nothing. */
  readonly node: Node | null
  /** Why there is nothing. A file where a directory would have to be counts as missing. */
  readonly lack: 'missing' | 'loop' | null
  /** The path without links: of the node, or of the place where it is missing. */
  readonly path: string
  /** Directories from the root down to the one the path ends in, that one included when it is the node. */
  readonly trail: readonly Directory[]
  /** The last component was a symbolic link that was followed. */
  readonly throughLink: boolean
}

export interface ResolveOptions {
  /** Whether a symbolic link in the last component is followed; in the others it always is. */
  readonly followLast: boolean
  /**
   * Makes a directory of this name, at the end of the trail, where one is needed: in the place of nothing, or of
   * something that is neither a directory nor a symbolic link.
   */
  readonly make?: (trail: readonly Directory[], name: string) => Directory
  /** Where what it costs is added. */
  readonly effort?: Effort
}

/**
 * Characters of link targets that were followed. One path may lead through 40 links of 4096 characters each, so what
 * has many of them followed has to look at the sum: it is what the time goes into.
 */
export interface Effort {
  followed: number
}

/**
 * Follows a path through a tree as the kernel would in a chroot: symbolic links, absolute ones and `..` included,
 * never above the root, and no more than 40 of them.
 */
export function resolvePath(
  root: Directory,
  path: string,
  { followLast, make, effort }: ResolveOptions,
): Resolved {
  let trail: Directory[] = [root]
  let names: string[] = []
  /** What will have to be made: beyond it nothing is there, so the rest of the path is as it reads. */
  const absent: string[] = []
  const ahead = componentsBackwards(path)
  let links = 0
  let throughLink = false

  const ends = (node: Node | null, lack: Resolved['lack'], rest: readonly string[] = []): Resolved => ({
    node,
    lack,
    path: [...names, ...rest].join('/'),
    trail,
    throughLink,
  })

  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '..') {
      if (absent.pop() !== undefined) continue
      trail.length = Math.max(1, trail.length - 1)
      names.pop()
      continue
    }
    const last = ahead.length === 0
    const node = absent.length > 0 ? undefined : (trail.at(-1) as Directory).children?.get(name)
    if (node?.kind === 'symlink' && !(last && !followLast)) {
      links += 1
      if (links > maxSymlinks) return ends(null, 'loop', [name])
      if (node.target.startsWith('/')) {
        trail = [root]
        names = []
      }
      throughLink ||= last
      if (effort !== undefined) effort.followed += node.target.length
      ahead.push(...componentsBackwards(node.target))
    } else if (node?.kind === 'directory') {
      trail.push(node)
      names.push(name)
    } else if (make !== undefined) absent.push(name)
    else if (node !== undefined && last) return ends(node, null, [name])
    else return ends(null, 'missing', [name, ...ahead.reverse()])
  }
  if (make !== undefined) for (const name of absent) trail.push(make(trail, name))
  return ends(trail.at(-1) as Directory, null, absent)
}

function componentsBackwards(path: string): string[] {
  return path
    .split('/')
    .filter(component => component !== '' && component !== '.')
    .reverse()
}
