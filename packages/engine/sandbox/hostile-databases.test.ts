import type { Inventory } from '@plimsoll/types'
import { describe, expect, test } from 'vitest'
import { berkeleyFile } from '../formats/rpmdb/testdata/berkeley-writer.ts'
import { rpmHeader } from '../formats/rpmdb/testdata/header-writer.ts'
import { ndbFile } from '../formats/rpmdb/testdata/ndb-writer.ts'
import { sqliteFile, sqliteFilesWithLog } from '../formats/rpmdb/testdata/sqlite-writer.ts'
import type { TarEntry } from '../formats/tar-writer.ts'
import type { Limits } from '../layers/limits.ts'
import { readInventory } from './read-inventory.ts'
import { childMain } from './start-child.ts'
import { file, imageOf, layerOf, symlink } from './testdata/image-of.ts'

/** Package databases that are made to hurt, through the process that reads them, with every reader it has. */

const statusPath = 'var/lib/dpkg/status'
const stanza = (name: string, version = '1'): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n`
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`)
const blob = (name: string, padding = 0): Buffer =>
  rpmHeader({ name, version: '1', release: '1', arch: 'x86_64', padding })
const debian = file('etc/os-release', 'ID=debian\nVERSION_ID=12\n')

interface Read {
  readonly inventory: Inventory
  /** By `NAME VERSION`, the place in the image of the layer that brought it. */
  readonly layers: Map<string, number>
  /** The layers that were read, in that order. */
  readonly opened: readonly number[]
  readonly reasons: readonly string[]
}

async function read(layers: readonly (readonly TarEntry[])[], limits: Partial<Limits> = {}): Promise<Read> {
  const blobs = layers.map(entries => layerOf(entries, 'none'))
  const input = imageOf(blobs, { main: childMain, limits })
  const inventory = await readInventory(input)
  const places = new Map(blobs.map(({ diffId }, index) => [diffId, index]))
  const layersOf = inventory.packages.map(
    ({ name, version, layer }) => [`${name} ${version}`, places.get(layer ?? '') ?? -1] as const,
  )
  const reasons = inventory.coverage.reasons.map(({ code, message }) => `${code}: ${message}`)
  return { inventory, layers: new Map(layersOf), opened: input.opened, reasons }
}

describe('a database that every layer writes anew', () => {
  const growing = (padding: number): TarEntry[][] =>
    Array.from({ length: 127 }, (_, top) => [
      { path: `own/${top}`, content: '' },
      file(
        statusPath,
        names(top + 1)
          .map(name => stanza(name))
          .join('') + '\n'.repeat(padding),
      ),
    ])

  test('tells of each package the layer that brought it', async () => {
    const { layers, inventory, reasons } = await read([[debian], ...growing(0)])
    expect(layers).toEqual(new Map(names(127).map((name, index) => [`${name} 1`, index + 1])))
    expect(inventory.coverage.databases).toMatchObject([{ packages: 127, unreadCopies: 0 }])
    expect(reasons).toEqual([])
  })

  test('beyond what may be spent on that counts as a whole, and no package is lost', async () => {
    const { layers, inventory, reasons } = await read(growing(0), { maxHistoryBytes: 500_000 })
    expect(layers).toEqual(new Map(names(127).map(name => [`${name} 1`, 126])))
    expect(inventory.coverage.databases[0]?.unreadCopies).toBeGreaterThan(0)
    expect([inventory.coverage.status, reasons]).toEqual(['complete', []])
  })

  test('is in memory twice at most, so no layer has to be read a second time', async () => {
    const { layers, opened } = await read(growing(200_000), { maxKeptBytes: 500_000 })
    expect(layers).toEqual(new Map(names(127).map((name, index) => [`${name} 1`, index])))
    expect(opened).toHaveLength(127)
    // Where there is room for one only, the older makes room for the newer.
    const tight = await read(growing(200_000).slice(0, 20), { maxKeptBytes: 300_000 })
    expect(tight.layers).toEqual(new Map(names(20).map((name, index) => [`${name} 1`, index])))
    expect(tight.opened).toHaveLength(20)
  })

  test('and is damaged in one of them says nothing of that, and what can be read of it counts', async () => {
    const damaged = [file(statusPath, `${stanza('p0')}Package: p1\nVersion\n\0`)]
    const { layers, inventory, reasons } = await read([
      ...growing(0).slice(0, 3),
      damaged,
      ...growing(0).slice(2, 4),
    ])
    expect(layers).toEqual(
      new Map([
        ['p0 1', 0],
        ['p1 1', 4],
        ['p2 1', 4],
        ['p3 1', 5],
      ]),
    )
    expect(inventory.coverage.databases).toMatchObject([{ unreadCopies: 1 }])
    expect(reasons).toEqual([])
  })
})

describe('a folder of databases', () => {
  const parts = (count: number, version = '1'): TarEntry[] =>
    names(count).map(name => file(`${statusPath}.d/${name}`, stanza(name, version)))

  test('of thousands of files is one entry of the ledger', async () => {
    const { inventory, layers, reasons } = await read([parts(10_000), parts(10, '2')])
    expect(inventory.coverage.databases).toEqual([
      {
        ecosystem: 'deb',
        path: `${statusPath}.d/*`,
        layer: expect.any(String),
        packages: 10_000,
        unreadCopies: 0,
      },
    ])
    expect([layers.get('p3 2'), layers.get('p300 1'), reasons]).toEqual([1, 0, []])
  })

  test('of more files than are read says so', async () => {
    const { inventory, reasons } = await read([parts(20_001)])
    expect(inventory.packages).toHaveLength(20_000)
    expect(reasons).toEqual([
      `limit-entries: Debian packages (dpkg): ${statusPath}.d has 20001 files; the first 20000 were read and the rest not.`,
    ])
  })

  test('of links through links through links, in every layer, is given up in time', async () => {
    const folders = 'd/../'.repeat(800)
    const links = Array.from({ length: 38 }, (_, index) =>
      symlink(`l${index}`, index === 0 ? folders : `l${index - 1}/${folders}`),
    )
    const many = names(3000).map(name => symlink(`${statusPath}.d/${name}`, '/l37/store'))
    const base = [
      { path: 'd', kind: 'directory' as const },
      ...links,
      ...many,
      file(statusPath, stanza('seen')),
    ]
    const above = Array.from({ length: 30 }, (_, top) => [file('store', stanza('x', String(top)))])
    const { layers, reasons } = await read([base, ...above], { maxHistoryBytes: 3e8 })
    expect(layers.get('seen 1')).toBe(0)
    expect(reasons).toContain(
      'limit-path-bytes: Debian packages (dpkg): symbolic links lead through more others than are followed; the rest was not read.',
    )
  })
})

describe('an rpm database', () => {
  const rpm = (name: string) => `var/lib/rpm/${name}`
  const blobs = Array.from({ length: 40 }, (_, index) => blob(`p${index}`, index % 7 === 0 ? 9000 : 100))
  const formats = {
    'rpmdb.sqlite': sqliteFile(blobs),
    Packages: berkeleyFile(blobs),
    'Packages.db': ndbFile(blobs),
  }
  const cases = Object.entries(formats)

  /** Every page in the place of every other, as far as the format lets them be followed. */
  const inCircles = (content: Buffer): Buffer => {
    const damaged = Buffer.from(content)
    for (let at = 4096; at + 4096 <= damaged.length; at += 4096) content.copy(damaged, at, 4096, 8192)
    return damaged
  }

  test.each(cases)('%s is read as it is', async (name, content) => {
    const { inventory, reasons } = await read([[{ path: rpm(name), content }]])
    expect(inventory.packages).toHaveLength(40)
    expect(reasons).toEqual([])
  })

  test.each(cases)('%s cut short, or with its pages in circles, is said to be', async (name, content) => {
    for (const damaged of [
      content.subarray(0, content.length / 2),
      content.subarray(0, 100),
      inCircles(content),
    ]) {
      const { inventory, reasons } = await read([[{ path: rpm(name), content: damaged }]])
      expect(inventory.packages.length).toBeLessThan(40)
      expect(reasons.join()).toContain('database-unreadable')
      expect(reasons.join()).toContain(rpm(name))
    }
  })

  test.each(cases)('%s that is too large is named with the limit and a way out', async (name, content) => {
    const { reasons } = await read([[{ path: rpm(name), content }]], { maxFileBytes: 10_000 })
    expect(reasons).toEqual([
      expect.stringMatching(
        /^limit-file-bytes: RPM packages: var\/lib\/rpm\/\S+ cannot be read: it has \d+\.\d kB, more than the 10\.0 kB that are read of one file \(a database takes less when it is rebuilt as the image is built\)\.$/,
      ),
    ])
  })

  test('that is too large and would supersede others is named once', async () => {
    const all = cases.map(([name, content]): TarEntry => ({ path: rpm(name), content }))
    const large = {
      path: rpm('rpmdb.sqlite'),
      content: Buffer.concat([sqliteFile(blobs), Buffer.alloc(1e6)]),
    }
    const { reasons } = await read([all, [large]], { maxFileBytes: 1e6 })
    expect(reasons).toEqual([expect.stringContaining(`${rpm('rpmdb.sqlite')} cannot be read`)])
  })

  const logged = sqliteFilesWithLog([blob('old')], [blob('new')])
  const log = { path: rpm('rpmdb.sqlite-wal'), content: logged.log ?? '' }

  test('is read with its log, which brings packages of its own layer', async () => {
    const { layers, reasons } = await read([[{ path: rpm('rpmdb.sqlite'), content: logged.content }], [log]])
    expect([layers, reasons]).toEqual([
      new Map([
        ['old 1-1', 0],
        ['new 1-1', 1],
      ]),
      [],
    ])
  })

  test('whose log cannot be read says which file that is', async () => {
    const content = [{ path: rpm('rpmdb.sqlite'), content: logged.content }, log]
    const maxFileBytes = logged.content.length
    const large = [{ ...log, content: Buffer.concat([Buffer.from(log.content), Buffer.alloc(maxFileBytes)]) }]
    const { reasons } = await read([content, large], { maxFileBytes })
    expect(reasons.join()).toMatch(
      /^limit-file-bytes: RPM packages: var\/lib\/rpm\/rpmdb\.sqlite-wal cannot be read/,
    )
  })
})

test('names and makers of any length and any characters are no more than the child may tell', async () => {
  const long = '"\\\u00e9\ufffd'.repeat(200)
  const status = names(20_000)
    .map(
      name =>
        `Package: ${name}\nStatus: install ok installed\nVersion: 1\nSource: ${long.slice(0, 700)}\nMaintainer: ${long}\n\n`,
    )
    .join('')
  const { inventory, reasons } = await read([[file(statusPath, status)]])
  expect(inventory.packages.length).toBeGreaterThan(10_000)
  const lost = inventory.packages.length < 20_000
  expect(reasons.some(one => one.startsWith('limit-entries'))).toBe(lost)
})
