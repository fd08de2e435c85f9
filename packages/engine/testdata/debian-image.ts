import { join } from 'node:path'
import { addLayer, madeOnce, mainSuite, newLayout, run } from './umoci.ts'

const packages = 'curl,openssl,git,nginx,python3,ruby,redis-server,rsync,libtiff6,libxml2,bind9-dnsutils,jq'

const alreadyPacked = ['--exclude=./usr/share', '--exclude=./usr/lib', '--exclude=./usr/bin']
/** What every published image deletes before it is packed. */
const aptCaches = ['--exclude=./var/lib/apt/lists/*', '--exclude=./var/cache/apt/*']

/** A package as `dpkg-query -W` answers, the oracle for our own reader. */
export interface DpkgPackage {
  readonly name: string
  readonly version: string
  readonly arch: string
  readonly sourceName: string
  readonly sourceVersion: string
}

/** A real image: Debian 12 with common servers, about 110 MB of compressed layers. */
export interface DebianImage {
  /** OCI layout folder; the image is tagged `bookworm`. */
  readonly layout: string
  readonly tag: 'bookworm'
  readonly installed: readonly DpkgPackage[]
}

/**
 * Debian 12 from the main suite alone, made by mmdebstrap and packed by umoci as three layers: documentation and
 * data, programs and libraries, and last the package database with the rest, so that what lists the packages is
 * not in the layer that carries them.
 */
export async function debianImage(): Promise<DebianImage> {
  const folder = await madeOnce('debian-12', [mainSuite, packages, 4], async work => {
    const tar = join(work, 'rootfs.tar')
    const layout = join(work, 'layout')
    await run('mmdebstrap', ['--quiet', '--variant=minbase', `--include=${packages}`, 'bookworm', tar, mainSuite])
    await newLayout(layout)
    const extract = (...choice: string[]) => (rootfs: string) =>
      run('tar', ['--extract', '--file', tar, '--directory', rootfs, '--numeric-owner', ...choice])
    await addLayer(layout, 'empty', 'data', extract('./usr/share'))
    await addLayer(layout, 'data', 'programs', extract('./usr/lib', './usr/bin'))
    await addLayer(
      layout,
      'programs',
      'bookworm',
      extract(...alreadyPacked, ...aptCaches),
    )
    await run('mkdir', ['rootfs'], { cwd: work })
    await run('tar', ['--extract', '--file', tar, '--directory', join(work, 'rootfs'), './var/lib/dpkg'])
    await run('rm', [tar])
  })
  return { layout: join(folder, 'layout'), tag: 'bookworm', installed: await dpkgQuery(join(folder, 'rootfs')) }
}

/** What dpkg itself says is installed in a root file system. */
export async function dpkgQuery(rootfs: string): Promise<DpkgPackage[]> {
  const format = '${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n'
  const answer = await run('dpkg-query', [`--admindir=${join(rootfs, 'var/lib/dpkg')}`, '--show', `--showformat=${format}`])
  return answer
    .trimEnd()
    .split('\n')
    .map(line => line.split('\t'))
    .filter(([status]) => status === 'installed')
    .map(([, name = '', version = '', arch = '', sourceName = '', sourceVersion = '']) => ({
      name,
      version,
      arch,
      sourceName,
      sourceVersion,
    }))
}
