import type { RegistryEvent } from '../../intake/event.ts'
import { closeAll } from './findings.ts'
import { ledToBy, noteReplaced, type Queue, revive, reviveUnreplaced, settle } from './superseding.ts'
import { type Image, type Repository, type World, imageIn, indexesOf, planOf, repositoryIn, timeIn } from './world.ts'

/**
 * What events do, a second time and in the plainest way: as docs/decisions/0002-superseded-images.md and the comments of
 * intake/ have it. They come in any order: what is older than what is known says nothing.
 */

/** @returns the digests that are to be scanned. */
export function takeEvent(world: World, registry: string, event: RegistryEvent): Queue {
  const known = world.registries.get(registry)
  if (known === undefined || known.removed) return []
  if (known.watched.length > 0 && !known.watched.includes(event.repository)) return []
  if (event.action === 'push') return takePush(world, registry, event)
  if (event.action === 'pull') return takePull(world, registry, event)
  takeDelete(world, repositoryIn(world, registry, event.repository), event)
  return []
}

function takePush(world: World, registry: string, { repository: name, digest, tag, at, mediaType }: RegistryEvent): Queue {
  if (digest === null) return []
  const repository = repositoryIn(world, registry, name)
  const known = repository.images.get(digest)
  const isLate = known?.eventAt != null && known.eventAt > at
  const isBack = known !== undefined && known.deletedAt !== null
  if (isLate && isBack) return []
  if (known !== undefined || (tag !== null && !mediaType?.includes('index'))) {
    const image = imageIn(world, repository, digest, at)
    if (isBack) bringBack(image)
    if (!isLate) Object.assign(image, { eventAt: at, pushedAt: at })
  }
  if (tag !== null) pointTag(world, repository, { tag, digest, at })
  if (isBack) settle(world, repository)
  return mayScan(world, registry) ? [{ repository, digest }] : []
}

function takePull(world: World, registry: string, { repository: name, digest, at }: RegistryEvent): Queue {
  const repository = world.repositories.get(`${registry} ${name}`)
  if (digest === null || repository === undefined) return []
  const pulled = [digest, ...(world.members.get(digest) ?? [])]
  const images = pulled.flatMap(one => repository.images.get(one) ?? [])
  for (const image of images) {
    if (image.lastPulledAt === null || image.lastPulledAt < at) image.lastPulledAt = at
  }
  const back = images.filter(({ deletedAt, eventAt }) => deletedAt !== null && deletedAt < at && (eventAt ?? '') < at)
  for (const image of back) bringBack(image)
  if (back.length > 0) settle(world, repository)
  return mayScan(world, registry) ? back.map(image => ({ repository, digest: image.digest })) : []
}

function takeDelete(world: World, repository: Repository, { digest, tag, at }: RegistryEvent): void {
  const known = tag === null ? undefined : repository.tags.get(tag)
  if (tag !== null && known !== undefined && known.eventAt <= at) repository.tags.delete(tag)
  if (digest === null) return
  const isLedTo = [...repository.tags.values()].some(one => one.digest === digest)
  if (tag === null || !isLedTo) deleteDigest(world, repository, digest, { eventAt: at })
}

const mayScan = (world: World, registry: string): boolean => {
  const { plan, push } = planOf(world, registry)
  return plan === 'on' && push
}

function pointTag(world: World, repository: Repository, { tag, digest, at }: { tag: string; digest: string; at: string }): void {
  const old = repository.tags.get(tag)
  if (old !== undefined && old.eventAt > at) {
    // What has it now took it from a digest of which nothing newer was told.
    const { eventAt } = repository.images.get(digest) ?? {}
    const isNewest = eventAt === undefined ? !world.members.has(digest) : eventAt === at
    if (old.digest === digest || !isNewest || repository.replaced.has(digest)) return
    noteReplaced(world, repository, digest, old.digest)
    settle(world, repository)
    return
  }
  repository.tags.set(tag, { digest, eventAt: at })
  for (const one of ledToBy(world, digest)) repository.replaced.delete(one)
  if (old !== undefined && old.digest !== digest) noteReplaced(world, repository, old.digest, digest)
  revive(world, repository, digest)
  if (old !== undefined && old.digest !== digest) settle(world, repository)
}

/** With an index the images go that nothing else leads to. `tagsStay` where it was only found to be missing. */
export function deleteDigest(
  world: World,
  repository: Repository,
  digest: string,
  { eventAt, by = null, tagsStay = false }: { eventAt: string | null; by?: string | null; tagsStay?: boolean },
): void {
  const isTag = (one: string): boolean => [...repository.tags.values()].some(tag => tag.digest === one)
  const orphans = [...(world.members.get(digest) ?? [])].filter(
    member => !isTag(member) && !indexesOf(world, member).some(index => index !== digest && isTag(index)),
  )
  for (const [name, tag] of repository.tags) {
    const isOlder = eventAt === null || tag.eventAt <= eventAt
    if (!tagsStay && tag.digest === digest && isOlder) repository.tags.delete(name)
  }
  const deleted = [digest, ...orphans].filter(one =>
    deleteImage(world, repository.images.get(one), eventAt, one === digest ? null : digest),
  )
  const own = repository.images.get(digest)
  if (by !== null && own !== undefined) own.deletedBy = by
  reviveUnreplaced(world, repository, deleted)
}

function deleteImage(world: World, image: Image | undefined, eventAt: string | null, index: string | null): boolean {
  if (image === undefined || (eventAt !== null && image.eventAt !== null && image.eventAt > eventAt)) return false
  if (image.deletedAt !== null) {
    if (index === null && image.deletedBy?.startsWith('sha256:') === true) image.deletedBy = null
    return false
  }
  const at = timeIn(world)
  Object.assign(image, { deletedAt: at, deletedBy: index, eventAt: eventAt ?? image.eventAt })
  closeAll(image, 'image-deleted', at)
  return true
}

/** It is there again; its old result went with the deletion. */
export function bringBack(image: Image): void {
  const nothing = { deletedAt: null, deletedBy: null, supersededAt: null, coverage: null, scannedAt: null, failed: false }
  Object.assign(image, nothing)
}


