import { describe, expect, test } from 'vitest'
import { rpm } from '../ecosystems/rpm.ts'
import { rpmHeader } from '../formats/rpmdb/testdata/header-writer.ts'
import { ndbFile } from '../formats/rpmdb/testdata/ndb-writer.ts'
import { sqliteFile, sqliteFilesWithLog } from '../formats/rpmdb/testdata/sqlite-writer.ts'
import type { TarEntry } from '../formats/tar-writer.ts'
import { defaultLimits } from '../layers/limits.ts'
import { mergeLayers } from '../layers/testdata/merged-view.ts'
import { findEvidence } from './databases.ts'
import { packageHistory } from './package-history.ts'
import { type PackageBatch, takeInventory } from './take-inventory.ts'

const packages = (...names: readonly string[]): Buffer[] =>
  names.map(name => rpmHeader({ name, version: '1', release: '1.el9', arch: 'noarch' }))
const file = (path: string, content: Uint8Array): TarEntry => ({ path, content })
const symlink = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })

async function inventory(...layers: TarEntry[][]) {
  const history = packageHistory([rpm], defaultLimits, () => undefined)
  const { root } = await mergeLayers(layers, (tree, layer) =>
    history.observe(layer, () => findEvidence(tree.root, [rpm])),
  )
  const batches: PackageBatch[] = []
  const { reasons } = takeInventory(findEvidence(root, [rpm]), history, 1000, batch => batches.push(batch))
  return {
    reasons: reasons.map(({ message }) => message),
    packages: batches.flatMap(({ path, packages: records }) =>
      records.map(({ name, layer }) => `${name} (${path}, ${layer})`),
    ),
  }
}

describe('rpm databases of an image', () => {
  const { content, log } = sqliteFilesWithLog(packages('base'), packages('added'))
  const wal = log ?? Buffer.alloc(0)

  test('pitfall 21: of which one is left with its write-ahead log has what both hold', async () => {
    expect(
      await inventory([file('var/lib/rpm/rpmdb.sqlite', content), file('var/lib/rpm/rpmdb.sqlite-wal', wal)]),
    ).toEqual({
      reasons: [],
      packages: ['base (var/lib/rpm/rpmdb.sqlite, 0)', 'added (var/lib/rpm/rpmdb.sqlite, 0)'],
    })
  })

  test('of which a layer brought the log only has its packages from that layer', async () => {
    expect(
      (
        await inventory(
          [file('var/lib/rpm/rpmdb.sqlite', content)],
          [file('var/lib/rpm/rpmdb.sqlite-wal', wal)],
        )
      ).packages,
    ).toEqual(['base (var/lib/rpm/rpmdb.sqlite, 0)', 'added (var/lib/rpm/rpmdb.sqlite, 1)'])
  })

  test('in the folder that SUSE and Fedora link to are read once', async () => {
    expect(
      (
        await inventory([
          file('usr/lib/sysimage/rpm/Packages.db', ndbFile(packages('only'))),
          symlink('var/lib/rpm', '../../usr/lib/sysimage/rpm'),
        ])
      ).packages,
    ).toEqual(['only (usr/lib/sysimage/rpm/Packages.db, 0)'])
  })

  test('that a newer one in the same folder has taken the place of are not counted', async () => {
    expect(
      await inventory(
        [file('var/lib/rpm/Packages.db', ndbFile(packages('old', 'moved')))],
        [file('var/lib/rpm/rpmdb.sqlite', sqliteFile(packages('moved', 'new')))],
      ),
    ).toEqual({
      reasons: [
        'RPM packages: var/lib/rpm/Packages.db could not be read in full: rpmdb.sqlite beside it is taken in its ' +
          'place, and lacks packages that it has',
      ],
      packages: ['moved (var/lib/rpm/rpmdb.sqlite, 0)', 'new (var/lib/rpm/rpmdb.sqlite, 1)'],
    })
  })

  test('that a newer one with the same packages has taken the place of are worth no word', async () => {
    const old = file('var/lib/rpm/Packages.db', ndbFile(packages('moved')))
    const now = file('var/lib/rpm/rpmdb.sqlite', sqliteFile(packages('moved', 'new')))
    expect((await inventory([old], [now])).reasons).toEqual([])
  })

  test('are not taken the place of by one with nothing but keys in it', async () => {
    const old = file('var/lib/rpm/Packages.db', ndbFile(packages('kept')))
    const keys = file('var/lib/rpm/rpmdb.sqlite', sqliteFile(packages('gpg-pubkey')))
    expect(await inventory([old, keys])).toEqual({
      reasons: [],
      packages: ['kept (var/lib/rpm/Packages.db, 0)'],
    })
  })

  test('that cannot be read are said', async () => {
    expect(await inventory([file('var/lib/rpm/Packages', Buffer.from('no database'))])).toEqual({
      reasons: ['RPM packages: var/lib/rpm/Packages could not be read in full: it is no Berkeley DB file'],
      packages: [],
    })
  })
})
