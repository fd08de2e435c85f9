import type { CloseReason } from '@plimsoll/types'
import { close } from './findings.ts'
import { type Finding, type Image, type Repository, type World, contentOf, indexesOf, tagsOf, timeIn } from './world.ts'

/** Digests to be scanned, and whether somebody asked for that. */
export type Queue = { readonly repository: Repository; readonly digest: string; readonly isRequest?: true }[]

/** docs/decisions/0002-superseded-images.md, word for word. */

const isTagged = (world: World, repository: Repository, digest: string): boolean =>
  tagsOf(world, repository, digest).length > 0

/** A digest and, of an index, its images as far as they are known. */
export const ledToBy = (world: World, digest: string): string[] => [digest, ...(world.members.get(digest) ?? [])]

/** What took the last tag of a digest, and of what it leads to. */
export function noteReplaced(world: World, repository: Repository, digest: string, by: string): void {
  for (const one of ledToBy(world, digest)) {
    if (!isTagged(world, repository, one)) repository.replaced.set(one, by)
  }
}

/** That an image is in an index came to be known: what happened to the index happened to it. */
export function shareReplaced(world: World, index: string, digest: string): void {
  for (const repository of world.repositories.values()) {
    if ([...repository.tags.values()].some(tag => tag.digest === index)) repository.replaced.delete(digest)
    const by = repository.replaced.get(index)
    if (by === undefined || isTagged(world, repository, digest) || repository.replaced.has(digest)) continue
    // Where it had the tag after the index, the index took nothing from it.
    if (!wayOf(repository, index).includes(digest)) repository.replaced.set(digest, by)
  }
}

/** An image of an index that took its place stands in its own stead. */
export function reviveMember(world: World, digest: string): void {
  for (const repository of world.repositories.values()) {
    const image = repository.images.get(digest)
    if (image === undefined || image.deletedAt !== null || image.supersededAt === null || !repository.replaced.has(digest)) continue
    if (successorsOf(world, repository, image).length === 0) takeBack(image)
  }
}

/** What took a digest's tag, and what took it after that. */
function wayOf({ replaced }: Repository, digest: string): string[] {
  const way: string[] = []
  for (let by = replaced.get(digest); by !== undefined && !way.includes(by); by = replaced.get(by)) way.push(by)
  return way
}

/** An image whose last tag another digest took is superseded once that one has a result of its own. */
export function settle(world: World, repository: Repository): void {
  for (const image of repository.images.values()) {
    if (image.deletedAt !== null || image.supersededAt !== null || isTagged(world, repository, image.digest)) continue
    const successors = successorsOf(world, repository, image)
    if (successors.length > 0 && successors.every(({ coverage }) => coverage !== null)) supersede(world, image, successors)
  }
}

/** A tag came back, to the image or to an index of it. */
export function revive(world: World, repository: Repository, digest: string): void {
  for (const one of ledToBy(world, digest)) {
    const image = repository.images.get(one)
    if (image !== undefined && image.supersededAt !== null && isTagged(world, repository, one)) takeBack(image)
  }
}

/** All that took its place was deleted. */
export function reviveUnreplaced(world: World, repository: Repository, deleted: readonly string[]): void {
  const gone = new Set(deleted.flatMap(digest => [digest, ...indexesOf(world, digest)]))
  for (const image of repository.images.values()) {
    if (image.deletedAt !== null || image.supersededAt === null) continue
    if (!wayOf(repository, image.digest).some(one => gone.has(one))) continue
    if (successorsOf(world, repository, image).length === 0) takeBack(image)
  }
}

/** The findings that closed with it are open as before. */
export function takeBack(image: Image): void {
  for (const finding of image.findings.values()) {
    if (finding.closedAt === null || finding.closedAt !== image.supersededAt) continue
    Object.assign(finding, { state: finding.match.state, closedAt: null, closeReason: null })
  }
  image.supersededAt = null
}

/** The newest of those that had the tag after it which is there; of an index, the images of its own platform. */
function successorsOf(world: World, repository: Repository, image: Image): Image[] {
  for (const digest of wayOf(repository, image.digest).reverse()) {
    const there = ledToBy(world, digest)
      .flatMap(one => repository.images.get(one) ?? [])
      .filter(one => one.deletedAt === null)
    if (there.includes(image)) return []
    const same = there.filter(one => platformOf(world, one) === platformOf(world, image))
    if (there.length > 0) return same.length > 0 ? same : there
  }
  return []
}

/** What has the place of an image that lost its last tag: of its platform, and assessed. */
export function replacementOf(world: World, repository: Repository, image: Image): Image | undefined {
  if (isTagged(world, repository, image.digest)) return undefined
  return successorsOf(world, repository, image).find(
    one => one.coverage !== null && platformOf(world, one) === platformOf(world, image),
  )
}

function platformOf(world: World, { digest, isRead }: Image): string | null {
  const content = contentOf(world, digest)
  return isRead && content?.kind === 'image' ? content.platform.architecture : null
}

function supersede(world: World, image: Image, successors: readonly Image[]): void {
  const at = timeIn(world)
  for (const finding of image.findings.values()) {
    if (finding.state !== 'closed') close(finding, whyClosed(world, finding, successors), at)
  }
  image.supersededAt = at
}

/** Fixed and gone are said only where all that took its place was read to the end. */
function whyClosed(world: World, { match }: Finding, successors: readonly Image[]): CloseReason {
  const is = (one: { ecosystem: string; sourceName: string }): boolean =>
    one.ecosystem === match.ecosystem && one.sourceName === match.sourceName
  const has = successors.some(({ findings }) =>
    [...findings.values()].some(
      one => one.state !== 'closed' && is(one.match) && one.match.vulnerabilityId === match.vulnerabilityId,
    ),
  )
  if (has || successors.some(({ coverage }) => coverage?.status !== 'complete')) return 'superseded'
  const packages = successors.flatMap(({ digest }) => {
    const content = contentOf(world, digest)
    return content?.kind === 'image' ? content.inventory.packages : []
  })
  return packages.some(is) ? 'fixed' : 'package-gone'
}
