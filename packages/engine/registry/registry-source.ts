import { digestSchema } from '@plimsoll/types'
import { maxManifestBytes, type RegistryClient, type RegistryOptions, registryClient } from './client.ts'
import { isRepositoryPath, isTag } from './reference.ts'
import { type ContentStore, resolveManifest } from './resolve.ts'
import type { ResolvedImage, Source } from './source.ts'
import { SourceError } from './source-error.ts'

export interface RegistrySourceOptions extends RegistryOptions {
  readonly repository: string
  /** A tag or a digest. */
  readonly reference: string
  /** The host for people where it is not the URL's, as `docker.io` is. */
  readonly host?: string
  /** Shares connections and tokens between images of one registry; `url` and `credentials` are then its own. */
  readonly client?: RegistryClient
}

/** An image in a registry that speaks the OCI distribution specification. */
export function registrySource(options: RegistrySourceOptions): Source {
  const { repository, reference } = options
  const isDigest = digestSchema.safeParse(reference).success
  if (!isRepositoryPath(repository) || !(isDigest || isTag(reference))) {
    throw new SourceError(
      'source-unreadable',
      `"${repository}" with "${reference}" does not name an image.`,
      {
        hint: 'Give a repository name, and a tag or a sha256: digest.',
      },
    )
  }
  const client = options.client ?? registryClient(options)
  const name = `${options.host ?? client.host}/${repository}`

  return {
    reference: `${name}${isDigest ? '@' : ':'}${reference}`,
    async resolve(platforms, signal) {
      const root = await client.manifest(repository, reference, signal)
      return await resolveManifest(root, platforms, contentOf(client, repository, signal))
    },
    openLayer(image: ResolvedImage, index: number, signal: AbortSignal) {
      const layer = image.layers[index]
      if (layer === undefined || layer.foreign) throw noSuchLayer(index, image.layers.length)
      return client.blob(repository, layer, `Layer ${index + 1} of ${image.layers.length} of ${name}`, signal)
    },
  }
}

function contentOf(client: RegistryClient, repository: string, signal: AbortSignal): ContentStore {
  return {
    async manifest({ digest, size }) {
      const stored = await client.manifest(repository, digest, signal)
      if (stored.bytes.length === size) return stored
      throw new SourceError(
        'size-mismatch',
        `The manifest ${digest} has ${stored.bytes.length} bytes, its index says ${size}.`,
      )
    },
    async config({ digest, size }) {
      if (size > maxManifestBytes) throw tooLarge(size)
      const blob = { digest, sizeBytes: size }
      return await client.smallBlob(repository, blob, "The image's configuration", signal)
    },
    hasBlob: descriptor => client.hasBlob(repository, descriptor.digest, signal),
  }
}

/** @throws SourceError `manifest-invalid` */
export const tooLarge = (sizeBytes: number): SourceError =>
  new SourceError(
    'manifest-invalid',
    `The image's configuration has ${sizeBytes} bytes; 4 MiB are read at most.`,
  )

export const noSuchLayer = (index: number, layers: number): SourceError =>
  new SourceError('internal', `Layer ${index + 1} of ${layers} cannot be opened.`)
