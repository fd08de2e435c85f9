import { gzipSync } from 'node:zlib'
import { tarArchive, type TarEntry } from '@plimsoll/engine'
import { type Blob, blob, descriptor, type MadeImage, oci } from '../../../packages/engine/registry/testdata/made-image.ts'

/** Installed packages: name and version; the source is the same. */
export type Packages = Readonly<Record<string, string>>

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
ID=debian
VERSION_ID="12"
VERSION_CODENAME=bookworm
`

const statusOf = (packages: Packages): string =>
  Object.entries(packages)
    .map(
      ([name, version]) =>
        `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\nDescription: made\n`,
    )
    .join('\n')

/**
 * A Debian 12 image with these packages, a layer for each list: the later one's database counts.
 * @param marker anything; two images that differ in it alone have different digests.
 * @param config members of the configuration, over those made.
 */
export function packagedImage(layers: readonly Packages[], marker = '', config: object = {}): MadeImage {
  const tars = layers.map((packages, at) =>
    tarArchive([
      ...(at === 0
        ? [
            { path: 'etc/os-release', content: osRelease },
            { path: 'etc/marker', content: marker },
          ]
        : []),
      { path: 'var/lib/dpkg/status', content: statusOf(packages) },
    ]),
  )
  return imageOf(
    tars.map(tar => ({ tar, stored: gzipSync(tar) })),
    config,
  )
}

/** An image of these tar entries in one layer. */
export const imageOfEntries = (entries: readonly TarEntry[]): MadeImage => {
  const tar = tarArchive(entries)
  return imageOf([{ tar, stored: gzipSync(tar) }])
}

/** An image of layers as they are stored; `tar` is what the configuration says they inflate to. */
export function imageOf(
  layers: readonly { tar: Uint8Array; stored: Uint8Array }[],
  more: object = {},
): MadeImage {
  const blobs = layers.map(({ stored }) => blob(stored, oci.layer))
  const config = blob(
    {
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: layers.map(({ tar }) => blob(tar, '').digest) },
      ...more,
    },
    oci.config,
  )
  const manifest: Blob = blob(
    { schemaVersion: 2, mediaType: oci.manifest, config: descriptor(config), layers: blobs.map(descriptor) },
    oci.manifest,
  )
  return { manifest, config, layers: blobs, blobs: [config, ...blobs] }
}
