import { createHash } from 'node:crypto'
import type { Digest } from '@plimsoll/types'
import { archiveFiles } from './archive-files.ts'
import { sha256, verifyDigest } from './blob.ts'
import { windows } from './classify.ts'
import { maxManifestBytes } from './client.ts'
import { compressionOf } from './compression.ts'
import {
  chooseImage,
  type DockerImage,
  imageIdOf,
  openMember,
  readDockerManifest,
} from './docker-manifest.ts'
import { joinLayers, parseImageConfig } from './image-config.ts'
import { isFor } from './platform.ts'
import { formatReference } from './reference.ts'
import { noSuchLayer } from './registry-source.ts'
import { type Outcome, resolutionOf, sumOfSizes } from './resolve.ts'
import type { Source } from './source.ts'
import { chunksOf, readSmall, type StoredFile, type StoredFiles, unreadable } from './stored-file.ts'

export interface DockerArchiveOptions {
  readonly file: string
  /** `app:1.0`, or `1.0` alone where only one image has it. */
  readonly name?: string | null
  /** Digest of the image's configuration. Wins over the name. */
  readonly imageId?: Digest | null
}

/**
 * An image in an archive as `docker save` and `skopeo copy ... docker-archive:` write it, read from where it stands
 * in there: nothing is unpacked. Without a choice the archive's only image is meant.
 *
 * Such an archive has no manifest of the image, so the image has no digest here. Its id, the digest of its
 * configuration, is another thing. Layers may be stored otherwise than in a registry: their diffIDs are the same,
 * their digests need not be.
 */
export function dockerArchiveSource({ file, name = null, imageId = null }: DockerArchiveOptions): Source {
  const choice = { name: imageId === null ? name : null, imageId }
  const files = archiveFiles(file)
  /** Of the image that was chosen. */
  let layerPaths: readonly string[] = []
  return {
    reference: formatReference({ kind: 'docker-archive', file, ...choice }),
    async resolve(platforms, signal) {
      const image = await chooseImage(await readDockerManifest(files, signal), choice, files, signal)
      layerPaths = image.layers
      return { indexDigest: null, ...resolutionOf(await resolveImage(image, files, signal), platforms) }
    },
    openLayer(image, index, signal) {
      const layer = image.layers[index]
      const path = layerPaths[index]
      if (layer === undefined || path === undefined) throw noSuchLayer(index, image.layers.length)
      return readLayer(files, path, layer.digest, layerName(index, image.layers.length, file), signal)
    },
  }
}

async function resolveImage(image: DockerImage, files: StoredFiles, signal: AbortSignal): Promise<Outcome> {
  const what = "The image's configuration"
  const bytes = await readSmall(
    await openMember(files, image.config, what, signal),
    maxManifestBytes,
    what,
    signal,
  )
  const id = imageIdOf(image)
  if (id !== null) verifyDigest(sha256(bytes), id, what, damaged)
  const config = parseImageConfig(bytes, image.layers.length)
  const { platform, createdAt } = config
  if (platform !== null && isFor('windows', platform)) {
    return { image: null, notApplicable: { digest: null, mediaType: null, platform, reason: windows } }
  }
  const stored: StoredLayer[] = []
  const seen = new Map<number, Looked>()
  for (const [index, diffId] of config.diffIds.entries()) {
    const name = layerName(index, image.layers.length, files.place)
    const layer = await lookAt(files, image.layers[index] ?? '', seen, name, signal)
    // What is not compressed has the digest that it is said to have; that it does is checked when it is read.
    stored.push({ ...layer, digest: layer.digest ?? diffId })
  }
  const layers = joinLayers(config, stored)
  const sizeBytes = sumOfSizes(layers)
  return { image: { digest: null, mediaType: null, platform, layers, sizeBytes, createdAt } }
}

type StoredLayer = Parameters<typeof joinLayers>[1][number]

interface Looked {
  /** Null for one that is not compressed. */
  readonly digest: Digest | null
  readonly mediaType: string
  readonly size: number
}

/**
 * What a layer is, by its own bytes: neither its name nor the archive says so reliably.
 *
 * @param seen what was looked at, by its place in the archive: thousands of links may lead to one large layer
 */
async function lookAt(
  files: StoredFiles,
  path: string,
  seen: Map<number, Looked>,
  what: string,
  signal: AbortSignal,
): Promise<Looked> {
  const file = await openMember(files, path, what, signal)
  try {
    const before = seen.get(file.at)
    if (before !== undefined) return before
    const looked = await lookInto(file, what, signal)
    seen.set(file.at, looked)
    return looked
  } catch (error) {
    throw unreadable(error, what)
  } finally {
    await file.handle.close()
  }
}

async function lookInto(file: StoredFile, what: string, signal: AbortSignal): Promise<Looked> {
  const { buffer } = await file.handle.read(Buffer.alloc(6), 0, Math.min(6, file.sizeBytes), file.at)
  const compression = compressionOf(buffer)
  const mediaType = 'application/vnd.docker.image.rootfs.diff.tar'
  const size = file.sizeBytes
  if (compression === null) return { digest: null, mediaType, size }
  const hash = createHash('sha256')
  for await (const chunk of chunksOf(file, what, signal)) hash.update(chunk)
  return { digest: `sha256:${hash.digest('hex')}`, mediaType: `${mediaType}.${compression}`, size }
}

async function* readLayer(
  files: StoredFiles,
  path: string,
  digest: Digest,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const file = await openMember(files, path, what, signal)
  try {
    const hash = createHash('sha256')
    for await (const chunk of chunksOf(file, what, signal)) {
      hash.update(chunk)
      yield chunk
    }
    verifyDigest(hash.digest('hex'), digest, what, damaged)
  } finally {
    await file.handle.close()
  }
}

const layerName = (index: number, layers: number, file: string): string =>
  `Layer ${index + 1} of ${layers} in ${file}`

const damaged = 'The archive is damaged. Save the image again.'
