import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Blob, madeIndex } from './made-image.ts'

/** Where a layout keeps a blob. */
export const blobPath = (directory: string, { digest }: { readonly digest: string }): string =>
  join(directory, 'blobs', 'sha256', digest.slice('sha256:'.length))

/** Writes an OCI layout: an index.json of these entries, with their blobs and the others. */
export async function writeLayout(
  directory: string,
  entries: readonly { of: Blob; with?: object }[],
  blobs: readonly Blob[] = [],
): Promise<void> {
  await mkdir(join(directory, 'blobs', 'sha256'), { recursive: true })
  for (const blob of [...entries.map(({ of }) => of), ...blobs]) {
    await writeFile(blobPath(directory, blob), blob.bytes)
  }
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(directory, 'index.json'), madeIndex(entries).bytes)
}

/** What an entry of index.json carries to have a tag. */
export const tagged = (tag: string) => ({ annotations: { 'org.opencontainers.image.ref.name': tag } })
