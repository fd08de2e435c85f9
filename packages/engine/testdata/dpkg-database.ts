import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './umoci.ts'
import type { MadePackage } from './made-package.ts'

/** Lets dpkg itself install packages that hold nothing into a root file system, so that the database is its own. */
export async function installWithDpkg(root: string, packages: readonly MadePackage[]): Promise<void> {
  const admin = join(root, 'var/lib/dpkg')
  await mkdir(join(admin, 'info'), { recursive: true })
  await mkdir(join(admin, 'updates'), { recursive: true })
  await writeFile(join(admin, 'status'), '', { flag: 'a' })
  const work = join(root, '.made')
  try {
    const archives: string[] = []
    for (const [at, one] of packages.entries()) archives.push(await debOf(join(work, String(at)), one))
    if (archives.length > 0) await dpkg(root, '--install', ...archives)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Removes packages with all they have. */
export const purgeWithDpkg = (root: string, ...names: string[]): Promise<void> => dpkg(root, '--purge', ...names)

/** Removes a package and leaves its settings: what dpkg then says of it must not be taken for installed. */
export const removeWithDpkg = (root: string, name: string): Promise<void> => dpkg(root, '--remove', name)

async function dpkg(root: string, ...command: string[]): Promise<void> {
  const places = [`--instdir=${root}`, `--admindir=${join(root, 'var/lib/dpkg')}`, '--log=/dev/null']
  await run('dpkg', [...places, '--force-all', '--force-not-root', '--force-script-chrootless', ...command])
}

async function debOf(
  folder: string,
  { name, version, sourceName, sourceVersion }: MadePackage,
): Promise<string> {
  const archive = `${folder}.deb`
  await mkdir(join(folder, 'DEBIAN'), { recursive: true })
  await mkdir(join(folder, 'etc'))
  await writeFile(join(folder, 'etc', `${name}.conf`), name)
  await writeFile(join(folder, 'DEBIAN/conffiles'), `/etc/${name}.conf\n`)
  const source = sourceVersion === version ? sourceName : `${sourceName} (${sourceVersion})`
  const fields = [
    `Package: ${name}`,
    ...(sourceName === name && sourceVersion === version ? [] : [`Source: ${source}`]),
    `Version: ${version}`,
    'Architecture: amd64',
    'Maintainer: Debian Developers <debian-devel@lists.debian.org>',
    'Description: made for a golden image',
  ]
  await writeFile(join(folder, 'DEBIAN/control'), `${fields.join('\n')}\n`)
  await run('dpkg-deb', ['-Znone', '--build', folder, archive])
  return archive
}
