import { type Digest, digestSchema, type Layer, type Platform } from '@plimsoll/types'
import { z } from 'zod'
import { type Descriptor, notAManifest, parseJson, printable } from './manifest.ts'
import { SourceError } from './source-error.ts'

const platformPart = printable.nullish()

/** The members of an image's configuration that matter here, OCI image-spec 1.1 config.md. */
const configSchema = z.object({
  os: platformPart,
  architecture: platformPart,
  variant: platformPart,
  'os.version': platformPart,
  created: z.string().nullish(),
  rootfs: z.object({ diff_ids: z.array(digestSchema).nullish() }).nullish(),
  // Only what it says of layers matters, so one that makes no sense costs that and nothing else.
  history: z
    .array(z.object({ created_by: z.string().nullish(), empty_layer: z.boolean().nullish() }))
    .nullish()
    .catch(null),
})

export interface ImageConfig {
  readonly platform: Platform | null
  readonly createdAt: string | null
  /** Of the layers, bottom first. */
  readonly diffIds: readonly Digest[]
  /** The instruction of each layer, '' where it has none; null where the history does not say. */
  readonly instructions: readonly string[] | null
}

/**
 * Reads an image's configuration.
 *
 * @param layers how many the manifest has
 * @throws SourceError `manifest-invalid`, also when configuration and manifest disagree on how many layers there are
 */
export function parseImageConfig(bytes: Uint8Array, layers: number): ImageConfig {
  const parsed = configSchema.safeParse(parseJson(bytes, "The image's configuration"))
  if (!parsed.success) throw notAManifest(parsed.error, "The image's configuration")
  const config = parsed.data
  const diffIds = config.rootfs?.diff_ids ?? []
  if (diffIds.length !== layers) {
    throw new SourceError(
      'manifest-invalid',
      `The manifest has ${layers} layers, the configuration has ${diffIds.length}.`,
    )
  }
  return {
    platform: platformOf(config),
    createdAt: timeOf(config.created),
    diffIds,
    instructions: instructionsOf(config.history ?? [], layers),
  }
}

/** The layers as they are stored, joined to what the configuration says of them. Bottom first, as many of both. */
export function joinLayers(
  { diffIds, instructions }: ImageConfig,
  stored: readonly Pick<Descriptor, 'digest' | 'mediaType' | 'size'>[],
): readonly Layer[] {
  return stored.flatMap(({ digest, mediaType, size: sizeBytes }, index): Layer[] => {
    const diffId = diffIds[index]
    if (diffId === undefined) return []
    const createdBy = instructions?.[index]
    return [{ digest, diffId, mediaType, sizeBytes, ...(createdBy ? { createdBy } : {}) }]
  })
}

/**
 * The instruction of each layer: history without the entries that made none. Null when the two do not add up, as in
 * squashed or hand-made images: a wrong instruction beside a layer is worse than none.
 */
function instructionsOf(
  history: readonly { created_by?: string | null | undefined; empty_layer?: boolean | null | undefined }[],
  layers: number,
): readonly string[] | null {
  const making = history.filter(entry => entry.empty_layer !== true)
  return making.length === layers ? making.map(entry => entry.created_by ?? '') : null
}

function platformOf(config: z.infer<typeof configSchema>): Platform | null {
  if (!config.os || !config.architecture) return null
  return platform(config.os, config.architecture, config.variant, config['os.version'])
}

/** A platform without the members that are not known. */
export function platform(
  os: string,
  architecture: string,
  variant: string | null | undefined,
  osVersion: string | null | undefined,
): Platform {
  return { os, architecture, ...(variant ? { variant } : {}), ...(osVersion ? { osVersion } : {}) }
}

function timeOf(created: string | null | undefined): string | null {
  return z.iso.datetime({ offset: true }).safeParse(created).data ?? null
}
