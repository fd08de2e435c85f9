import fc from 'fast-check'
import type { TarEntry } from '../../formats/tar-writer.ts'
import { layerStacks } from '../../layers/testdata/layer-stacks.ts'

const file = (path: string): TarEntry => ({ path, content: '' })
const symlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })
const hardlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'hardlink', linkPath })

const lines = fc
  .uniqueArray(fc.constantFrom('a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'broken'), { maxLength: 4 })
  .map(list => list.join('\n'))
const changes = fc.oneof(
  fc.record({
    path: fc.constantFrom(
      'db/packages',
      'db/packages',
      'db/packages',
      'db/packages-wal',
      'db/parts/a',
      'db/parts/b',
      'db/parts/b.note',
      'usr/db/packages',
      'store',
      'spare/a',
    ),
    content: lines,
  }),
  fc.constantFrom(
    ...['.wh.db', 'db/.wh.packages', 'db/.wh.packages-wal', 'db/.wh.parts', 'db/parts/.wh.a'].map(one =>
      file(one),
    ),
    ...['db/.wh..wh..opq', 'db/parts/.wh..wh..opq'].map(one => file(one)),
    symlink('db', 'usr/db'),
    symlink('db/packages', '../store'),
    symlink('db/packages-wal', '/store'),
    symlink('db/parts', '/spare'),
    symlink('db/parts/b', '../packages'),
    hardlink('db/packages', 'store'),
    hardlink('store', 'db/packages'),
    hardlink('db/parts/b', 'spare/a'),
  ),
)
/**
 * Stacks of layers that install, upgrade, remove and install again, in every database of the tiny ecosystem, over links,
 * hard links, whiteouts and opaque directories; and some that do anything at all.
 */
export const databaseStacks: fc.Arbitrary<TarEntry[][]> = fc.oneof(
  fc.array(fc.array(changes, { maxLength: 5 }), { minLength: 1, maxLength: 8 }),
  layerStacks(['db', 'packages', 'parts', 'x'], ['db/packages', 'db/parts/x', 'x'], lines),
)

