import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { blob, descriptor, type MadeImage, oci } from '../../../packages/engine/registry/testdata/made-image.ts'

/**
 * Writes manifests and their tags straight into the storage folder of a Docker Distribution registry, laid out as its
 * file system driver does, far faster than pushing them. They are those of `image`, each with another annotation; its
 * blobs have to be pushed.
 * @returns digests by tag.
 */
export async function writeTags(
  storageDirectory: string,
  repository: string,
  image: MadeImage,
  count: number,
): Promise<Map<string, string>> {
  const root = join(storageDirectory, 'docker/registry/v2')
  const manifests = join(root, 'repositories', repository, '_manifests')
  const digests = new Map<string, string>()
  const write = async (folder: string, name: string, content: Uint8Array | string): Promise<void> => {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, name), content)
  }
  const writeOne = async (number: number): Promise<void> => {
    const tag = `v${number}`
    const { bytes, digest } = manifestOf(image, tag)
    const hex = digest.slice('sha256:'.length)
    await write(join(root, 'blobs/sha256', hex.slice(0, 2), hex), 'data', bytes)
    await write(join(manifests, 'revisions/sha256', hex), 'link', digest)
    await write(join(manifests, 'tags', tag, 'current'), 'link', digest)
    digests.set(tag, digest)
  }
  for (let from = 0; from < count; from += 500) {
    const numbers = Array.from({ length: Math.min(500, count - from) }, (_, at) => from + at)
    await Promise.all(numbers.map(writeOne))
  }
  return digests
}

const manifestOf = ({ config, layers }: MadeImage, tag: string) =>
  blob(
    {
      schemaVersion: 2,
      mediaType: oci.manifest,
      config: descriptor(config),
      layers: layers.map(descriptor),
      annotations: { tag },
    },
    oci.manifest,
  )
