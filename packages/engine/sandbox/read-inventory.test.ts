import type { Inventory } from '@plimsoll/types'
import { describe, expect, test } from 'vitest'
import type { TarEntry } from '../formats/tar-writer.ts'
import { tarArchive } from '../formats/tar-writer.ts'
import { readInventory } from './read-inventory.ts'
import { childMain } from './start-child.ts'
import { file, imageOf, layerOf, symlink } from './testdata/image-of.ts'

const packagesOf = ({ packages }: Inventory) =>
  packages.map(({ name, version, path, layer }) => ({ name, version, path, layer }))

const release = file('etc/os-release', 'ID=tiny\nVERSION_ID=1')

describe('an image', () => {
  test('pitfall 50: of layers in every compression gives its packages, each with the layer that counts', async () => {
    const layers = [
      layerOf([release, file('db/packages', 'old 1'), file('db/parts/kept', 'kept 1')], 'none'),
      layerOf([file('db/.wh.parts', ''), file('db/parts/new', 'new 2')], 'zstd'),
      layerOf([file('db/packages', 'one 1\ntwo 2')], 'gzip'),
    ]
    const inventory = await readInventory(imageOf(layers))
    expect(packagesOf(inventory)).toEqual([
      { name: 'one', version: '1', path: 'db/packages', layer: layers[2]?.diffId },
      { name: 'two', version: '2', path: 'db/packages', layer: layers[2]?.diffId },
      { name: 'new', version: '2', path: 'db/parts/new', layer: layers[1]?.diffId },
    ])
    expect(inventory.distro).toMatchObject({ id: 'tiny', versionId: '1' })
    expect(inventory.coverage).toMatchObject({
      status: 'complete',
      reasons: [],
      packages: { tiny: 3 },
      feeds: [],
    })
  })

  test('pitfall 44 and 45: whose database is a link to some file is read twice, only where that file is', async () => {
    const layers = [
      layerOf([release]),
      layerOf([
        file('opt/store', 'hidden 1'),
        { path: 'opt/second', kind: 'hardlink', linkPath: 'opt/store' },
      ]),
      layerOf([symlink('db/packages', '../opt/second'), symlink('db/parts', '/nowhere')]),
    ]
    const input = imageOf(layers)
    const inventory = await readInventory(input)
    expect(packagesOf(inventory)).toEqual([
      { name: 'hidden', version: '1', path: 'opt/second', layer: layers[2]?.diffId },
    ])
    expect(inventory.coverage.status).toBe('complete')
    expect(input.opened).toEqual([0, 1, 2, 1])
  })

  test('tells how far it is, in bytes and layers, and counts a second pass not at all', async () => {
    const layers = [layerOf([file('store', 'a 1')]), layerOf([symlink('db/packages', '../store')])]
    const input = imageOf(layers)
    const seen: number[][] = []
    await readInventory({
      ...input,
      onProgress: ({ layersDone, layersTotal, bytesDone, bytesTotal }) =>
        seen.push([layersDone, layersTotal, bytesDone, bytesTotal]),
    })
    const total = input.image.sizeBytes
    const first = layers[0]?.bytes.length
    expect(seen).toEqual([
      [0, 2, first, total],
      [1, 2, first, total],
      [1, 2, total, total],
      [2, 2, total, total],
    ])
  })

  test('pitfall 49: with a layer the registry does not hold is read without it, and says what the source said', async () => {
    const input = imageOf([layerOf([file('db/packages', 'a 1')]), layerOf([file('db/packages', 'b 1')])])
    const [below, above] = input.image.layers
    const reasons = [{ code: 'foreign-layer' as const, message: 'The second layer is elsewhere.' }]
    const layers = [below, { ...above, foreign: true as const }] as typeof input.image.layers
    const inventory = await readInventory({ ...input, image: { ...input.image, layers, reasons } })
    expect(packagesOf(inventory).map(({ name }) => name)).toEqual(['a'])
    expect(inventory.coverage).toMatchObject({ status: 'partial', reasons })
    expect(input.opened).toEqual([0])
  })

  test('pitfall 49: of which nothing is left to read without the missing layer is not applicable, with that reason', async () => {
    const reasons = [{ code: 'foreign-layer' as const, message: 'The first layer is elsewhere.' }]
    for (const above of [[], [layerOf([file('app', 'binary')])]]) {
      const input = imageOf([layerOf([file('db/packages', 'a 1')]), ...above])
      const [below, ...others] = input.image.layers
      const layers = [{ ...below, foreign: true as const }, ...others] as typeof input.image.layers
      const inventory = await readInventory({ ...input, image: { ...input.image, layers, reasons } })
      expect(inventory.coverage).toMatchObject({ status: 'not-applicable', reasons })
      expect(input.opened).not.toContain(0)
    }
  })

  test('with another root file system in it says that its packages were not read', async () => {
    const inventory = await readInventory(
      imageOf([
        layerOf([file('db/packages', 'a 1'), file('srv/gone/db/packages', 'b 1')]),
        layerOf([
          file('srv/.wh.gone', ''),
          file('srv/chroot/db/packages', 'c 1'),
          file('srv/chroot/db/parts/d', 'd 1'),
          file('home/db/packages', ''),
          symlink('db/parts/e', '../../opt/db/packages'),
          file('opt/db/packages', 'e 1'),
        ]),
      ]),
    )
    expect(packagesOf(inventory).map(({ name }) => name)).toEqual(['a', 'e'])
    const message = 'The image holds other root file systems, whose packages were not read: srv/chroot.'
    expect(inventory.coverage).toMatchObject({
      status: 'partial',
      reasons: [{ code: 'database-unreadable', message }],
    })
  })

  test('pitfall 53: in which there is nothing to read is not applicable', async () => {
    for (const layers of [[], [layerOf([file('app', 'binary')])]]) {
      const inventory = await readInventory(imageOf(layers))
      expect(inventory).toMatchObject({ distro: null, packages: [] })
      expect(inventory.coverage).toMatchObject({
        status: 'not-applicable',
        reasons: [{ code: 'nothing-to-read' }],
      })
    }
  })

  test('with a database that cannot be read in full is partly covered', async () => {
    const inventory = await readInventory(imageOf([layerOf([file('db/packages', 'a 1\nbroken')])]))
    expect(packagesOf(inventory).map(({ name }) => name)).toEqual(['a'])
    expect(inventory.coverage).toMatchObject({
      status: 'partial',
      reasons: [{ code: 'database-unreadable' }],
    })
  })

  test('is read with the ecosystems of the program by the child that it is', async () => {
    const status = 'Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n'
    const input = imageOf([layerOf([file('var/lib/dpkg/status', status)])], { main: childMain })
    const inventory = await readInventory(input)
    expect(inventory.packages).toMatchObject([{ ecosystem: 'deb', name: 'a', path: 'var/lib/dpkg/status' }])
  })
})

describe('a root file system', () => {
  function rootfs(entries: readonly TarEntry[]) {
    const { image, ...input } = imageOf([])
    const asked: (readonly string[])[] = []
    async function* openLayer(
      _: number,
      __: AbortSignal,
      { alsoWanted = [] }: { alsoWanted?: readonly string[] },
    ) {
      asked.push(alsoWanted)
      // As the source does: directories, links, and of the files the wanted ones.
      const shown = entries.filter(
        ({ path, kind = 'file' }) =>
          kind !== 'file' ||
          /(^|\/)(db\/|os-release)/.test(String(path)) ||
          alsoWanted.includes(String(path)),
      )
      yield tarArchive(shown)
    }
    return {
      ...input,
      image: { ...image, digest: null, isRootfs: true as const, sizeBytes: 0 },
      openLayer,
      asked,
    }
  }

  test('is one archive, held to no digest, and its packages are of no layer', async () => {
    const input = rootfs([release, file('db/packages', 'a 1')])
    const inventory = await readInventory(input)
    expect(packagesOf(inventory)).toEqual([{ name: 'a', version: '1', path: 'db/packages', layer: null }])
    expect(inventory.coverage.status).toBe('complete')
    expect(input.asked).toEqual([[]])
  })

  test('is asked for files that links lead to, and that it left out at first', async () => {
    const input = rootfs([
      file('opt/store', 'hidden 1'),
      file('opt/release', 'ID=tiny'),
      symlink('db/packages', '/opt/store'),
      symlink('etc/os-release', '../opt/release'),
    ])
    const inventory = await readInventory(input)
    expect(packagesOf(inventory)).toEqual([{ name: 'hidden', version: '1', path: 'opt/store', layer: null }])
    expect(inventory.distro?.id).toBe('tiny')
    expect(inventory.coverage.status).toBe('complete')
    expect(input.asked).toEqual([[], ['opt/release', 'opt/store']])
  })

  test('that does not have such a file either says so', async () => {
    const inventory = await readInventory(rootfs([symlink('db/packages', '/opt/gone')]))
    expect(inventory.coverage).toMatchObject({
      status: 'partial',
      reasons: [{ code: 'database-unreadable' }],
    })
  })
})
