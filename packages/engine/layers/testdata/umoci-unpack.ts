import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TarEntry, tarArchive } from '../../formats/tar-writer.ts'
import { requireAptTool, run } from '../../registry/testdata/apt-tool.ts'
import { blob, descriptor, oci } from '../../registry/testdata/made-image.ts'
import type { Table } from './naive-overlay.ts'

/** The file system that umoci, an unpacker of images in daily use, makes of these layers; files with their content. */
export async function umociUnpack(layers: readonly (readonly TarEntry[])[]): Promise<Table> {
  requireAptTool('umoci')
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-umoci-'))
  try {
    const layout = join(folder, 'layout')
    writeLayout(layout, layers)
    const rootfs = join(folder, 'rootfs')
    await run('umoci', ['raw', 'unpack', '--rootless', '--image', `${layout}:image`, rootfs])
    return tableOfFolder(rootfs)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function writeLayout(layout: string, layers: readonly (readonly TarEntry[])[]): void {
  const blobs = layers.map(entries => blob(tarArchive(entries), 'application/vnd.oci.image.layer.v1.tar'))
  const diffIds = blobs.map(one => one.digest)
  const config = blob(
    { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: diffIds }, config: {} },
    oci.config,
  )
  const manifest = blob(
    { schemaVersion: 2, mediaType: oci.manifest, config: descriptor(config), layers: blobs.map(descriptor) },
    oci.manifest,
  )
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true })
  for (const { bytes, digest } of [...blobs, config, manifest]) {
    writeFileSync(join(layout, 'blobs', digest.replace(':', '/')), bytes)
  }
  writeFileSync(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  const named = { ...descriptor(manifest), annotations: { 'org.opencontainers.image.ref.name': 'image' } }
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [named] }))
}

function tableOfFolder(root: string): Table {
  const table: Table = new Map()
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      const full = join(root, path)
      if (entry.isSymbolicLink()) table.set(path, { kind: 'symlink', target: readlinkSync(full) })
      else if (entry.isFile()) table.set(path, { kind: 'file', content: readFileSync(full, 'latin1'), layer: 0 })
      else if (entry.isDirectory()) {
        table.set(path, { kind: 'directory' })
        visit(path)
      } else table.set(path, { kind: 'special' })
    }
  }
  visit('')
  return table
}
