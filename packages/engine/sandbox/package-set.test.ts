import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TarEntry, tarArchive } from '../formats/tar-writer.ts'
import { databaseStacks } from '../inventory/testdata/database-stacks.ts'
import { naiveHistory } from '../inventory/testdata/naive-history.ts'
import { tiny } from '../inventory/testdata/tiny-ecosystem.ts'
import { layerStacks } from '../layers/testdata/layer-stacks.ts'
import { flattened } from '../layers/testdata/merged-view.ts'
import { naiveMerge } from '../layers/testdata/naive-overlay.ts'
import { answersInProcess } from './testdata/in-process.ts'

async function packageSet(layers: readonly (readonly TarEntry[])[]): Promise<string[]> {
  const answers = await answersInProcess(layers.map(tarArchive), [tiny])
  expect(answers.at(-1)?.kind).toBe('inventory')
  return answers.flatMap(answer =>
    answer.kind === 'packages'
      ? answer.packages.map(({ name, version }) => `${name} ${version} in ${answer.path}`)
      : [],
  )
}

test('the packages of any stack of layers are those of the flattened file system', async () => {
  let withPackages = 0
  let askedAgain = 0
  await fc.assert(
    fc.asyncProperty(
      layerStacks(['db', 'packages', 'x'], ['db/packages', 'db/parts/x', 'x']),
      async layers => {
        const packages = await packageSet(layers)
        expect(packages).toEqual(await packageSet([flattened(naiveMerge(layers))]))
        if (packages.length > 0) withPackages += 1
        const answers = await answersInProcess(layers.map(tarArchive), [tiny])
        if (answers.some(answer => answer.kind === 'again')) askedAgain += 1
      },
    ),
    { numRuns: 1500 },
  )
  // The generated stacks are worth something: databases are found, and some only in a second pass.
  expect(withPackages).toBeGreaterThan(100)
  expect(askedAgain).toBeGreaterThan(3)
})

test('the layer of a package is the one that brought it; where it may be a higher one, the ledger has a mark', async () => {
  let exact = 0
  let marked = 0
  let tooLarge = 0
  await fc.assert(
    fc.asyncProperty(databaseStacks, fc.constantFrom(1e6, 20), async (layers, maxKeptBytes) => {
      const answers = await answersInProcess(layers.map(tarArchive), [tiny], { maxKeptBytes })
      const brought = naiveHistory(layers)
      const told = answers.flatMap(answer => (answer.kind === 'packages' ? answer.packages : []))
      const last = answers.at(-1)
      if (last?.kind !== 'inventory') throw new Error('it ends without an inventory')
      const unread = last.databases.map(one => one.unreadCopies)
      const layersOf = new Map(told.map(({ name, version, layer }) => [`${name} ${version}`, layer]))
      // What is too large in the end is not read, and it is said.
      if (last.reasons.some(({ code }) => code === 'limit-memory')) return void (tooLarge += 1)
      expect([...layersOf.keys()].sort()).toEqual([...brought.keys()].sort())
      for (const [one, layer] of layersOf) expect(layer).toBeGreaterThanOrEqual(brought.get(one) ?? 0)
      if (unread.some(copies => copies > 0)) marked += 1
      else {
        expect(layersOf).toEqual(brought)
        exact += 1
      }
    }),
    { numRuns: 1500 },
  )
  // Copies that nobody knew to be databases when their layers went by are among them, and are few.
  expect([exact > 600, marked > 20, tooLarge > 20]).toEqual([true, true, true])
})

test('under any limits there is an inventory, and where something is missing a reason', async () => {
  const limits = fc.record({
    maxInflatedBytes: fc.nat(20_000),
    maxEntries: fc.nat(20),
    maxPackages: fc.nat(5),
    maxFileBytes: fc.nat(20),
    maxKeptBytes: fc.nat(40),
    maxHistoryBytes: fc.nat(3000),
    maxPathBytes: fc.nat(30),
  })
  const some = limits.chain(all => fc.subarray(Object.entries(all)).map(list => Object.fromEntries(list)))
  let cut = 0
  await fc.assert(
    fc.asyncProperty(databaseStacks, some, async (layers, chosen) => {
      const answers = await answersInProcess(layers.map(tarArchive), [tiny], chosen)
      const last = answers.at(-1)
      if (last?.kind !== 'inventory') throw new Error('it ends without an inventory')
      const told = answers.flatMap(answer => (answer.kind === 'packages' ? answer.packages : []))
      for (const { layer } of told) expect(layer).toBeLessThan(layers.length)
      if (last.reasons.length > 0) cut += 1
      else {
        const names = new Set(told.map(({ name, version }) => `${name} ${version}`))
        expect([...names].sort()).toEqual([...naiveHistory(layers).keys()].sort())
      }
    }),
    { numRuns: 1500 },
  )
  expect(cut).toBeGreaterThan(300)
})
