import { keyOf } from './asked.ts'
import { assessed, byText, findingCounts, healthOfResource, imageCounts, type Recount, type RegistryCount, scoreOf, total } from './recount.ts'
import { isSecurity, layersIn, type SeenFinding, type SeenImage } from './seen.ts'
import { replacementOf } from './superseding.ts'
import { contentOf, type World } from './world.ts'

/** What would raise the score, worked out by taking the findings away. */
export interface Gain {
  readonly what: string
  readonly findings: number
  readonly healthyImages: number
  readonly healthyRegistries: number
  readonly points: number
}

const isOpen = (found: SeenFinding): boolean => isSecurity(found) && found.state === 'open'
const openIn = ({ findings }: SeenImage): SeenFinding[] => findings.filter(isOpen)

/** Each source package of a release brought to the version that mends what can be mended. */
export function upgrades(count: Recount): Gain[] {
  const fixable = count.counting.flatMap(openIn).filter(({ finding }) => finding.match.patchable)
  const groups = Map.groupBy(fixable, ({ finding: { match } }) => `${match.ecosystem} ${match.feed} ${match.sourceName}`)
  return [...groups].map(([what, group]) => ({ what, findings: group.length, ...gainWithout(count, group) }))
}

/** All images on a base moved to the newer one of its repository, where that has less. */
export function baseMoves(world: World, count: Recount, everything: readonly SeenImage[]): Gain[] {
  const moves = count.counting
    .filter(({ health }) => health === 'unhealthy')
    .flatMap(seen => {
      const base = holderOf(world, seen, everything)
      const newer = base && newerThan(world, base, everything)
      return base === undefined || newer === undefined || newer.image === seen.image ? [] : [{ seen, base, newer }]
    })
  return [...Map.groupBy(moves, ({ base }) => base)].flatMap(([base, group]): Gain[] => {
    const newer = group[0]?.newer
    if (newer === undefined) return []
    const layers = new Set(layersIn(world, base.image))
    const left = total(findingCounts([newer]).open)
    const ofBase = ({ finding }: SeenFinding): boolean => finding.match.packages.some(({ layer }) => layers.has(layer ?? ''))
    const images = group.map(({ seen }) => seen)
    const findings = images.flatMap(openIn).filter(ofBase).length - images.length * left
    if (findings <= 0) return []
    const isClean = newer.health === 'healthy'
    const mended = images.filter(seen => isClean && openIn(seen).every(ofBase))
    const what = [keyOf(base), keyOf(newer), images.length].join(' ')
    return [{ what, findings, ...gainWithout(count, mended.flatMap(openIn)) }]
  })
}

/** Which of the images that are its base is named: one with a tag, and not superseded; of those, in its own registry first. */
function holderOf(world: World, { base, repository }: SeenImage, everything: readonly SeenImage[]): SeenImage | undefined {
  const stack = [...base].join(' ')
  const holders = everything
    .filter(({ image }) => base.size > 0 && image.deletedAt === null && layersIn(world, image).join(' ') === stack)
    .toSorted((a, b) => rank(a) - rank(b) || byText(keyOf(a), keyOf(b)) || a.image.number - b.image.number)
  const best = holders.filter(one => holders[0] !== undefined && rank(one) === rank(holders[0]))
  return best.find(one => one.repository.registry === repository.registry) ?? best[0]
}

const rank = ({ tags, image }: SeenImage): number => (tags.length > 0 ? 0 : 2) + (image.supersededAt === null ? 0 : 1)

/** What took its tag; else the newest of its repository and platform that has one, and is newer than it. */
function newerThan(world: World, base: SeenImage, everything: readonly SeenImage[]): SeenImage | undefined {
  const replacement = replacementOf(world, base.repository, base.image)
  if (replacement !== undefined) return everything.find(({ image }) => image === replacement)
  const own = contentOf(world, base.image.digest)
  if (own?.kind !== 'image') return undefined
  const createdAt = ({ image }: SeenImage): string | null => {
    const content = contentOf(world, image.digest)
    return content?.kind === 'image' ? content.createdAt : null
  }
  const isNewer = (one: SeenImage): boolean => {
    const [made, before] = [createdAt(one), own.createdAt]
    return made !== null && before !== null ? made > before : (one.image.eventAt ?? '') > base.image.pushedAt
  }
  return everything
    .filter(one => one.repository === base.repository && one !== base && one.isCurrent && one.tags.length > 0)
    .filter(({ image }) => image.isRead && image.coverage !== null)
    .filter(({ image }) => {
      const content = contentOf(world, image.digest)
      return content?.kind === 'image' && content.platform.architecture === own.platform.architecture
    })
    .filter(isNewer)
    .toSorted(
      (a, b) =>
        byText(createdAt(b) ?? '', createdAt(a) ?? '') ||
        byText(b.image.pushedAt, a.image.pushedAt) ||
        b.image.number - a.image.number,
    )[0]
}

/** What it would come to if these findings were not. */
function gainWithout({ counting, registries }: Recount, findings: readonly SeenFinding[]): Omit<Gain, 'what' | 'findings'> {
  const without = new Set(findings)
  const mended = new Map(counting.map(seen => [seen, healthWithout(seen, without)]))
  const after = registries.map(registry => ({ health: healthOf(registry, mended) }))
  return {
    healthyImages: counting.filter(seen => seen.health !== 'healthy' && mended.get(seen) === 'healthy').length,
    healthyRegistries: after.filter(({ health }, at) => health === 'healthy' && registries[at]?.health !== 'healthy').length,
    points: pointsOf(after) - pointsOf(registries),
  }
}

const pointsOf = (registries: Parameters<typeof assessed>[0]): number => 6 * (scoreOf(assessed(registries)).percentage ?? 0)

function healthOf({ plan, health, current }: RegistryCount, mended: ReadonlyMap<SeenImage, SeenImage['health']>) {
  if (plan === 'off') return health
  return healthOfResource(imageCounts(current.map(seen => ({ ...seen, health: mended.get(seen) ?? seen.health }))))
}

function healthWithout(seen: SeenImage, without: ReadonlySet<SeenFinding>): SeenImage['health'] {
  if (seen.health !== 'unhealthy' || openIn(seen).some(one => !without.has(one))) return seen.health
  const isUnclear = seen.findings.some(one => isSecurity(one) && one.state === 'undetermined')
  return seen.image.coverage?.status === 'complete' && !isUnclear ? 'healthy' : 'undecided'
}
