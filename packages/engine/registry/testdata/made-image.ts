import { gzipSync } from 'node:zlib'
import { sha256 } from '../blob.ts'
import { tarArchive } from '../../formats/tar-writer.ts'

/** Some content with its digest and the media type it goes under. */
export interface Blob {
  readonly bytes: Uint8Array
  readonly digest: string
  readonly mediaType: string
}

export const oci = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const

export const docker = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const

export function blob(content: unknown, mediaType: string): Blob {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content))
  return { bytes, digest: `sha256:${sha256(bytes)}`, mediaType }
}

export const descriptor = ({ bytes, digest, mediaType }: Blob) => ({ mediaType, digest, size: bytes.length })

export interface MadeImage {
  readonly manifest: Blob
  readonly config: Blob
  readonly layers: readonly Blob[]
  /** Every blob but the manifest. */
  readonly blobs: readonly Blob[]
}

export interface MadeImageOptions {
  readonly types?: typeof oci | typeof docker
  /** Media types of the layers, bottom first; as many layers are made. */
  readonly layerTypes?: readonly string[]
  /** Members of the configuration, over those made. */
  readonly config?: object
  readonly configType?: string
  /** Members of the manifest, over those made. */
  readonly manifest?: object
}

/** An image of small layers, one unless told otherwise. */
export function madeImage(options: MadeImageOptions = {}): MadeImage {
  const { types = oci, config = {}, manifest = {} } = options
  const { layerTypes = [types.layer], configType = types.config } = options
  const tars = layerTypes.map((_, index) => tarArchive([{ path: `file-${index}`, content: `content ${index}` }]))
  const layers = tars.map((tar, index) => blob(gzipSync(tar), layerTypes[index] ?? types.layer))
  const made = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: tars.map(tar => `sha256:${sha256(tar)}`) },
  }
  const configBlob = blob({ ...made, ...config }, configType)
  const manifestBlob = blob(
    {
      schemaVersion: 2,
      mediaType: types.manifest,
      config: descriptor(configBlob),
      layers: layers.map(descriptor),
      ...manifest,
    },
    types.manifest,
  )
  return { manifest: manifestBlob, config: configBlob, layers, blobs: [configBlob, ...layers] }
}

/** An index of entries, each a manifest with what its entry adds, e.g. the platform. */
export function madeIndex(entries: readonly { of: Blob; with?: object }[], mediaType: string = oci.index): Blob {
  const manifests = entries.map(({ of, with: more = {} }) => ({ ...descriptor(of), ...more }))
  return blob({ schemaVersion: 2, mediaType, manifests }, mediaType)
}
