import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Digest } from '@plimsoll/types'
import { type BuiltImage, buildImage } from './image.ts'
import { readSpecifications } from './specification.ts'

/** A sample image in one repository of the sample registry. */
export interface Sample {
  /** May hold slashes: `shop/storefront`. */
  readonly repository: string
  readonly tags: readonly string[]
  readonly digest: Digest
  /** RFC 3339. Given by the specification: the samples are as old as they say, whenever they are written. */
  readonly pushedAt: string
}

interface Repository {
  readonly name: string
  readonly images: { readonly tags: readonly string[]; readonly built: BuiltImage }[]
}

/** The folder of a sample repository's OCI layout; `oci:` and this path is a reference to scan. */
export function sampleLayout(dataDir: string, repository: string): string {
  return path.join(dataDir, 'demo', 'samples', ...repository.split('/'))
}

/**
 * Writes the sample registry's images under `dataDir`, an OCI layout per repository, and says what is there. What
 * stands there already is kept; the bytes are the same on every machine and day.
 *
 * @throws the file system's error when a folder or file cannot be written
 */
export async function writeSamples(dataDir: string): Promise<Sample[]> {
  const repositories = new Map<string, Repository>()
  const samples: Sample[] = []
  for (const specification of readSpecifications()) {
    const built = buildImage(specification)
    for (const { name, tags } of specification.repositories) {
      const repository = repositories.get(name) ?? { name, images: [] }
      repositories.set(name, repository)
      repository.images.push({ tags, built })
      samples.push({
        repository: name,
        tags,
        digest: built.manifest.digest,
        pushedAt: specification.pushedAt,
      })
    }
  }
  for (const repository of repositories.values())
    await writeLayout(sampleLayout(dataDir, repository.name), repository)
  return samples
}

/** OCI image layout specification 1.0: `oci-layout`, `index.json`, `blobs/sha256/`. */
async function writeLayout(folder: string, { images }: Repository): Promise<void> {
  const blobs = path.join(folder, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  for (const { built } of images)
    for (const { digest, bytes } of built.blobs)
      await writeOnce(path.join(blobs, digest.slice('sha256:'.length)), bytes)
  await writeOnce(path.join(folder, 'oci-layout'), Buffer.from('{"imageLayoutVersion":"1.0.0"}'))
  // Last, because it is what makes the images be there.
  const manifests = images.flatMap(({ tags, built }) =>
    tags.map(tag => ({ ...built.manifest, annotations: { 'org.opencontainers.image.ref.name': tag } })),
  )
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }
  await write(path.join(folder, 'index.json'), Buffer.from(JSON.stringify(index)))
}

async function writeOnce(file: string, bytes: Uint8Array): Promise<void> {
  const present = await stat(file).catch(() => null)
  if (present?.size !== bytes.length) await write(file, bytes)
}

/** In one step: a start that is killed leaves the old file or the new one, never a half. */
async function write(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${file}.part`, bytes)
  await rename(`${file}.part`, file)
}
