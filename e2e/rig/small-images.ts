import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addLayer, madeOnce, newLayout } from '../../packages/engine/testdata/umoci.ts'

const fillingBytes = 2 * 1024 * 1024

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
ID=debian
VERSION_ID="12"
VERSION_CODENAME=bookworm
`

const status = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: Nobody <nobody@example.com>\nVersion: ${version}\nDescription: made for a test\n\n`

const web = status('openssl', '3.0.15-1~deb12u1')
const mirror = status('rsync', '3.2.7-1')

/**
 * An OCI layout with two small images of Debian 12 that `advisoryPlace` knows something of: `web`, with openssl, and
 * `mirror`, with rsync and a layer of random bytes that takes its time on a slow line.
 */
export const smallImages = (): Promise<string> =>
  madeOnce('small', [osRelease, web, mirror, fillingBytes], async layout => {
    await rm(layout, { recursive: true })
    await newLayout(layout)
    await addLayer(layout, 'empty', 'web', rootfs => debian(rootfs, web))
    await addLayer(layout, 'empty', 'filled', rootfs =>
      writeFile(join(rootfs, 'filling'), randomBytes(fillingBytes)),
    )
    await addLayer(layout, 'filled', 'mirror', rootfs => debian(rootfs, mirror))
  })

async function debian(rootfs: string, packages: string): Promise<void> {
  await mkdir(join(rootfs, 'etc'), { recursive: true })
  await writeFile(join(rootfs, 'etc/os-release'), osRelease)
  await mkdir(join(rootfs, 'var/lib/dpkg'), { recursive: true })
  await writeFile(join(rootfs, 'var/lib/dpkg/status'), packages)
}
