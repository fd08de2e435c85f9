import type { Platform } from '@plimsoll/types'
import { platformName } from '@plimsoll/types'
import { maxManifestBytes, type RegistryClient } from './client.ts'
import { parseImageConfig } from './image-config.ts'
import { type ImageManifest, type IndexEntry, parseManifest, type StoredManifest } from './manifest.ts'
import { isWanted } from './platform.ts'
import { tooLarge } from './registry-source.ts'
import { SourceError } from './source-error.ts'

interface Place {
  readonly client: RegistryClient
  readonly repository: string
  readonly reference: string
}

/** What the reference names, or of an index the image of the one platform that is wanted. */
export async function chosenImage(
  { client, repository, reference }: Place,
  platform: Platform | null,
  signal: AbortSignal,
): Promise<StoredManifest> {
  const named = await client.manifest(repository, reference, signal)
  if (platform === null) return named
  const manifest = parseManifest(named)
  if (manifest.kind === 'image') await checkPlatform(manifest, { client, repository }, platform, signal)
  if (manifest.kind !== 'index') return named
  const entry = manifest.entries.find(one => isFor(one, platform))
  if (entry !== undefined) return await client.manifest(repository, entry.digest, signal)
  const there = manifest.entries.flatMap(one => nameOf(one) ?? [])
  const names = [...new Set(there)].slice(0, 20).join(', ')
  throw notThere(`${client.host}/${repository}`, platform, names === '' ? null : `It has: ${names}.`)
}

/** A single image says in its configuration what it is for; one that does not say is taken for what is wanted. */
async function checkPlatform(
  { config, layers }: ImageManifest,
  { client, repository }: Pick<Place, 'client' | 'repository'>,
  wanted: Platform,
  signal: AbortSignal,
): Promise<void> {
  if (config.size > maxManifestBytes) throw tooLarge(config.size)
  const blob = { digest: config.digest, sizeBytes: config.size }
  const bytes = await client.smallBlob(repository, blob, "The image's configuration", signal)
  const { platform } = parseImageConfig(bytes, layers.length)
  if (platform === null || isWanted(platform, [wanted])) return
  const hint = `It is a single image, for ${platformName(platform)}.`
  throw notThere(`${client.host}/${repository}`, wanted, hint)
}

const notThere = (name: string, wanted: Platform, hint: string | null): SourceError =>
  new SourceError('image-not-found', `${name} has no image for ${platformName(wanted)} there.`, { hint })

const isFor = ({ platform }: IndexEntry, wanted: Platform): boolean => {
  if (platform == null) return false
  const { os, architecture, variant } = platform
  return isWanted({ os, architecture, ...(variant == null ? {} : { variant }) }, [wanted])
}

const nameOf = ({ platform }: IndexEntry): string | null =>
  platform == null || platform.os === 'unknown'
    ? null
    : [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')
