import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installWithDpkg, removeWithDpkg } from '../testdata/dpkg-database.ts'
import type { MadePackage } from '../testdata/made-package.ts'
import { installWithRpm } from '../testdata/rpm-database.ts'
import { addLayer, madeOnce, newLayout, run } from '../testdata/umoci.ts'
import { type GoldenFacts, goldenFacts, type PlannedPackage, plannedPackages } from './golden-facts.ts'

/** A package as the tool that wrote the database says it, every field as text; `(none)` is written as ''. */
export interface ToolPackage {
  readonly name: string
  readonly version: string
  readonly arch: string
  readonly sourceName: string
  readonly sourceVersion: string
  readonly module: string
}

export interface GoldenImage {
  /** `oci:LAYOUT:golden`. */
  readonly reference: string
  readonly facts: GoldenFacts
  readonly planned: readonly PlannedPackage[]
  /** The database as the tool reads it. */
  readonly installed: readonly ToolPackage[]
}

/** The image around the facts of a release, with a package database that dpkg or rpm wrote; made once. */
export async function goldenImage(release: string): Promise<GoldenImage> {
  const facts = goldenFacts(release)
  const planned = plannedPackages(facts)
  const folder = await madeOnce(`golden-${release}`, [facts, planned, 4], async work => {
    const layout = join(work, 'layout')
    await newLayout(layout)
    await addLayer(layout, 'empty', 'base', root => fillBase(root, facts, planned))
    await addLayer(layout, 'base', 'golden', async root => {
      await fillTop(root, facts, planned)
      // Of a copy, for a tool that reads may write beside its database.
      const database = facts.ecosystem === 'deb' ? 'var/lib/dpkg' : 'var/lib/rpm'
      await cp(join(root, database), join(work, 'database'), { recursive: true })
    })
    await writeFile(join(work, 'installed.json'), JSON.stringify(await installedIn(work, facts)))
  })
  const installed = JSON.parse(await readFile(join(folder, 'installed.json'), 'utf8')) as ToolPackage[]
  return { reference: `oci:${join(folder, 'layout')}:golden`, facts, planned, installed }
}

async function fillBase(root: string, facts: GoldenFacts, planned: readonly PlannedPackage[]): Promise<void> {
  await mkdir(join(root, 'etc'), { recursive: true })
  const fields = Object.entries(facts.osRelease).map(([name, value]) => `${name}="${value}"\n`)
  await writeFile(join(root, 'etc/os-release'), fields.join(''))
  const own = planned.filter(one => one.layer === 0)
  if (facts.ecosystem === 'deb') await installWithDpkg(root, [...own, removed])
  else await installWithRpm(root, own)
}

async function fillTop(root: string, facts: GoldenFacts, planned: readonly PlannedPackage[]): Promise<void> {
  const own = planned.filter(one => one.layer === 1)
  if (facts.ecosystem === 'rpm') return installWithRpm(root, own)
  await installWithDpkg(root, own)
  await removeWithDpkg(root, removed.name)
}

/** Its settings stay, so that dpkg's database goes on naming it. */
const removed: MadePackage = {
  name: 'removed-with-settings',
  version: '1',
  sourceName: 'removed-with-settings',
  sourceVersion: '1',
  module: null,
}

async function installedIn(work: string, { ecosystem }: GoldenFacts): Promise<ToolPackage[]> {
  const database = join(work, 'database')
  const answer = await run(...(ecosystem === 'deb' ? askDpkg(database) : askRpm(database)))
  return answer
    .trimEnd()
    .split('\n')
    .map(line => line.split('\t').map(field => (field === '(none)' ? '' : field)))
    .filter(([status]) => status === 'installed')
    .map(([, name = '', version = '', arch = '', sourceName = '', sourceVersion = '', module = '']) => ({
      name,
      version: version.replace(/^\(none\):/, ''),
      arch,
      sourceName,
      sourceVersion,
      module,
    }))
}

const askDpkg = (database: string): [string, string[]] => [
  'dpkg-query',
  [
    `--admindir=${database}`,
    '--show',
    '--showformat=${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\t\n',
  ],
]

const askRpm = (database: string): [string, string[]] => [
  'rpm',
  [
    '--dbpath',
    database,
    '--query',
    '--all',
    '--queryformat',
    'installed\t%{NAME}\t%{EPOCH}:%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\t\t%{MODULARITYLABEL}\n',
  ],
]
