import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rpm } from '../ecosystems/rpm.ts'
import {
  askRpm,
  buildWithRpm,
  eraseWithRpm,
  installWithRpm,
} from '../ecosystems/testdata/rpm/built-by-rpm.ts'
import { ndbFile } from '../formats/rpmdb/testdata/ndb-writer.ts'
import { type TarEntry, tarArchive } from '../formats/tar-writer.ts'
import { file, symlink } from './testdata/image-of.ts'
import { answersInProcess } from './testdata/in-process.ts'

const work = mkdtempSync(join(tmpdir(), 'plimsoll-rpm-layers-'))
const database = join(work, 'database')
let packages: string[] = []
beforeAll(() => {
  packages = buildWithRpm(join(work, 'build'))
})
afterAll(() => rmSync(work, { recursive: true }))

const built = (name: RegExp): string[] => packages.filter(one => name.test(one))
const sqlite = (): Buffer => readFileSync(join(database, 'rpmdb.sqlite'))

/** What rpm wrote, in the format that SUSE has; Debian's rpm cannot write that. */
function ndb(): Buffer {
  const open = new DatabaseSync(join(database, 'rpmdb.sqlite'), { readOnly: true })
  const rows = open.prepare('SELECT blob FROM Packages ORDER BY hnum').all()
  open.close()
  return ndbFile(rows.map(({ blob }) => Buffer.from(blob as Uint8Array)))
}

test('pitfall 54: packages are of the layer in which rpm installed them, through a move of its database and a new format', async () => {
  const states: string[][] = []
  const layers: TarEntry[][] = []
  const layer = (...entries: TarEntry[]): void => {
    layers.push(entries)
    states.push(askRpm(database).map(line => line.split('\t').slice(0, 3).join(' ').replace(/ 0:/, ' ')))
  }
  installWithRpm(database, built(/perl|kernel-core.*-362/))
  layer({ path: 'var/lib/rpm/Packages.db', content: ndb() })
  installWithRpm(database, built(/nodejs|npm|kernel-core.*-427/))
  layer({ path: 'var/lib/rpm/Packages.db', content: ndb() })
  const moved = 'usr/lib/sysimage/rpm/rpmdb.sqlite'
  layer(file('var/lib/.wh.rpm', ''), symlink('var/lib/rpm', '../../usr/lib/sysimage/rpm'), {
    path: moved,
    content: sqlite(),
  })
  eraseWithRpm(database, 'kernel-core-5.14.0-362.8.1.el9_3', 'perl-libs')
  layer({ path: moved, content: sqlite() })
  installWithRpm(database, [...built(/perl-libs/), ...built(/npm/)])
  layer({ path: moved, content: sqlite() })

  const answers = await answersInProcess(layers.map(tarArchive), [rpm])
  const found = answers.flatMap(answer => (answer.kind === 'packages' ? answer.packages : []))
  const brought = found.map(
    ({ name, version, arch, layer: index }) => `${name} ${version} ${arch} of ${index}`,
  )

  const expected = (states.at(-1) ?? []).map(one => {
    let index = states.length - 1
    while (index > 0 && states[index - 1]?.includes(one)) index -= 1
    return `${one} of ${index}`
  })
  expect(brought.map(one => one.replace(/ 0:/, ' ')).toSorted()).toEqual(expected.toSorted())
  expect(new Set(found.map(one => one.layer))).toEqual(new Set([0, 1, 4]))
})
