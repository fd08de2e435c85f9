import {
  type FindingCounts,
  type Health,
  type ImageCounts,
  noSeverities,
  type Scope,
  type Severity,
  severityRank,
} from '@plimsoll/types'
import { isWithin } from './chosen.ts'
import { type SeenFinding, type SeenImage, isSecurity, seenImages } from './seen.ts'
import type { DayOfRegistry, World } from './world.ts'

/** Every count there is, from the images that are there one by one. Nothing is kept from one recount to the next. */
export interface Recount {
  /** Of connected registries; those of a scope where there is one. */
  readonly images: readonly SeenImage[]
  readonly registries: readonly RegistryCount[]
  /** Over what is current and whose plan is on. */
  readonly counting: readonly SeenImage[]
}

export interface RegistryCount {
  readonly id: string
  readonly subscription: string
  readonly plan: 'on' | 'off'
  readonly health: Health
  readonly images: ImageCounts
  readonly findings: FindingCounts
  readonly current: readonly SeenImage[]
}

export function recount(world: World, scope?: Scope): Recount {
  const within = (registry: string): boolean => scope === undefined || isWithin(world, registry, scope)
  const images = seenImages(world).filter(({ repository }) => within(repository.registry))
  const connected = [...world.registries.values()].filter(({ id, removed }) => !removed && within(id))
  const registries = connected
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, subscription }): RegistryCount => {
      const current = images.filter(({ repository, isCurrent }) => isCurrent && repository.registry === id)
      const plan = world.subscriptions.get(subscription)?.plan ?? 'on'
      const counts = imageCounts(current)
      const health = plan === 'off' ? 'not-applicable' : healthOfResource(counts)
      return { id, subscription, plan, health, images: counts, findings: findingCounts(current), current }
    })
  return { images, registries, counting: images.filter(({ isCurrent, plan }) => isCurrent && plan === 'on') }
}

export function imageCounts(images: readonly SeenImage[]): ImageCounts {
  const count = (health: Health): number => images.filter(one => one.health === health).length
  return {
    unhealthy: count('unhealthy'),
    healthy: count('healthy'),
    undecided: count('undecided'),
    notApplicable: count('not-applicable'),
    notScanned: count('not-scanned'),
    failed: count('failed'),
  }
}

export function findingCounts(images: readonly SeenImage[]): FindingCounts {
  const found = images.flatMap(({ findings }) => findings)
  const security = found.filter(isSecurity)
  const open = security.filter(({ state }) => state === 'open')
  const beside = (of: string): number =>
    found.filter(({ finding, state }) => finding.match.class === of && state === 'open').length
  return {
    open: bySeverity(open),
    patchable: bySeverity(open.filter(({ finding }) => finding.match.patchable)),
    disabled: security.filter(({ state }) => state === 'disabled').length,
    undetermined: security.filter(({ state }) => state === 'undetermined').length,
    unimportant: beside('unimportant'),
    kernelHeaders: beside('kernel-headers'),
  }
}

function bySeverity(findings: readonly SeenFinding[]): Record<Severity, number> {
  const counts = noSeverities()
  for (const { finding } of findings) counts[finding.match.severity] += 1
  return counts
}

export const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

/** Of a repository or a registry whose plan is on. */
export function healthOfResource(images: ImageCounts): Health {
  if (images.unhealthy > 0) return 'unhealthy'
  const assessable = total(images) - images.notApplicable
  if (assessable === 0) return images.notApplicable > 0 ? 'not-applicable' : 'not-scanned'
  if (images.healthy === assessable) return 'healthy'
  if (images.failed === assessable) return 'failed'
  return images.notScanned === assessable ? 'not-scanned' : 'undecided'
}

export interface Assessed {
  readonly unhealthy: number
  readonly healthy: number
  readonly notApplicable: number
}

export function assessed(registries: readonly { readonly health: Health }[]): Assessed {
  const unhealthy = registries.filter(({ health }) => health === 'unhealthy').length
  const healthy = registries.filter(({ health }) => health === 'healthy').length
  return { unhealthy, healthy, notApplicable: registries.length - unhealthy - healthy }
}

/** 6 points for the share of registries that are healthy, of those that are healthy or unhealthy. */
export function scoreOf({ unhealthy, healthy }: Assessed) {
  const percentage = unhealthy + healthy === 0 ? null : healthy / (unhealthy + healthy)
  return { current: hundredths(6 * (percentage ?? 0)), max: 6, percentage }
}

export const hundredths = (points: number): number => Math.round(points * 100) / 100

export interface CheckCount {
  readonly vulnerabilityId: string
  readonly securityCheck: string
  readonly category: string
  readonly severity: Severity
  readonly patchable: boolean
  readonly appliesToImages: number
}

/** One for each vulnerability and what it is in, the worst first, then the most common. */
export function securityChecks({ counting }: Recount, state: 'open' | 'disabled'): CheckCount[] {
  const found = counting.flatMap(({ image, findings }) =>
    findings.filter(one => one.state === state && isSecurity(one)).map(({ finding }) => ({ image, match: finding.match })),
  )
  const groups = Map.groupBy(found, ({ match }) => JSON.stringify([match.vulnerabilityId, match.securityCheck]))
  return [...groups.values()]
    .map((group): CheckCount => {
      const [worst] = group.map(({ match }) => match).toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity])
      if (worst === undefined) throw new Error('a group is never empty')
      return {
        vulnerabilityId: worst.vulnerabilityId,
        securityCheck: worst.securityCheck,
        category: worst.category,
        severity: worst.severity,
        patchable: group.every(({ match }) => match.patchable),
        appliesToImages: new Set(group.map(({ image }) => image)).size,
      }
    })
    .toSorted(
      (a, b) =>
        severityRank[b.severity] - severityRank[a.severity] ||
        b.appliesToImages - a.appliesToImages ||
        byText(a.vulnerabilityId, b.vulnerabilityId) ||
        byText(a.securityCheck, b.securityCheck),
    )
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** How registries stand, as it is written down of a day. */
export const dayOfRegistries = (world: World): DayOfRegistry[] =>
  recount(world).registries.map(({ id, subscription, plan, health, images, findings }) => {
    const counts = plan === 'on'
    return {
      registry: id,
      subscription,
      registries: assessed([{ health }]),
      images: counts ? images : imageCounts([]),
      open: counts ? findings.open : noSeverities(),
      fixable: counts ? total(findings.patchable) : 0,
      disabled: counts ? findings.disabled : 0,
    }
  })
