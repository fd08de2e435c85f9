import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TarEntry } from '../formats/tar-writer.ts'
import { layerStacks } from './testdata/layer-stacks.ts'
import { mergeLayers, tableOf } from './testdata/merged-view.ts'
import { naiveMerge, type Table } from './testdata/naive-overlay.ts'
import { umociUnpack } from './testdata/umoci-unpack.ts'

const withoutOrigin = (table: Table) =>
  [...table]
    .map(([path, thing]) => [path, thing.kind === 'file' ? { ...thing, layer: 0 } : thing] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))

/**
 * What an unpacker accepts of a stack: it gives up at links that lead nowhere and at directories that would have to
 * be where a file is, and expects whiteouts in front.
 */
function unpackable(layers: readonly (readonly TarEntry[])[]): TarEntry[][] {
  const stack: TarEntry[][] = []
  for (const entries of layers) {
    const whiteouts = entries.filter(one => String(one.path).includes('.wh.'))
    const layer: TarEntry[] = []
    stack.push(layer)
    for (const entry of [...whiteouts, ...entries.filter(one => !whiteouts.includes(one))]) {
      const before = naiveMerge(stack)
      layer.push(entry)
      const after = naiveMerge(stack)
      if (!isRegular(entry, before, after)) layer.pop()
    }
  }
  return stack
}

function isRegular(entry: TarEntry, before: Table, after: Table): boolean {
  if (entry.kind === 'fifo') return false
  if (/\.wh\.(\.|\.\.|\.wh\.aufs)?$/.test(String(entry.path))) return false
  const broken = [...after.values()].some(thing => thing.kind === 'file' && thing.content === null)
  // Something that was none is a directory now, and with something in it: it was in the way.
  const inTheWay = [...after].some(([path, thing]) => {
    const was = before.get(path)
    const changed = thing.kind === 'directory' && was !== undefined && was.kind !== 'directory'
    return changed && [...after.keys()].some(other => other.startsWith(`${path}/`))
  })
  // A hard link to a directory makes nothing but, at most, the directories in front of it.
  const differs = (path: string): boolean =>
    JSON.stringify(before.get(path)) !== JSON.stringify(after.get(path))
  const linked = [...after].some(([path, thing]) => thing.kind !== 'directory' && differs(path))
  // One that takes the place of a directory or a symbolic link may take the way to its own target away.
  const removed = [...before].some(
    ([path, thing]) => !after.has(path) || (thing.kind === 'symlink' && differs(path)),
  )
  if (entry.kind === 'hardlink' && (!linked || removed)) return false
  return !broken && !inTheWay && JSON.stringify([...before]) !== JSON.stringify([...after])
}

test('pitfall 42: any stack of layers merges as umoci unpacks it', async () => {
  await fc.assert(
    fc.asyncProperty(layerStacks(['a', 'b', 'c']), async layers => {
      const stack = unpackable(layers)
      expect(withoutOrigin(tableOf((await mergeLayers(stack)).root))).toEqual(
        withoutOrigin(await umociUnpack(stack)),
      )
    }),
    { numRuns: 60 },
  )
})
