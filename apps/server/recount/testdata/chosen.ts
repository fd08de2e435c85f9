import type { FindingFilter } from '@plimsoll/types'
import type { SeenFinding, SeenImage } from './seen.ts'
import type { World } from './world.ts'

/** What filters of findings choose, a second time. */

export interface Chosen {
  readonly seen: SeenImage
  readonly found: SeenFinding
}

export function choose(world: World, images: readonly SeenImage[], filter: FindingFilter): Chosen[] {
  const { subscriptionId, registryId, digest, ruleId } = filter
  const namesPlace = [subscriptionId, registryId, digest, ruleId].some(value => value !== undefined)
  return images
    .filter(seen => isIn(world, seen, filter) && (namesPlace || seen.plan === 'on'))
    .flatMap(seen => seen.findings.filter(found => isOf(world, { seen, found }, filter)).map(found => ({ seen, found })))
}

const is = <T>(wanted: T | undefined, has: (wanted: T) => boolean): boolean => wanted === undefined || has(wanted)
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

function isIn(world: World, { repository, image, subscription }: SeenImage, filter: FindingFilter): boolean {
  return (
    is(filter.scope, scope => isWithin(world, repository.registry, scope)) &&
    is(filter.subscriptionId, id => id === subscription) &&
    is(filter.registryId, id => id === repository.registry) &&
    is(filter.repository, name => name === repository.name) &&
    is(filter.digest, digest => digest === image.digest)
  )
}

/** The registry is one of the scope's, or below one of its nodes. */
export function isWithin(world: World, registry: string, { kind, ids }: NonNullable<FindingFilter['scope']>): boolean {
  const subscription = world.registries.get(registry)?.subscription ?? ''
  if (kind === 'registry') return ids.includes(registry)
  if (kind === 'subscription') return ids.includes(subscription)
  let group = world.subscriptions.get(subscription)?.group
  for (; group !== undefined; group = world.groups.get(group)) if (ids.includes(group)) return true
  return false
}

function isOf(world: World, { seen, found: { finding, state, rules } }: Chosen, filter: FindingFilter): boolean {
  const { match } = finding
  const { exploited, odds } = world.advisories
  const names = [match.sourceName, ...match.packages.map(({ name }) => name)]
  const cves = [match.vulnerabilityId, ...match.cves.map(({ title }) => title)].filter(id => id.startsWith('CVE-'))
  const layers = match.packages.map(({ layer }) => layer ?? '')
  const texts = [match.vulnerabilityId, ...match.aliases, match.securityCheck, ...names]
  return (
    state === filter.status &&
    (filter.class ?? ['security']).includes(match.class) &&
    is(filter.severity, wanted => wanted.includes(match.severity)) &&
    is(filter.fix, fix => match.patchable === (fix === 'available')) &&
    is(filter.cve, cve => cve === match.vulnerabilityId || cves.some(one => same(one, cve))) &&
    is(filter.securityCheck, check => same(check, match.securityCheck)) &&
    is(filter.package, name => names.some(one => same(one, name))) &&
    is(filter.feed, feed => feed === match.feed) &&
    is(filter.kev, kev => exploited.has(match.vulnerabilityId) === kev) &&
    is(filter.epssAtLeast, least => (odds.get(match.vulnerabilityId) ?? -1) >= least) &&
    is(filter.layer, layer => layers.includes(layer)) &&
    is(filter.origin, origin => layers.some(layer => seen.base.has(layer)) === (origin === 'base')) &&
    is(filter.ruleId, id => rules.includes(id)) &&
    is(filter.q, q => texts.some(text => text.toLowerCase().includes(q.trim().toLowerCase())))
  )
}
