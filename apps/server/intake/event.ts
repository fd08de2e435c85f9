/** What a registry tells of, whatever its kind (webhooks/). Kept as JSON in the inbox until it is taken in. */
export interface RegistryEvent {
  /** One of its own, or made of what it says: an event that is told of twice has the same. */
  readonly id: string
  /** ISO 8601 in UTC with milliseconds, by the registry's clock; where that goes ahead, set back on arrival. */
  readonly at: string
  readonly action: 'push' | 'pull' | 'delete'
  readonly repository: string
  /**
   * Of a manifest. Null when only a tag is told: a deletion then takes away the tag alone, and a push has to be looked
   * up. A deletion with both takes away the tag, and the manifest if no other leads to it.
   */
  readonly digest: string | null
  readonly tag: string | null
  /** Of the manifest; null when it is not told. */
  readonly mediaType: string | null
}

export const isIndexType = (mediaType: string): boolean =>
  mediaType === 'application/vnd.oci.image.index.v1+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.list.v2+json'

/** Manifests and indexes; layers and other blobs make events too. */
export const isManifestType = (mediaType: string): boolean =>
  isIndexType(mediaType) ||
  mediaType === 'application/vnd.oci.image.manifest.v1+json' ||
  mediaType === 'application/vnd.oci.artifact.manifest.v1+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.v2+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.v1+json' ||
  mediaType === 'application/vnd.docker.distribution.manifest.v1+prettyjws'
