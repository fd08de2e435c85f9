import {
  type NotApplicable,
  type Resolution,
  type ResolvedImage,
  type Source,
  SourceError,
} from '@plimsoll/engine'
import type { Inventory } from '@plimsoll/types'
import { oci } from '../../../../packages/engine/registry/testdata/made-image.ts'
import type { RegistryEvent } from '../../intake/event.ts'
import { distribution } from '../../intake/webhooks/distribution.ts'
import { type EventFacts, registryEvent } from '../../testdata/registry-event.ts'
import type { Content, ImageContent, OtherContent } from './contents.ts'

/** What the made-up registries hold, by `REGISTRY REPOSITORY`, and what they have not told yet. */
export interface RegistryDouble {
  readonly manifests: Map<string, Set<string>>
  readonly tags: Map<string, Map<string, string>>
  readonly untold: Map<string, RegistryEvent[]>
}

export const newRegistryDouble = (): RegistryDouble => ({ manifests: new Map(), tags: new Map(), untold: new Map() })

export const holds = ({ manifests }: RegistryDouble, place: string, digest: string): boolean =>
  manifests.get(place)?.has(digest) === true

/** Events as the registry tells of them. @param at ISO 8601, of the first; each happens a second after the one before. */
export function eventsOf(facts: readonly EventFacts[], at: string): RegistryEvent[] {
  const times = facts.map((_, number) => new Date(Date.parse(at) + number * 1000).toISOString())
  const body = { events: facts.map((fact, number) => registryEvent({ ...fact, at: times[number] ?? at })) }
  const read = distribution.read(body, { headers: {}, at, host: null, ownUsername: () => null })
  if (read === null || read.unreadable + read.ignored > 0) throw new Error('these are no events of a registry')
  return [...read.events]
}

/** Pushed with all that it names. @returns what happened, in its order: an index is pushed after its images. */
export function push(double: RegistryDouble, place: string, content: Content, tag: string | null): EventFacts[] {
  const named: readonly Content[] = content.kind === 'index' ? [...content.members, content.attestation ?? []].flat() : []
  const manifests = double.manifests.getOrInsertComputed(place, () => new Set())
  for (const one of [...named, content]) manifests.add(one.digest)
  if (tag !== null) double.tags.getOrInsertComputed(place, () => new Map()).set(tag, content.digest)
  const own = { ...factsOf(content), ...(tag === null ? {} : { tag }) }
  return [...named.map(factsOf), own]
}

export const factsOf = ({ kind, digest }: Content): EventFacts => ({
  digest,
  mediaType: kind === 'index' ? oci.index : oci.manifest,
})

/** A manifest goes with its tags; what an index names stays. */
export function remove({ manifests, tags }: RegistryDouble, place: string, digest: string): void {
  manifests.get(place)?.delete(digest)
  for (const [tag, of] of tags.get(place) ?? []) if (of === digest) tags.get(place)?.delete(tag)
}

/** An image with what the double of the sandbox finds in its layers. */
export interface ReadableImage extends ResolvedImage {
  readonly inventory: Inventory
}

/** @param content undefined: it is not there. */
export function sourceOf(content: Content | undefined, digest: string): Source {
  return {
    reference: digest,
    resolve: async () => {
      // As any registry it leaves the others their turn.
      await new Promise(resolve => setImmediate(resolve))
      if (content === undefined) throw new SourceError('image-not-found', 'The registry does not have it.')
      return resolutionOf(content)
    },
    openLayer: () => {
      throw new Error('the sandbox has a double, which needs no layers')
    },
  }
}

const nothing: Resolution = { indexDigest: null, images: [], notApplicable: [], unresolved: [], unwanted: [] }

function resolutionOf(content: Content): Resolution {
  switch (content.kind) {
    case 'image':
      return { ...nothing, images: [readable(content)] }
    case 'index': {
      const notApplicable = content.attestation === null ? [] : [standing(content.attestation)]
      return { ...nothing, indexDigest: content.digest, images: content.members.map(readable), notApplicable }
    }
    case 'broken':
      throw new SourceError('manifest-invalid', 'The manifest makes no sense.')
    default:
      return { ...nothing, notApplicable: [standing(content)] }
  }
}

const readable = ({ digest, platform, layers, createdAt, inventory }: ImageContent): ReadableImage => ({
  digest,
  mediaType: oci.manifest,
  platform,
  layers,
  sizeBytes: layers.length * 100,
  createdAt,
  inventory,
})

const standing = ({ kind, digest }: OtherContent): NotApplicable => ({
  digest,
  mediaType: oci.manifest,
  platform: null,
  reason:
    kind === 'attestation'
      ? { code: 'attestation', message: 'It is about an image.' }
      : { code: 'not-an-image', message: 'It is a chart.' },
})
