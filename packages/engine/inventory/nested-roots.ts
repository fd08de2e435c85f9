import type { CoverageReason } from '@plimsoll/types'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { asStored, printable } from '../layers/entry-path.ts'
import type { Directory, FileNode } from '../layers/overlay.ts'
import { resolvePath } from '../layers/resolve-path.ts'
import { type Evidence, filesOf } from './databases.ts'

/** Root file systems inside the image's own, told by package databases in places that are theirs and not the image's. */
export interface NestedRoots {
  /** Takes note of a file that an ecosystem wants, by its path (UTF-8). */
  note(path: string): void
  /** What to say of those that are there in the end, and no part of the evidence; null when there are none. */
  reason(root: Directory, evidence: Evidence): CoverageReason | null
}

/** More are not taken note of; a few are enough to say that there are any. */
const maxPaths = 1000
const maxShown = 3

/**
 * A chroot or an unpacked image inside an image (`srv/chroot/var/lib/dpkg/status`) is a system of its own, whose packages
 * are not read as the image's. But they are there, so the ledger has a word of them.
 */
export function nestedRoots(ecosystems: readonly Ecosystem[]): NestedRoots {
  const places = ecosystems.flatMap(({ databases }) => databases.map(pattern => `/${pattern}`))
  /** By the path of a database, the root it is in. */
  const roots = new Map<string, string>()

  return {
    note(path) {
      if (roots.size >= maxPaths) return
      const slash = path.lastIndexOf('/')
      for (const place of places) {
        const spelt = place.endsWith('/*') ? `${path.slice(0, slash)}/*` : path
        if (spelt.endsWith(place)) roots.set(path, spelt.slice(0, -place.length))
      }
    },
    reason(root, evidence) {
      const known = new Set([...filesOf(evidence)].map(placeOf))
      const there = new Set<string>()
      for (const [path, nested] of roots) {
        const { node } = resolvePath(root, asStored(path), { followLast: false })
        if (node?.kind !== 'file' || known.has(placeOf(node)) || node.content?.bytes?.length === 0) continue
        there.add(printable(nested))
      }
      if (there.size === 0) return null
      const shown = [...there].slice(0, maxShown).join(', ')
      const more = there.size > maxShown ? ` and ${there.size - maxShown} more` : ''
      const message = `The image holds other root file systems, whose packages were not read: ${shown}${more}.`
      return { code: 'database-unreadable', message }
    },
  }
}

/** Hard links are one file. */
const placeOf = ({ contentLayer, contentEntry }: FileNode): string => `${contentLayer}:${contentEntry}`
