import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './umoci.ts'
import type { MadePackage } from './made-package.ts'

/**
 * Lets rpm itself build packages that hold nothing and write them into a database, in a root file system's usual
 * place. It is an SQLite one, whatever the release: Debian's rpm writes no other.
 */
export async function installWithRpm(root: string, packages: readonly MadePackage[]): Promise<void> {
  if (packages.length === 0) return
  const work = join(root, '.made')
  const place = join(root, 'var/lib/rpm')
  await mkdir(work, { recursive: true })
  await mkdir(place, { recursive: true })
  try {
    // One specification for each module, for a module is written down for a build and not for a package.
    const builds = [...Map.groupBy(packages, one => one.module)]
    for (const [at, [module, own]] of builds.entries()) await build(work, at, module, own)
    const files = (await run('find', [join(work, 'RPMS'), '-name', '*.rpm'])).trim().split('\n').toSorted()
    // Two versions of one package are two packages, as with kernels; files are none, so nothing is in the way.
    const force = [
      '--justdb',
      '--nodeps',
      '--noscripts',
      '--ignorearch',
      '--ignoreos',
      '--force',
      '--nosignature',
    ]
    await run('rpm', ['--dbpath', place, '--install', ...force, ...files])
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function build(
  work: string,
  at: number,
  module: string | null,
  packages: readonly MadePackage[],
): Promise<void> {
  const specification = join(work, `made-${at}.spec`)
  const head = [
    `Name: made-${at}`,
    'Version: 1',
    'Release: 1',
    'Summary: made for a golden image',
    'License: none',
    ...(module === null ? [] : [`ModularityLabel: ${module}:8040020210817:522a0ee4:x86_64`]),
    '%description',
    'Made.',
  ]
  // A second version of a package cannot stand in the same specification.
  const rounds = roundsOf(packages)
  for (const [round, own] of rounds.entries()) {
    const text = [...head, ...own.flatMap(packageLines)].join('\n')
    await writeFile(specification, `${text}\n`)
    const quiet = ['--quiet', '--nodeps', '--target', 'x86_64', '--define', `_topdir ${work}`]
    const rpms = join(work, 'RPMS', `${at}-${round}`)
    await run('rpmbuild', [...quiet, '--define', `_rpmdir ${rpms}`, '-bb', specification])
  }
}

function roundsOf(packages: readonly MadePackage[]): MadePackage[][] {
  const rounds: MadePackage[][] = []
  for (const one of packages) {
    const free = rounds.find(round => round.every(({ name }) => name !== one.name))
    if (free === undefined) rounds.push([one])
    else free.push(one)
  }
  return rounds
}

function packageLines({ name, version }: MadePackage): string[] {
  const [, epoch, upstream = '', release = ''] = /^(?:(\d+):)?(.+)-([^-]+)$/.exec(version) ?? []
  return [
    `%package -n ${name}`,
    ...(epoch === undefined ? [] : [`Epoch: ${epoch}`]),
    `Version: ${upstream}`,
    `Release: ${release}`,
    'Summary: made for a golden image',
    `%description -n ${name}`,
    'Made.',
    `%files -n ${name}`,
  ]
}
