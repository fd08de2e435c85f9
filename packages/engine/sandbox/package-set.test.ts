import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TarEntry, tarArchive } from '../formats/tar-writer.ts'
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
}, 60_000)
