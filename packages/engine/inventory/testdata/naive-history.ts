import { posix } from 'node:path'
import type { TarEntry } from '../../formats/tar-writer.ts'
import { find, naiveMerge, type Table } from '../../layers/testdata/naive-overlay.ts'

/**
 * The layer that brought each package of the tiny ecosystem, told from the words of the rule alone: merges every stack
 * of lower layers from scratch, lists its packages, and goes down from the top as long as the package is there.
 *
 * @returns by `NAME VERSION`, for each package of the whole stack
 */
export function naiveHistory(layers: readonly (readonly TarEntry[])[]): Map<string, number> {
  const states = layers.map((_, top) => packagesOf(naiveMerge(layers.slice(0, top + 1))))
  const brought = new Map<string, number>()
  for (const one of states.at(-1) ?? []) {
    let layer = layers.length - 1
    while (layer > 0 && states[layer - 1]?.has(one)) layer -= 1
    brought.set(one, layer)
  }
  return brought
}

/** Everything that any database of a file system lists, up to where it is broken. */
function packagesOf(table: Table): Set<string> {
  const parts = find(table, 'db/parts', true)
  const names = parts === null ? [] : [...table.keys()].filter(path => posix.dirname(path) === (parts || '.'))
  const files = names.filter(path => table.get(path)?.kind !== 'directory' && !path.endsWith('.note'))
  const databases = [textAt(table, 'db/packages', true), ...files.map(path => textAt(table, path, false))]
  return new Set(databases.flatMap(text => text.split(/^broken$/m, 1)[0]?.split('\n').filter(Boolean) ?? []))
}

function textAt(table: Table, path: string, hasLog: boolean): string {
  const real = find(table, path, true)
  const thing = real === null ? undefined : table.get(real)
  if (real === null || thing?.kind !== 'file' || thing.content === null) return ''
  return hasLog ? `${thing.content}\n${textAt(table, posix.join('/', real, '../packages-wal'), false)}` : thing.content
}
