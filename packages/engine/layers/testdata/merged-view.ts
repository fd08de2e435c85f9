import { type TarEntry, tarArchive } from '../../formats/tar-writer.ts'
import { defaultLimits } from '../limits.ts'
import { type Directory, type Overlay, overlay } from '../overlay.ts'
import { applyLayer, newBudget } from '../read-layer.ts'
import type { Table, Thing } from './naive-overlay.ts'

/**
 * The tree that these layers make, each packed as an archive and read from it, with every file's content.
 *
 * @param onLayer called with the tree as it is when a layer was laid on, and that layer's index
 */
export async function mergeLayers(
  layers: readonly (readonly TarEntry[])[],
  onLayer: (tree: Overlay, index: number) => void = () => undefined,
): Promise<Overlay> {
  const tree = overlay()
  const budget = newBudget(defaultLimits, new AbortController().signal)
  for (const [index, entries] of layers.entries()) {
    const chunks = (async function* () {
      yield tarArchive(entries)
    })()
    await applyLayer(tree, index, { chunks, diffId: null }, () => true, budget)
    onLayer(tree, index)
  }
  return tree
}

/** A tree as the flat table that the naive overlay makes. */
export function tableOf(root: Directory): Table {
  const table: Table = new Map()
  const visit = (directory: Directory, prefix: string): void => {
    for (const [name, node] of directory.children ?? []) {
      const path = `${prefix}${name}`
      table.set(path, thingOf(node))
      if (node.kind === 'directory') visit(node, `${path}/`)
    }
  }
  visit(root, '')
  return table
}

function thingOf(node: import('../overlay.ts').Node): Thing {
  if (node.kind === 'symlink') return { kind: 'symlink', target: node.target }
  if (node.kind !== 'file') return { kind: node.kind }
  const content = node.content?.bytes ? Buffer.from(node.content.bytes).toString('latin1') : null
  return { kind: 'file', content, layer: node.contentLayer }
}

/** Everything in a table as one layer: what `tar` would pack of the unpacked image. */
export const flattened = (table: Table): TarEntry[] =>
  [...table].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([path, thing]): TarEntry[] => {
    const bytes = Buffer.from(path, 'latin1')
    if (thing.kind === 'directory') return [{ path: bytes, kind: 'directory' }]
    if (thing.kind === 'symlink') return [{ path: bytes, kind: 'symlink', linkPath: Buffer.from(thing.target, 'latin1') }]
    if (thing.kind === 'special') return [{ path: bytes, kind: 'fifo' }]
    return thing.content === null ? [] : [{ path: bytes, content: Buffer.from(thing.content, 'latin1') }]
  })
