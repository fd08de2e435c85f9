import { match } from '@plimsoll/engine'
import type { Coverage, Match } from '@plimsoll/types'
import { isAssessed } from '../../billing/charge.ts'
import type { ImageContent, IndexContent } from './contents.ts'
import { bringBack, deleteDigest } from './events.ts'
import { record } from './findings.ts'
import { type RegistryDouble, holds } from './registry-double.ts'
import { type Queue, revive, reviveMember, settle, shareReplaced, takeBack } from './superseding.ts'
import { type Image, type Repository, type World, contentOf, dayIn, fleetOf, imageIn, planOf, rulesInPlace, timeIn } from './world.ts'

/** What scans come to, and matching again. The match itself is the engine's: it is what all else is judged by. */

/** Scans these and what they lead to; what waits already is asked for once. */
export function scanAll(world: World, asked: Queue, double: RegistryDouble): void {
  const queue: Queue = []
  const ask = (all: Queue): void => {
    for (const one of all) if (!queue.some(waits => isSame(waits, one))) queue.push(one)
  }
  ask(asked)
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { repository, digest } = next
    if (holds(double, `${repository.registry} ${repository.name}`, digest)) ask(scan(world, next))
    else {
      present(world, repository, digest, false).failed = true
      deleteDigest(world, repository, digest, { eventAt: null, tagsStay: true })
    }
  }
}

const isSame = (a: Queue[number], b: Queue[number]): boolean => a.repository === b.repository && a.digest === b.digest

function scan(world: World, asked: Queue[number]): Queue {
  const { repository, digest } = asked
  const content = contentOf(world, digest)
  switch (content?.kind) {
    case 'image':
      scanImage(world, repository, content)
      return []
    case 'index':
      return scanIndex(world, asked, content)
    case 'chart': {
      const image = present(world, repository, digest)
      assess(world, repository, image, { ...none, status: 'not-applicable' }, [])
      settle(world, repository)
      return []
    }
    case 'attestation':
      repository.images.delete(digest)
      settle(world, repository)
      return []
    default:
      present(world, repository, digest, false).failed = true
      return []
  }
}

const none: Coverage = { status: 'not-scanned', reasons: [], packages: {}, databases: [], release: null, feeds: [] }

function scanImage(world: World, repository: Repository, content: ImageContent): void {
  const image = present(world, repository, content.digest)
  world.read.add(content.digest)
  image.isRead = true
  if (image.supersededAt !== null) takeBack(image)
  const { findings, coverage } = matched(world, content)
  assess(world, repository, image, coverage, findings)
  charge(world, repository, image)
  settle(world, repository)
}

/** An index is no image: those that it names are. */
function scanIndex(world: World, { repository, isRequest }: Queue[number], { digest, members }: IndexContent): Queue {
  repository.images.delete(digest)
  const known = world.members.getOrInsertComputed(digest, () => new Set())
  const queue: Queue = []
  for (const member of members) {
    const isNew = !known.has(member.digest)
    known.add(member.digest)
    if (isNew) {
      shareReplaced(world, digest, member.digest)
      reviveMember(world, member.digest)
    }
    const { coverage } = present(world, repository, member.digest)
    if (coverage === null || isRequest === true) queue.push({ repository, digest: member.digest })
  }
  for (const one of world.repositories.values()) revive(world, one, digest)
  settle(world, repository)
  return queue
}

/** Whoever finds it there knows that it was not deleted. */
function present(world: World, repository: Repository, digest: string, isThere = true): Image {
  const image = imageIn(world, repository, digest, timeIn(world))
  if (isThere && image.deletedAt !== null) bringBack(image)
  return image
}

function assess(world: World, repository: Repository, image: Image, coverage: Coverage, matches: readonly Match[]): void {
  Object.assign(image, { coverage, scannedAt: timeIn(world), failed: false })
  recordIn(world, repository, image, matches)
}

/** An image that comes to have open findings is told of. */
function recordIn(world: World, repository: Repository, image: Image, matches: readonly Match[]): void {
  const rules = rulesInPlace(world, fleetOf(world), repository, image.digest)
  const hasOpen = (): boolean =>
    [...image.findings.values()].some(
      ({ state, match: of }) => state === 'open' && of.class === 'security' && rules.of(of).length === 0,
    )
  const before = hasOpen()
  record(world, image, matches, timeIn(world))
  const counts = world.registries.get(repository.registry)?.removed === false && planOf(world, repository.registry).plan === 'on'
  if (!before && hasOpen() && counts) world.notices.push({ image, at: timeIn(world) })
}

function charge(world: World, { registry }: Repository, { digest, coverage }: Image): void {
  if (world.registries.get(registry)?.removed !== false) return
  const { id, plan } = planOf(world, registry)
  if (plan === 'on' && coverage !== null && isAssessed(coverage)) world.charged.add(`${id} ${digest}`)
}

/** All that counts, by what is known today. */
export function matchAgain(world: World): void {
  for (const repository of world.repositories.values()) {
    for (const image of repository.images.values()) {
      const content = contentOf(world, image.digest)
      const { deletedAt, supersededAt, coverage: before } = image
      if (content?.kind !== 'image' || before === null || deletedAt !== null || supersededAt !== null) continue
      const { findings, coverage } = matched(world, content)
      image.coverage = coverage
      recordIn(world, repository, image, findings)
      if (!isAssessed(before)) charge(world, repository, image)
    }
  }
}

type Matched = ReturnType<typeof match>
/** By what it was matched with, which is of one fleet: a smaller fleet is made of the contents of the larger one. */
const known = new WeakMap<ImageContent, { readonly lookup: unknown; readonly key: string; readonly result: Matched }>()

function matched(world: World, content: ImageContent): Matched {
  const { lookup, edition } = world.advisories
  const key = `${edition} ${dayIn(world)}`
  const before = known.get(content)
  if (before?.lookup === lookup && before.key === key) return before.result
  const result = match(content.inventory, lookup, { today: dayIn(world) })
  known.set(content, { lookup, key, result })
  return result
}
