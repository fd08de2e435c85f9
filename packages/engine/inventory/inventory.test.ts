import type { CoverageReason } from '@plimsoll/types'
import { describe, expect, test } from 'vitest'
import type { TarEntry } from '../formats/tar-writer.ts'
import { defaultLimits } from '../layers/limits.ts'
import { mergeLayers } from '../layers/testdata/merged-view.ts'
import { findEvidence, wantsFile } from './databases.ts'
import { packageHistory } from './package-history.ts'
import { type PackageBatch, takeInventory } from './take-inventory.ts'
import { tiny } from './testdata/tiny-ecosystem.ts'

const file = (path: string | Uint8Array, content: string): TarEntry => ({ path, content })
const symlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })
const lines = (count: number): string => Array.from({ length: count }, (_, index) => `p${index} 1`).join('\n')

async function inventory(layers: TarEntry[][], maxPackages = 10_000) {
  const history = packageHistory([tiny], defaultLimits, () => undefined)
  const { root } = await mergeLayers(layers, (tree, layer) =>
    history.observe(layer, () => findEvidence(tree.root, [tiny])),
  )
  const evidence = findEvidence(root, [tiny])
  const batches: PackageBatch[] = []
  const taken = takeInventory(evidence, history, maxPackages, batch => batches.push(batch))
  const packages = batches.flatMap(({ path, packages: records }) =>
    records.map(({ name, version, layer }) => `${name} ${version} (${path}, ${layer})`),
  )
  return { ...taken, batches, packages, missing: evidence.missing }
}

const codes = (reasons: readonly CoverageReason[]): string[] => reasons.map(({ code }) => code)

describe('databases', () => {
  test('are read where they are listed, each with the layer its file is from', async () => {
    const taken = await inventory([
      [file('db/packages', 'old 1'), file('db/parts/b', 'bee 2')],
      [
        file('db/packages', 'new 2\nmore 3'),
        file('db/parts/a', 'ay 1'),
        file('elsewhere/db/packages', 'not 1'),
      ],
    ])
    expect(taken.packages).toEqual([
      'new 2 (db/packages, 1)',
      'more 3 (db/packages, 1)',
      'ay 1 (db/parts/a, 1)',
      'bee 2 (db/parts/b, 0)',
    ])
    expect(taken).toMatchObject({ reasons: [], distro: null })
    // The directory is one entry, and of its files' layers the uppermost counts.
    expect(taken.databases).toEqual([
      { ecosystem: 'tiny', path: 'db/packages', layer: 1, packages: 2, unreadCopies: 0 },
      { ecosystem: 'tiny', path: 'db/parts/*', layer: 1, packages: 2, unreadCopies: 0 },
    ])
  })

  test('are found through links, once each, and named by where they are', async () => {
    const taken = await inventory([
      [file('usr/db/packages', 'one 1'), symlink('db', 'usr/db'), symlink('usr/db/parts', '../../store')],
      [file('store/x', 'two 2'), symlink('store/y', '/usr/db/packages'), symlink('store/z', 'deep/z')],
      [file('store/deep/z', 'three 3')],
    ])
    expect(taken.packages).toEqual([
      'one 1 (usr/db/packages, 0)',
      'two 2 (store/x, 1)',
      'three 3 (store/deep/z, 2)',
    ])
  })

  test('of a directory are those that the ecosystem wants, whatever their names', async () => {
    const name = Buffer.concat([Buffer.from('db/parts/'), Buffer.from([0xe9])])
    const taken = await inventory([
      [file('db/parts/a.note', 'broken'), file('db/parts/sub/x', 'no 1'), file(name, 'yes 1')],
    ])
    expect(taken.packages).toEqual(['yes 1 (db/parts/\uFFFD, 0)'])
    expect(taken.reasons).toEqual([])
  })

  test('come in batches of a few hundred packages', async () => {
    const taken = await inventory([[file('db/packages', lines(1234))]])
    expect(taken.batches.map(batch => batch.packages.length)).toEqual([500, 500, 234])
    expect(new Set(taken.packages).size).toBe(1234)
  })

  test('come in smaller batches where names and versions are long', async () => {
    const version = '1'.repeat(1000)
    const long = Array.from({ length: 120 }, (_, index) => `package-${index} ${version}`).join('\n')
    const { batches } = await inventory([[file('db/packages', long)]])
    // Name and version are counted twice, as the source's as well.
    expect(batches.map(batch => batch.packages.length)).toEqual([95, 25])
  })
})

describe('the ledger says', () => {
  const reasonOf = async (layers: TarEntry[][], maxPackages?: number): Promise<CoverageReason[]> => [
    ...(await inventory(layers, maxPackages)).reasons,
  ]

  test.each<[string, TarEntry[][], string]>([
    [
      'a directory',
      [[file('db/packages/x', '')]],
      'Tiny packages: db/packages cannot be read, it is a directory.',
    ],
    [
      'a pipe',
      [[{ path: 'db/packages', kind: 'fifo' }]],
      'Tiny packages: db/packages cannot be read, it is a device or a pipe.',
    ],
    [
      'links in circles',
      [[symlink('db/packages', 'packages')]],
      'Tiny packages: db/packages cannot be read, its symbolic links go in circles.',
    ],
    [
      'a link to nothing',
      [[symlink('db/packages', '../gone/db')]],
      'Tiny packages: db/packages cannot be read, it links to gone/db, which is not there.',
    ],
    [
      'a hard link to nothing',
      [[{ path: 'db/packages', kind: 'hardlink', linkPath: 'gone' }]],
      'Tiny packages: db/packages cannot be read: it is a hard link to gone, which is not in the image.',
    ],
    [
      'a reader that gives up',
      [[file('db/packages', 'a 1\nbroken\nb 2')]],
      'Tiny packages: db/packages is broken from here on',
    ],
    [
      'a reader with a fault',
      [[file('db/packages', 'a 1\ncrash')]],
      'Tiny packages: db/packages cannot be read: TypeError: the reader has a fault.',
    ],
    [
      'records that are none',
      [[file('db/packages', `a\nb 1\nc \x1b[2J\n${'d'.repeat(1025)} 1\n\x9b 1`)]],
      'Tiny packages: db/packages has records without a name or version, or with one that is no such thing (4).',
    ],
  ])('%s', async (_, layers, message) => {
    expect(await reasonOf(layers)).toEqual([{ code: 'database-unreadable', message }])
  })

  test('nothing about a database that is not there, nor about a folder of them that leads nowhere', async () => {
    expect(await reasonOf([[file('etc/passwd', ''), symlink('db', 'gone')]])).toEqual([])
  })

  test.each(['tiny', 'other'])('that a distribution has no packages, be it known or not: %s', async id => {
    const taken = await inventory([[file('etc/os-release', `ID=${id}\nVERSION_ID=1\nPRETTY_NAME="Its 1"`)]])
    expect(taken.reasons).toEqual([
      {
        code: 'database-unreadable',
        message: 'The image says that it is Its 1, but holds no package database that is known here.',
      },
    ])
  })

  test('that more packages are listed than are read; those in front are kept', async () => {
    const taken = await inventory([[file('db/packages', lines(5)), file('db/parts/x', lines(5))]], 7)
    expect(taken.packages).toHaveLength(7)
    expect(codes(taken.reasons)).toEqual(['limit-entries'])
  })

  test('which packages came before what could not be read', async () => {
    const taken = await inventory([[file('db/packages', 'a 1\nb 2\nbroken\nc 3')]])
    expect(taken.packages).toEqual(['a 1 (db/packages, 0)', 'b 2 (db/packages, 0)'])
  })
})

describe('the distribution', () => {
  test('is read through the usual link, absolute or not', async () => {
    for (const target of ['../usr/lib/os-release', '/usr/lib/os-release']) {
      const taken = await inventory([
        [file('usr/lib/os-release', 'ID=tiny'), symlink('etc/os-release', target)],
      ])
      expect(taken.distro?.id).toBe('tiny')
    }
  })

  test('is the one of the topmost layer', async () => {
    expect(
      (await inventory([[file('etc/os-release', 'ID=old')], [file('etc/os-release', 'ID=new')]])).distro?.id,
    ).toBe('new')
  })

  test('links that lead nowhere are named, for a source that may have left the file out', async () => {
    const taken = await inventory([
      [symlink('etc/os-release', '/opt/os-release'), symlink('db/packages', '../var/db')],
    ])
    expect(taken.missing).toEqual(['opt/os-release', 'var/db'])
  })
})

test('what is wanted is what ecosystems and distributions want', () => {
  const wants = wantsFile([tiny])
  expect(['db/packages', 'x/db/parts/y', 'etc/os-release'].map(wants)).toEqual([true, true, true])
  expect(['db/parts/x.note', 'etc/passwd'].map(wants)).toEqual([false, false])
})
