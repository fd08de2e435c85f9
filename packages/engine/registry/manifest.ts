import { digestSchema } from '@plimsoll/types'
import { z } from 'zod'
import { isImageManifest, isIndex, isSchema1 } from './media-types.ts'
import { SourceError } from './source-error.ts'

const mediaTypeSchema = z.string().regex(/^[\x20-\x7e]{1,255}$/, 'expected a media type')
export const printable = z.string().regex(/^[\x20-\x7e]{0,100}$/, 'expected a short text')
const annotationsSchema = z.record(z.string(), z.string()).nullish()

/** A content descriptor, OCI image-spec 1.1 descriptor.md. `size` is in bytes. */
export const descriptorSchema = z.object({
  mediaType: mediaTypeSchema,
  digest: digestSchema,
  size: z.int().nonnegative(),
  annotations: annotationsSchema,
})
export type Descriptor = z.infer<typeof descriptorSchema>

export const indexEntrySchema = descriptorSchema.extend({
  artifactType: mediaTypeSchema.nullish(),
  platform: z
    .object({
      os: printable,
      architecture: printable,
      variant: printable.nullish(),
      'os.version': printable.nullish(),
    })
    .nullish(),
})
export type IndexEntry = z.infer<typeof indexEntrySchema>

const indexSchema = z.object({ manifests: z.array(indexEntrySchema) })

const imageManifestSchema = z.object({
  artifactType: mediaTypeSchema.nullish(),
  config: descriptorSchema,
  // OCI artifacts may have none at all.
  layers: z.array(descriptorSchema).nullish(),
  annotations: annotationsSchema,
})

/** A manifest as it came, verified, with the media type that it was delivered under. */
export interface StoredManifest {
  readonly digest: string
  readonly contentType: string | null
  readonly bytes: Uint8Array
}

export interface ImageManifest {
  readonly kind: 'image'
  readonly mediaType: string
  readonly artifactType: string | null
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

export type Manifest =
  | ImageManifest
  | { readonly kind: 'index'; readonly mediaType: string; readonly entries: readonly IndexEntry[] }
  /** Docker's schema 1, or something that is no manifest of an image at all; `mediaType` says what where it does. */
  | { readonly kind: 'schema1' | 'other'; readonly mediaType: string | null }

/**
 * Reads a manifest. What it is is told by its own `mediaType`, else by the type it was delivered under, else by its
 * members; one that has the members of an index and of an image is refused, since two readers would see two
 * different images (CVE-2021-41190).
 *
 * @throws SourceError `manifest-invalid`
 */
export function parseManifest(stored: StoredManifest): Manifest {
  const value = parseJson(stored.bytes, 'The manifest')
  const members = z
    .looseObject({ mediaType: mediaTypeSchema.nullish(), schemaVersion: z.unknown().optional() })
    .safeParse(value)
  if (!members.success) throw notAManifest(members.error)
  const content = members.data

  if ('manifests' in content && ('layers' in content || 'config' in content)) {
    throw new SourceError(
      'manifest-invalid',
      'The manifest reads both as an index and as a single image, so it is refused.',
    )
  }
  const mediaType = content.mediaType ?? stored.contentType
  if (isSchema1(mediaType) || content.schemaVersion === 1) return { kind: 'schema1', mediaType }
  if ('manifests' in content) {
    return { kind: 'index', mediaType: indexTypeOf(mediaType), entries: check(indexSchema, value).manifests }
  }
  if ('config' in content && 'layers' in content) {
    const image = check(imageManifestSchema, value)
    return {
      kind: 'image',
      mediaType:
        isImageManifest(mediaType) && mediaType !== null
          ? mediaType
          : 'application/vnd.oci.image.manifest.v1+json',
      artifactType: image.artifactType ?? null,
      config: image.config,
      layers: image.layers ?? [],
    }
  }
  if (isImageManifest(mediaType) || isIndex(mediaType)) {
    throw new SourceError('manifest-invalid', `The manifest lacks the members that ${mediaType} must have.`)
  }
  return { kind: 'other', mediaType }
}

const indexTypeOf = (mediaType: string | null): string =>
  mediaType !== null && isIndex(mediaType) ? mediaType : 'application/vnd.oci.image.index.v1+json'

/** @throws SourceError `manifest-invalid`, naming `what` */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new SourceError('manifest-invalid', `${what} is not JSON.`, { cause })
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw notAManifest(parsed.error)
}

/** Says where and what was expected; never what stood there, which is a stranger's text. */
export function notAManifest(error: z.ZodError, what = 'The manifest'): SourceError {
  const first = error.issues[0]
  const where = first === undefined || first.path.length === 0 ? '' : ` at ${first.path.join('.')}`
  return new SourceError(
    'manifest-invalid',
    `${what} is not as the specification has it${where}: ${first?.message}.`,
    {
      cause: error,
    },
  )
}
