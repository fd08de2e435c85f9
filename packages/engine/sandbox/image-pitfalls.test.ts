import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ecosystems } from '../ecosystems/index.ts'
import { rpmHeader } from '../formats/rpmdb/testdata/header-writer.ts'
import { sqliteFile } from '../formats/rpmdb/testdata/sqlite-writer.ts'
import {
  paxHeader,
  type TarEntry,
  tarArchive,
  tarBlock,
  tarEnd,
  tarEntry,
  tarPadding,
  withChecksum,
} from '../formats/tar-writer.ts'
import { sha256 } from '../registry/blob.ts'
import { readInventory } from './read-inventory.ts'
import { childMain } from './start-child.ts'
import { file, imageOf, type LayerBlob, symlink } from './testdata/image-of.ts'
import { answersInProcess } from './testdata/in-process.ts'

/** Rules of docs/pitfalls.md about images, with the databases that real distributions have. */

const statusPath = 'var/lib/dpkg/status'
const apkPath = 'lib/apk/db/installed'
const rpmPath = 'var/lib/rpm/rpmdb.sqlite'
const paragraph = (name: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n`
const status = (...names: readonly string[]): string => names.map(paragraph).join('\n')
const installed = (...names: readonly string[]): string =>
  names.map(name => `P:${name}\nV:1-r0\nA:x86_64\no:${name}\n`).join('\n')
const rpmdb = sqliteFile([rpmHeader({ name: 'bash', version: '5.1', release: '9.el9', arch: 'x86_64' })])
const folder = (path: string): TarEntry => ({ path, kind: 'directory' })
const hardlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'hardlink', linkPath })
const rpmFile: TarEntry = { path: rpmPath, content: rpmdb }
const debian = file('etc/os-release', 'ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian 12"\n')

type Entries = readonly TarEntry[]

/** What is found in an image of these layers, bottom first. */
async function read(...layers: readonly (Entries | Uint8Array)[]) {
  const archives = layers.map(layer => (layer instanceof Uint8Array ? layer : tarArchive(layer)))
  const answers = await answersInProcess(archives, ecosystems)
  const end = answers.at(-1)
  if (end?.kind !== 'inventory') throw new Error(`it ended with ${JSON.stringify(end)}`)
  const packages = answers.flatMap(answer => (answer.kind === 'packages' ? answer.packages : []))
  return { ...end, packages: packages.map(({ name }) => name) }
}

const packagesOf = async (...layers: readonly (Entries | Uint8Array)[]) => (await read(...layers)).packages

const bases: Readonly<Record<string, readonly [entry: TarEntry, packages: readonly string[]]>> = {
  dpkg: [file(statusPath, status('a', 'b')), ['a', 'b']],
  apk: [file(apkPath, installed('a')), ['a']],
  rpm: [rpmFile, ['bash']],
}

describe.each(Object.entries(bases))('a database of %s', (_, [base, packages]) => {
  const path = base.path as string
  const directory = path.slice(0, path.lastIndexOf('/'))
  const name = path.slice(path.lastIndexOf('/') + 1)
  const whiteout = file(`${directory}/.wh.${name}`, '')

  test('pitfall 42: is gone when a whiteout deletes it, or its folder, or an opaque folder hides it', async () => {
    expect(await packagesOf([base])).toEqual(packages)
    expect(await packagesOf([base], [whiteout])).toEqual([])
    expect(await packagesOf([base], [file(`.wh.${path.split('/')[0]}`, '')])).toEqual([])
    expect(
      await packagesOf([base], [folder(`${directory}/`), file(`${directory}/.wh..wh..opq`, '')]),
    ).toEqual([])
  })

  test('pitfall 42: of the layer that has the whiteout stays, whichever comes first', async () => {
    for (const mark of [whiteout, file(`${directory}/.wh..wh..opq`, '')]) {
      const lower = { ...base, content: 'something old' }
      expect(await packagesOf([lower], [mark, base])).toEqual(packages)
      expect(await packagesOf([lower], [base, mark])).toEqual(packages)
    }
  })

  test('pitfall 43: has no packages once a layer empties it or replaces it by something else', async () => {
    for (const above of [
      [file(path, '')],
      [folder(`${path}/`)],
      [symlink(path, '/dev/null')],
      [file(directory, 'a file in the place of the folder')],
      [symlink(directory, 'nowhere')],
    ]) {
      expect(await packagesOf([debian, base], above)).toEqual([])
    }
  })

  test('pitfall 43: that is gone is never taken for nothing to tell', async () => {
    for (const above of [file(path, ''), whiteout, symlink(path, '/dev/null')]) {
      const { reasons } = await read([debian, base], [above])
      expect(new Set(reasons.map(({ code }) => code))).toEqual(new Set(['database-unreadable']))
    }
  })

  test('pitfall 44: may be a hard link to a file of its layer or of one below', async () => {
    const stored = { ...base, path: 'opt/stored' }
    expect(await packagesOf([stored, hardlink(path, 'opt/stored')])).toEqual(packages)
    expect(await packagesOf([stored], [hardlink(path, './opt/stored')])).toEqual(packages)
    const renamed = [stored, hardlink(path, 'opt/stored'), file('opt/.wh.stored', '')]
    expect(await packagesOf(renamed, [file('opt/.wh.stored', '')])).toEqual(packages)
  })

  test('pitfall 45: is found where links in its path lead, and only within the image', async () => {
    const [top = '', ...rest] = directory.split('/')
    const moved = { ...base, path: `usr/${directory}/${name}` }
    for (const target of [`usr/${top}`, `/usr/${top}`, `../../../usr/./${top}`]) {
      expect(await packagesOf([moved, symlink(top, target)])).toEqual(packages)
      expect(await packagesOf([symlink(top, target), folder(`usr/${top}`)], [base])).toEqual(packages)
    }
    const last = `${'../'.repeat(rest.length + 3)}usr/${directory}`
    expect(await packagesOf([moved, symlink(directory, last)])).toEqual(packages)
    expect(await packagesOf([moved, symlink(path, `/usr/${directory}/${name}`)])).toEqual(packages)
    expect(await packagesOf([symlink(path, name)])).toEqual([])
    expect(await packagesOf([symlink(top, 'x'), symlink('x', top), base])).toEqual([])
  })

  test('pitfall 46: is the last of its name in an archive, in whatever way that is written', async () => {
    const other = { ...base, content: 'something else' }
    for (const spelling of [
      path,
      `./${path}`,
      `/${path}`,
      `../${path}`,
      `${directory}/../${directory.split('/').at(-1)}//${name}`,
    ]) {
      expect(await packagesOf([other, { ...base, path: spelling }])).toEqual(packages)
    }
    const bytes = Buffer.from(base.content ?? '')
    const long = Buffer.from(`${'./'.repeat(80)}${path}`)
    const forms: Record<string, Uint8Array> = {
      pax: tarEntry({ ...base, path: long }),
      gnu: Buffer.concat([
        tarBlock({ path: Buffer.from('././@LongLink'), typeFlag: 'L', sizeBytes: long.length + 1 }),
        long,
        Buffer.alloc(1),
        tarPadding(long.length + 1),
        tarEntry({ ...base, path: 'short' }),
      ]),
      'base-256': Buffer.concat([
        inBase256(tarEntry(base).subarray(0, 512), bytes.length),
        bytes,
        tarPadding(bytes.length),
      ]),
      sparse: Buffer.concat([
        paxHeader([
          ['GNU.sparse.map', `0,${bytes.length}`],
          ['GNU.sparse.size', `${bytes.length}`],
          ['GNU.sparse.name', path],
        ]),
        tarEntry({ ...base, path: 'GNUSparseFile.0/x' }),
      ]),
      'a global header before': Buffer.concat([paxHeader([['path', 'no such']], 'g'), tarEntry(base)]),
      'not UTF-8 beside': Buffer.concat([tarEntry({ path: Buffer.from([0xff, 0xfe]) }), tarEntry(base)]),
    }
    for (const [form, written] of Object.entries(forms)) {
      const archive = Buffer.concat([tarEntry(other), written, tarEnd()])
      expect(await packagesOf(archive), form).toEqual(packages)
    }
  })
})

/** A header block whose size is written as GNU writes those that octal cannot hold. */
function inBase256(header: Uint8Array, sizeBytes: number): Uint8Array {
  const block = Buffer.from(header)
  block.fill(0, 124, 136)
  block[124] = 0x80
  block.writeUInt32BE(sizeBytes, 132)
  return withChecksum(block)
}

describe('layers as they are stored', () => {
  const archive = tarArchive([debian, file(statusPath, status('a'))])
  const diffId = `sha256:${sha256(archive)}`
  const half = archive.length / 2
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4])
  const parts = [archive.subarray(0, half), archive.subarray(half)]
  const forms: Readonly<Record<string, Uint8Array>> = {
    'not compressed': archive,
    gzip: gzipSync(archive),
    'gzip, as hard as it can': gzipSync(archive, { level: 9 }),
    'gzip in two members, as eStargz has one for each file': Buffer.concat(parts.map(part => gzipSync(part))),
    'gzip with zeros behind': Buffer.concat([gzipSync(archive), Buffer.alloc(100)]),
    zstd: zstdCompressSync(archive),
    'zstd in two frames, and a table of contents in one to be skipped': Buffer.concat([
      ...parts.map(part => zstdCompressSync(part)),
      skippable,
    ]),
    'zstd behind a frame to be skipped': Buffer.concat([skippable, zstdCompressSync(archive)]),
  }
  const whole = async (layers: readonly LayerBlob[]) =>
    await readInventory(imageOf(layers, { main: childMain }))

  test.each(Object.entries(forms))(
    'pitfall 50 and 52: of one diffID are the same layer, stored %s, whatever the media type says',
    async (_, bytes) => {
      // Every media type here is that of gzip.
      const { packages, coverage } = await whole([{ bytes, diffId }])
      expect(packages).toMatchObject([{ name: 'a', layer: diffId }])
      expect(coverage.status).toBe('complete')
    },
  )

  test('pitfall 50: with the table of contents of eStargz have it for themselves', async () => {
    const table = file('stargz.index.json', '{}')
    const bytes = tarArchive([file(statusPath, status('a')), table])
    expect(await packagesOf(bytes, [hardlink('lib/apk/db/installed', 'stargz.index.json')])).toEqual(['a'])
  })

  test('pitfall 50: in a compression that layers do not have are named', async () => {
    const bytes = Buffer.from('\xfd7zXZ\0 and so on', 'latin1')
    await expect(whole([{ bytes, diffId }])).rejects.toThrow(
      'it is compressed with xz, which image layers are not',
    )
  })

  test('pitfall 52: that inflate to something else than the configuration says are not used', async () => {
    const bytes = gzipSync(tarArchive([file(statusPath, status('b'))]))
    await expect(whole([{ bytes, diffId }])).rejects.toMatchObject({ code: 'layer-corrupt' })
    const longer = gzipSync(Buffer.concat([archive, Buffer.alloc(512)]))
    await expect(whole([{ bytes: longer, diffId }])).rejects.toMatchObject({ code: 'layer-corrupt' })
  })

  test('pitfall 52: count wherever they stand, and more than once', async () => {
    const other = tarArchive([file('srv/app', 'x')])
    expect(await packagesOf(archive, other)).toEqual(['a'])
    expect(await packagesOf(other, archive)).toEqual(['a'])
    expect(
      await packagesOf(archive, [file(statusPath.replace('status', '.wh.status'), '')], archive),
    ).toEqual(['a'])
  })

  test('pitfall 53: may be empty', async () => {
    const empties = [new Uint8Array(), tarEnd(), Buffer.alloc(10_240)]
    const { packages, reasons } = await read(...empties, archive, ...empties)
    expect({ packages, reasons }).toEqual({ packages: ['a'], reasons: [] })
  })
})

describe('what an image says it is', () => {
  const packages = file(statusPath, status('a'))

  test('pitfall 53: of two os-release files the one in /etc counts, unless it is empty', async () => {
    const lower = file('usr/lib/os-release', 'ID=ubuntu\nVERSION_ID=22.04\n')
    expect((await read([lower, debian, packages])).distro?.id).toBe('debian')
    expect((await read([lower, file('etc/os-release', ''), packages])).distro?.id).toBe('ubuntu')
    expect((await read([lower, packages])).distro?.id).toBe('ubuntu')
    expect(
      (await read([debian, packages], [lower, symlink('etc/os-release', '../usr/lib/os-release')])).distro
        ?.id,
    ).toBe('ubuntu')
  })

  test('pitfall 53: nothing may say it, which leaves the packages', async () => {
    const { distro, packages: found } = await read([packages])
    expect({ distro, found }).toEqual({ distro: null, found: ['a'] })
  })

  test('pitfall 53: a derivative names its parents', async () => {
    const derived = file('etc/os-release', 'ID=someos\nID_LIKE="ubuntu debian"\nVERSION_ID=1\n')
    expect((await read([derived, packages])).distro).toMatchObject({
      id: 'someos',
      idLike: ['ubuntu', 'debian'],
    })
  })

  test('pitfall 53: one program from scratch is not applicable, never clean', async () => {
    const { coverage } = await readInventory(
      imageOf(
        [
          {
            bytes: tarArchive([file('app', '\x7fELF')]),
            diffId: `sha256:${sha256(tarArchive([file('app', '\x7fELF')]))}`,
          },
        ],
        { main: childMain },
      ),
    )
    expect(coverage).toMatchObject({ status: 'not-applicable', reasons: [{ code: 'nothing-to-read' }] })
  })
})

test('pitfall 54: what an upper layer removed is not there, and what it put back is', async () => {
  const [both, one] = [file(statusPath, status('kept', 'removed')), file(statusPath, status('kept'))]
  expect(await packagesOf([debian, both], [one])).toEqual(['kept'])
  expect(await packagesOf([debian, both], [one], [both])).toEqual(['kept', 'removed'])
  const part = (name: string) => file(`var/lib/dpkg/status.d/${name}`, paragraph(name))
  expect(await packagesOf([debian, part('a'), part('b')], [file('var/lib/dpkg/status.d/.wh.a', '')])).toEqual(
    ['b'],
  )
})
