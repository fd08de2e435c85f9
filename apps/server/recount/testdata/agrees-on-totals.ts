import type { Raise } from '@plimsoll/types'
import { expect } from 'vitest'
import { type Asked, keyOf, nameOf } from './asked.ts'
import { isWithin } from './chosen.ts'
import { baseMoves, upgrades } from './raise.ts'
import {
  assessed,
  byText,
  dayOfRegistries,
  findingCounts,
  hundredths,
  imageCounts,
  type Recount,
  recount,
  scoreOf,
  securityChecks,
  total,
} from './recount.ts'
import type { SeenImage } from './seen.ts'
import { type DayOfRegistry, dayIn } from './world.ts'

export async function agreesOnOverview({ api, scope, count }: Asked): Promise<void> {
  const { counting, registries } = count
  const resources = assessed(registries)
  const overview = await api.overview.get({ scope })
  expect(overview).toMatchObject({
    score: scoreOf(resources),
    findings: findingCounts(counting),
    images: imageCounts(counting),
    registries: resources,
  })
  expect(overview.topImages.map(nameOf)).toEqual(worstFirst(counting).slice(0, 5).map(keyOf))
  const checks = securityChecks(count, 'open').slice(0, 5)
  expect(overview.topChecks.map(({ findingId: _, ...row }) => row)).toEqual(
    checks.map(check => ({ ...check, scannedImages: scannedImages(count) })),
  )
}

function worstFirst(images: readonly SeenImage[]): SeenImage[] {
  const open = (seen: SeenImage): number[] => Object.values(findingCounts([seen]).open).slice(0, 4)
  return images
    .filter(({ health }) => health === 'unhealthy')
    .toSorted((a, b) => {
      const [left, right] = [open(a), open(b)]
      return left.map((one, at) => (right[at] ?? 0) - one).find(one => one !== 0) ?? a.image.number - b.image.number
    })
}

function scannedImages({ counting }: Recount): number {
  const { unhealthy, healthy, undecided } = imageCounts(counting)
  return unhealthy + healthy + undecided
}

export async function agreesOnChecks({ api, scope, count }: Asked): Promise<void> {
  for (const tab of ['findings', 'disabled'] as const) {
    const expected = securityChecks(count, tab === 'findings' ? 'open' : 'disabled')
    const told = await api.recommendations.securityChecks({ scope, tab })
    expect(told.rows.map(({ findingId: _, ...row }) => row)).toEqual(
      expected.map(check => ({ ...check, scannedImages: scannedImages(count) })),
    )
    expect(told.total).toBe(expected.length)
  }
}

export async function agreesOnRecommendation({ api, scope, count }: Asked): Promise<void> {
  const { counting, registries } = count
  const resources = assessed(registries)
  const { unhealthy, healthy, notApplicable } = resources
  const findings = findingCounts(counting)
  const share = unhealthy + healthy === 0 ? 0 : unhealthy / (unhealthy + healthy)
  const summary = {
    status: unhealthy > 0 ? 'unhealthy' : healthy > 0 ? 'healthy' : 'not-applicable',
    unhealthyRegistries: unhealthy,
    healthyRegistries: healthy,
    notApplicableRegistries: notApplicable,
    score: scoreOf(resources),
    potentialScoreIncrease: hundredths(6 * share),
  }
  expect(await api.recommendations.list({ scope })).toMatchObject([summary])
  expect(await api.recommendations.get({ scope })).toMatchObject({
    ...summary,
    totalFindings: total(findings.open),
    disabledFindings: findings.disabled,
    findings,
    vulnerableImages: imageCounts(counting).unhealthy,
    scannedImages: scannedImages(count),
    registriesWithMost: registries
      .filter(({ plan, findings: { open } }) => plan === 'on' && total(open) > 0)
      .toSorted((a, b) => total(b.findings.open) - total(a.findings.open) || byText(a.id, b.id))
      .slice(0, 3)
      .map(({ id, findings: { open } }) => ({ registryId: id, name: id, findings: total(open) })),
  })
}

export async function agreesOnTrend({ api, world, scope }: Asked): Promise<void> {
  const today = dayIn(world)
  const inScope = ({ registry, subscription }: DayOfRegistry): boolean => {
    if (scope === undefined) return true
    if (scope.kind === 'registry') return scope.ids.includes(registry)
    // Where it was on that day, and where that is today.
    const place = world.subscriptions.has(subscription) ? { ...scope } : null
    return place !== null && isSubscriptionWithin(world, subscription, place)
  }
  const stored = [...world.days].filter(([day]) => day < today)
  const now = dayOfRegistries(world).filter(({ registry }) => scope === undefined || isWithin(world, registry, scope))
  const points = [
    ...stored.map(([day, all]) => [day, all.filter(inScope)] as const).filter(([, all]) => all.length > 0),
    [today, now] as const,
  ].map(([day, all]) => pointOf(day, all))
  expect((await api.overview.trend({ scope, days: 366 })).points).toEqual(points)
}

function isSubscriptionWithin(world: Asked['world'], id: string, scope: NonNullable<Asked['scope']>): boolean {
  if (scope.kind === 'subscription') return scope.ids.includes(id)
  let group = world.subscriptions.get(id)?.group
  for (; group !== undefined; group = world.groups.get(group)) if (scope.ids.includes(group)) return true
  return false
}

function pointOf(day: string, all: readonly DayOfRegistry[]) {
  const sum = <T extends Readonly<Record<string, number>>>(none: T, of: (one: DayOfRegistry) => T): T =>
    all.map(of).reduce((a, b) => Object.fromEntries(Object.entries(a).map(([name, count]) => [name, count + (b[name] ?? 0)])) as T, none)
  const registries = sum({ unhealthy: 0, healthy: 0, notApplicable: 0 }, one => ({ ...one.registries }))
  return {
    day,
    score: scoreOf(registries),
    registries,
    images: sum(imageCounts([]), one => one.images),
    open: sum(findingCounts([]).open, one => one.open),
    ...sum({ fixable: 0, disabled: 0 }, ({ fixable, disabled }) => ({ fixable, disabled })),
  }
}

export async function agreesOnRaises({ api, world, scope, count }: Asked): Promise<void> {
  const raises = await api.overview.raise({ scope })
  for (const one of raises) await leadsToItsRows({ api, scope }, one)
  const told = raises.map(one => {
    const { findings, healthyImages, healthyRegistries } = one
    const what = one.kind === 'upgrade' ? [one.ecosystem, one.feed, one.package] : [nameOf(one.base), nameOf(one.newer), one.images]
    return { what: what.join(' '), findings, healthyImages, healthyRegistries, points: one.points.toFixed(6) }
  })
  const expected = [...upgrades(count), ...baseMoves(world, count, recount(world).images)].map(one => ({ ...one, points: one.points.toFixed(6) }))
  // No more than that are told.
  if (expected.length > 10) return
  expect(told.toSorted((a, b) => byText(a.what, b.what))).toEqual(expected.toSorted((a, b) => byText(a.what, b.what)))
}

/** What the portal links a raise's number to. */
async function leadsToItsRows({ api, scope }: Pick<Asked, 'api' | 'scope'>, raise: Raise): Promise<void> {
  if (raise.kind === 'upgrade') {
    const { feed, package: name, findings } = raise
    const { total: rows } = await api.findings.list({ filter: { scope, feed, package: name, fix: 'available' } })
    expect(rows).toBe(findings)
    return
  }
  const { registryId, repository, digest } = raise.base
  const outdatedBase = { registryId, repository, digest }
  const { total: rows } = await api.images.list({ scope, health: 'unhealthy', outdatedBase })
  expect(rows).toBe(raise.images)
}
