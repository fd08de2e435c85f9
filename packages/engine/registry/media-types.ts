/** Media types of OCI image-spec 1.1 and Docker's image manifest version 2, schemas 1 and 2. */
const indexMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const

const imageManifestMediaTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const

const schema1MediaTypes = [
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
] as const

/** What a manifest is asked for with. Schema 1 is asked for too: told apart, it gets its reason rather than a 404. */
export const acceptedManifests: string = [
  ...imageManifestMediaTypes,
  ...indexMediaTypes,
  ...schema1MediaTypes,
].join(', ')

const imageConfigMediaTypes = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]

const among = (list: readonly string[], mediaType: string | null | undefined): boolean =>
  mediaType != null && list.includes(essence(mediaType))

/** Without parameters and letter case: `Application/JSON; charset=utf-8` is `application/json`. */
export const essence = (mediaType: string): string => (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()

export const isIndex = (mediaType: string | null | undefined): boolean => among(indexMediaTypes, mediaType)
export const isImageManifest = (mediaType: string | null | undefined): boolean =>
  among(imageManifestMediaTypes, mediaType)
export const isSchema1 = (mediaType: string | null | undefined): boolean =>
  among(schema1MediaTypes, mediaType)
export const isImageConfig = (mediaType: string): boolean => among(imageConfigMediaTypes, mediaType)

/** Encrypted by ocicrypt: the media type of the layer with `+encrypted` after it. */
export const isEncrypted = (mediaType: string): boolean => essence(mediaType).endsWith('+encrypted')

/** Whether a layer is a file system changeset, by its media type. */
export const isFileSystemLayer = (mediaType: string): boolean =>
  /^application\/vnd\.(?:oci\.image\.layer\.|docker\.image\.rootfs\.)|[.+/]tar(?:[.+](?:gzip|zstd))?(?:\+encrypted)?$/.test(
    essence(mediaType),
  )

/** Layers that a registry need not hold: "non-distributable" to OCI, "foreign" to Docker. */
export const isForeignLayer = (mediaType: string): boolean =>
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.|docker\.image\.rootfs\.foreign\.)/.test(
    essence(mediaType),
  )

export const isAttestation = (mediaType: string): boolean =>
  /^application\/vnd\.(?:in-toto\+json$|in-toto\.|dsse\.envelope\.|docker\.attestation\.)/.test(
    essence(mediaType),
  )

/** What else lives in registries, for people. First that matches wins. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^application\/vnd\.cncf\.helm\./, 'a Helm chart'],
  [/^application\/(?:vnd\.)?wasm\b|\+wasm$/, 'a WebAssembly module'],
  [/^application\/vnd\.dev\.cosign\.simplesigning\./, 'a cosign signature'],
  [/^application\/vnd\.dev\.sigstore\.bundle/, 'a Sigstore bundle'],
  [/^application\/vnd\.cncf\.notary\.signature/, 'a Notary signature'],
  [/cyclonedx|spdx|syft/, 'a software bill of materials'],
  [/^application\/vnd\.docker\.plugin\./, 'a Docker plugin'],
  [/^application\/vnd\.docker\.ai\.|^application\/vnd\.cnai\.|^application\/vnd\.ollama\./, 'an AI model'],
  [/^application\/vnd\.buildkit\.cacheconfig\./, 'a BuildKit cache'],
  [/^application\/vnd\.cncf\.flux\./, 'a Flux configuration'],
  [/^application\/vnd\.cncf\.(?:opa|openpolicyagent)\./, 'a policy bundle'],
]

/** What something of these media types is, for people: "a Helm chart", or null when nothing here is known. */
export function kindOf(mediaTypes: readonly string[]): string | null {
  for (const [pattern, kind] of kinds) {
    if (mediaTypes.some(mediaType => pattern.test(essence(mediaType)))) return kind
  }
  return null
}
