import type { CoverageReason } from '@plimsoll/types'
import type { ImageManifest, IndexEntry } from './manifest.ts'
import {
  essence,
  isAttestation,
  isEncrypted,
  isFileSystemLayer,
  isImageConfig,
  kindOf,
} from './media-types.ts'
import { isFor } from './platform.ts'

/**
 * Why a single manifest cannot be assessed, or null when it is an image. Its configuration's and layers' media types
 * decide, never its name, tag, annotations or `artifactType` alone: whoever pushes chooses those, and a thing that
 * runs must not be able to call itself something else.
 */
export function whyNotAnImage(manifest: ImageManifest): CoverageReason | null {
  const { config, layers, artifactType } = manifest
  const types = layers.map(layer => layer.mediaType)
  const allTypes = [...(artifactType === null ? [] : [artifactType]), config.mediaType, ...types]
  const isImage = isImageConfig(config.mediaType) && (types.length === 0 || types.some(isFileSystemLayer))
  if (!isImage) {
    if (allTypes.some(isAttestation)) return attestation
    const kind = kindOf(allTypes)
    const type = artifactType ?? config.mediaType
    return notAnImage(
      kind === null
        ? `It holds ${essence(type)}, not a container image.`
        : `It is ${kind} (${essence(type)}), not a container image.`,
    )
  }
  const encrypted = types.findIndex(isEncrypted)
  if (encrypted !== -1) {
    return {
      code: 'encrypted-layer',
      message: `Layer ${encrypted + 1} of ${types.length} is encrypted, so nobody without its key can read the image.`,
    }
  }
  return null
}

/** Why an index entry need not even be fetched, from its platform alone; null when it must be looked at. */
export function whyNotFetched(entry: IndexEntry): CoverageReason | null {
  if (entry.platform == null) return null
  if (isFor('windows', entry.platform)) {
    return {
      ...windows,
      message: `The index says that it is for windows/${entry.platform.architecture}. ${linuxOnly}`,
    }
  }
  // BuildKit marks what is no image with a platform that no machine has; the annotation alone would not do, since
  // container runtimes choose by platform and would run the entry.
  if (entry.platform.os === 'unknown' || entry.platform.architecture === 'unknown') {
    return entry.annotations?.['vnd.docker.reference.type'] === undefined
      ? notAnImage('The index says that it is for no platform, so it is not a container image.')
      : attestation
  }
  return null
}

const linuxOnly = 'Plimsoll reads Linux images only.'

export const windows: CoverageReason = {
  code: 'windows-image',
  message: `It is a Windows image, and ${linuxOnly}`,
}

export const schema1: CoverageReason = {
  code: 'schema1-manifest',
  message: 'It has the old Docker manifest, schema 1. Push it again with a current tool to have it assessed.',
}

const attestation: CoverageReason = {
  code: 'attestation',
  message: 'It is an attestation about an image, not a container image.',
}

export const notAnImage = (message: string): CoverageReason => ({ code: 'not-an-image', message })
