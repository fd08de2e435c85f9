import { copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addLayer, madeOnce, mainSuite, newLayout, run, securitySuite } from './umoci.ts'

const packages = ['openssl', 'libexpat1', 'rsync']

/**
 * An OCI layout with two tags, as a team would push them one after the other: `v1` is Debian 12 from the main suite
 * alone, which is frozen (the release is in long-term support, fixes go to security), so it has known
 * vulnerabilities; `v2` is the same with one layer on top in which apt upgraded some packages from security.
 */
export async function debianUpgradeLayout(): Promise<string> {
  return madeOnce('debian-upgrade', [mainSuite, securitySuite, packages, 2], async layout => {
    const tar = `${layout}.tar`
    await run('mmdebstrap', ['--quiet', '--variant=minbase', `--include=${packages.join(',')}`, 'bookworm', tar, mainSuite])
    await rm(layout, { recursive: true })
    await newLayout(layout)
    await addLayer(layout, 'empty', 'v1', rootfs =>
      run('tar', ['--extract', '--file', tar, '--directory', rootfs, '--numeric-owner']),
    )
    await rm(tar)
    await addLayer(layout, 'v1', 'v2', upgrade)
  })
}

async function upgrade(rootfs: string): Promise<void> {
  await writeFile(join(rootfs, 'etc/apt/sources.list'), `${mainSuite}\n${securitySuite}\n`)
  await inRootfs(rootfs, `apt-get install -y -qq --no-install-recommends libssl3 ${packages.join(' ')}`)
}

/** Runs a command of apt in a root file system that has its sources, and leaves no caches behind. */
async function inRootfs(rootfs: string, command: string): Promise<void> {
  await copyFile('/etc/resolv.conf', join(rootfs, 'etc/resolv.conf'))
  const script = `apt-get update -qq && export DEBIAN_FRONTEND=noninteractive && ${command} && apt-get clean && rm -rf /var/lib/apt/lists/*`
  await run('chroot', [rootfs, 'sh', '-c', script])
}
