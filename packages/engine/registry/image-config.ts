import { digestSchema, type Layer, type Platform } from '@plimsoll/types'
import { z } from 'zod'
import { type ImageManifest, notAManifest, parseJson, printable } from './manifest.ts'
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
  history: z
    .array(z.object({ created_by: z.string().nullish(), empty_layer: z.boolean().nullish() }))
    .nullish(),
})

export interface ImageConfig {
  readonly platform: Platform | null
  readonly createdAt: string | null
  readonly layers: readonly Layer[]
}

/**
 * Reads an image's configuration and joins its diffIDs and history to the manifest's layers.
 *
 * @throws SourceError `manifest-invalid`, also when configuration and manifest disagree on how many layers there are
 */
export function parseImageConfig(bytes: Uint8Array, manifest: ImageManifest): ImageConfig {
  const parsed = configSchema.safeParse(parseJson(bytes, "The image's configuration"))
  if (!parsed.success) throw notAManifest(parsed.error, "The image's configuration")
  const config = parsed.data
  const diffIds = config.rootfs?.diff_ids ?? []
  if (diffIds.length !== manifest.layers.length) {
    throw new SourceError(
      'manifest-invalid',
      `The manifest has ${manifest.layers.length} layers, the configuration has ${diffIds.length}.`,
    )
  }
  const instructions = instructionsOf(config.history ?? [], diffIds.length)
  const layers = diffIds.flatMap((diffId, index): Layer[] => {
    const descriptor = manifest.layers[index]
    if (descriptor === undefined) return []
    const { digest, mediaType, size: sizeBytes } = descriptor
    const createdBy = instructions?.[index]
    return [{ digest, diffId, mediaType, sizeBytes, ...(createdBy ? { createdBy } : {}) }]
  })
  return { platform: platformOf(config), createdAt: timeOf(config.created), layers }
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
