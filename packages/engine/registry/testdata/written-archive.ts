import { writeFile } from 'node:fs/promises'
import { sha256 } from '../blob.ts'
import { type TarEntry, tarArchive } from '../../formats/tar-writer.ts'

/** The tar archive of a layer with one file, and what the configuration says of it. */
export function madeLayer(path: string, content: string): { bytes: Uint8Array; diffId: string } {
  const bytes = tarArchive([{ path, content }])
  return { bytes, diffId: `sha256:${sha256(bytes)}` }
}

/** An image's configuration: for linux/amd64, with these layers. */
export const madeConfig = (diffIds: readonly string[], more: object = {}): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: diffIds },
      ...more,
    }),
  )

/** A file of the archive that holds JSON. */
export const json = (path: string, content: unknown): TarEntry => ({ path, content: JSON.stringify(content) })

export async function writeArchive(file: string, entries: Iterable<TarEntry>): Promise<void> {
  await writeFile(file, tarArchive(entries))
}
