import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TarEntry } from '../formats/tar-writer.ts'
import { defaultLimits } from '../layers/limits.ts'
import { mergeLayers } from '../layers/testdata/merged-view.ts'
import { findEvidence } from './databases.ts'
import { packageHistory } from './package-history.ts'
import { takeInventory } from './take-inventory.ts'
import { databaseStacks } from './testdata/database-stacks.ts'
import { naiveHistory } from './testdata/naive-history.ts'
import { tiny } from './testdata/tiny-ecosystem.ts'

const file = (path: string, content = ''): TarEntry => ({ path, content })
const symlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })
const hardlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'hardlink', linkPath })

interface Told {
  /** The layer that brought each package, by `NAME VERSION`. */
  readonly brought: Map<string, number>
  /** Copies that could not be read, by path. */
  readonly unread: Record<string, number>
}

/** @param settleIn layers at whose end room is needed before they are taken note of */
async function told(
  layers: readonly (readonly TarEntry[])[],
  { maxHistoryBytes = defaultLimits.maxHistoryBytes, settleIn = [] as readonly number[] } = {},
): Promise<Told> {
  const history = packageHistory([tiny], { ...defaultLimits, maxHistoryBytes }, () => undefined)
  const tree = await mergeLayers(layers, ({ root }, layer) => {
    if (settleIn.includes(layer)) history.settle(() => findEvidence(root, [tiny]))
    history.observe(layer, () => findEvidence(root, [tiny]))
  })
  const brought = new Map<string, number>()
  const { databases } = takeInventory(
    findEvidence(tree.root, [tiny]),
    history,
    defaultLimits.maxPackages,
    ({ packages }) => {
      for (const { name, version, layer } of packages) brought.set(`${name} ${version}`, layer)
    },
  )
  const unread = Object.fromEntries(databases.map(({ path, unreadCopies }) => [path, unreadCopies]))
  return { brought, unread }
}

const brought = async (...layers: TarEntry[][]) => Object.fromEntries((await told(layers)).brought)

describe('the layer that brought a package', () => {
  test('is the one that installed it, however often its database was written since', async () => {
    const status = (...lines: string[]) => [file('db/packages', lines.join('\n'))]
    expect(
      await brought(
        status('base 1', 'upgraded 1', 'again 1', 'gone 1'),
        status('base 1', 'upgraded 2', 'again 1', 'installed 1'),
        [file('other')],
        status('base 1', 'upgraded 2', 'installed 1'),
        status('base 1', 'upgraded 2', 'again 1', 'installed 1'),
      ),
    ).toEqual({ 'base 1': 0, 'upgraded 2': 1, 'again 1': 4, 'installed 1': 1 })
  })

  test('is that of its own file where each package has one', async () => {
    expect(
      await brought(
        [file('db/parts/a', 'a 1'), file('db/parts/b', 'b 1')],
        [file('db/parts/b', 'b 2'), file('db/parts/c', 'c 1')],
        [file('db/parts/c', 'c 1'), file('db/parts/d', 'd 1')],
      ),
    ).toEqual({ 'a 1': 0, 'b 2': 1, 'c 1': 1, 'd 1': 2 })
  })

  test('stays when the database moves, behind a link or into another file', async () => {
    expect(
      await brought(
        [file('db/packages', 'a 1\nb 1')],
        [file('.wh.db'), symlink('db', 'usr/db'), file('usr/db/packages', 'a 1\nb 1')],
        [file('usr/db/.wh.packages'), file('db/parts/all', 'a 1\nb 1\nc 1')],
      ),
    ).toEqual({ 'a 1': 0, 'b 1': 0, 'c 1': 2 })
  })

  test('counts what is kept beside the database', async () => {
    expect(
      await brought(
        [file('db/packages', 'a 1')],
        [file('db/packages-wal', 'b 1')],
        [file('db/packages', 'a 1\nb 1'), file('db/packages-wal')],
        [file('db/packages-wal', 'c 1')],
      ),
    ).toEqual({ 'a 1': 0, 'b 1': 1, 'c 1': 3 })
  })

  test('is the one above a gap', async () => {
    expect(
      await brought(
        [file('db/packages', 'a 1')],
        [file('.wh.db')],
        [file('db/packages', 'a 1'), hardlink('copy', 'db/packages')],
        [file('db/.wh.packages')],
        [hardlink('db/packages', 'copy')],
      ),
    ).toEqual({ 'a 1': 4 })
  })
})

describe('properties', () => {
  test('of any stack of layers it is what the rule says, word for word', async () => {
    const depths = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(databaseStacks, fc.subarray([1, 2, 3, 4]), async (layers, settleIn) => {
        const expected = naiveHistory(layers)
        expect((await told(layers, { settleIn })).brought).toEqual(expected)
        for (const layer of expected.values()) {
          const depth = layers.length - 1 - layer
          depths.set(depth, (depths.get(depth) ?? 0) + 1)
        }
      }),
      { numRuns: 3000 },
    )
    // The generated stacks are worth something: packages come from the top and from far below it.
    expect([0, 1, 2, 3].map(depth => (depths.get(depth) ?? 0) > 50)).toEqual([true, true, true, true])
  })

  test('under any limit no package is lost, and what may be of another layer is marked', async () => {
    let others = 0
    await fc.assert(
      fc.asyncProperty(databaseStacks, fc.nat(6000), async (layers, maxHistoryBytes) => {
        const exact = naiveHistory(layers)
        const { brought: known, unread } = await told(layers, { maxHistoryBytes })
        expect([...known.keys()].sort()).toEqual([...exact.keys()].sort())
        const differ = [...known].some(([one, layer]) => layer !== exact.get(one))
        if (Object.values(unread).every(copies => copies === 0)) expect(differ).toBe(false)
        if (differ) others += 1
      }),
      { numRuns: 2000 },
    )
    expect(others).toBeGreaterThan(100)
  })
})
