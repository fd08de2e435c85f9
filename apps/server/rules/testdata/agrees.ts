import { type FindingState, type Health, type Match, ruleStatuses, severities } from '@plimsoll/types'
import { expect } from 'vitest'
import type { Db } from '../../db/open.ts'
import { listFindings } from '../../findings/list.ts'
import { listRecommendations, totals } from '../../posture/recommendation.ts'
import { listRegistries } from '../../posture/registries.ts'
import { listRules } from '../list.ts'
import type { Step } from './fleets.ts'
import { healthOf, holdsFor, inForce, type OracleImage, type OracleRule, rulesFor, stateOf } from './oracle.ts'
import { identity, keyOf, play } from './play.ts'

const states: readonly Exclude<FindingState, 'not-affected'>[] = ['open', 'disabled', 'undetermined', 'closed']

/** Takes steps in the database and in memory, and compares all that rules bear on. */
export async function agrees(steps: readonly Step[]): Promise<void> {
  const { db, fleet, now, previews } = await play(steps)
  const rules = inForce(fleet.rules, now())
  const all = fleet.images.flatMap(image => image.findings.map(finding => ({ image, finding })))
  for (const status of states) {
    for (const of of ['security', 'unimportant'] as const) {
      const rows = listFindings(db, { filter: { status, class: [of] }, sort: '-severity', page: 1, size: 200 })
      const expected = all
        .filter(({ image, finding }) => finding.match.class === of && stateOf(fleet, image, finding, rules) === status)
        .map(({ image, finding }) => `${keyOf(image)} ${identity(finding.match)}`)
      const keys = rows.rows.map(row => `${row.registryId} ${row.repository} ${row.digest} ${identityOf(db, row.id)}`)
      expect(keys.toSorted()).toEqual(expected.toSorted())
      expect(rows.total).toBe(expected.length)
    }
  }
  const security = all.filter(({ finding }) => finding.match.class === 'security')
  const counts = totals(db).findings
  const inState = (state: FindingState) =>
    security.filter(({ image, finding }) => stateOf(fleet, image, finding, rules) === state)
  for (const severity of severities) {
    const open = inState('open').filter(({ finding }) => finding.match.severity === severity)
    expect(counts.open[severity]).toBe(open.length)
    expect(counts.patchable[severity]).toBe(open.filter(({ finding }) => finding.match.patchable).length)
  }
  expect([counts.disabled, counts.undetermined]).toEqual([inState('disabled').length, inState('undetermined').length])
  for (const { told, expected } of previews) expect(told).toEqual(expected)

  const healths = new Map<string, Health[]>()
  for (const image of fleet.images) {
    const known = healths.get(image.registry) ?? []
    healths.set(image.registry, image.deleted ? known : [...known, healthOf(fleet, image, rules)])
  }
  const registries = listRegistries(db)
  for (const { id, images } of registries) {
    const count = (health: Health): number => healths.get(id)?.filter(one => one === health).length ?? 0
    expect([images.unhealthy, images.healthy, images.undecided]).toEqual([
      count('unhealthy'),
      count('healthy'),
      count('undecided'),
    ])
  }
  const unhealthy = [...healths.values()].filter(all => all.includes('unhealthy')).length
  const healthy = [...healths.values()].filter(all => all.length > 0 && all.every(one => one === 'healthy')).length
  const assessed = unhealthy + healthy
  const [recommendation] = listRecommendations(db)
  expect(recommendation).toMatchObject({ unhealthyRegistries: unhealthy, healthyRegistries: healthy })
  expect(recommendation?.score.percentage).toBe(assessed === 0 ? null : healthy / assessed)
  expect(recommendation?.score.current).toBeCloseTo(assessed === 0 ? 0 : (6 * healthy) / assessed, 2)

  const { rows: listed, byStatus } = listRules(db, { sort: '-saved', page: 1, size: 200 }, now())
  expect(listed.map(({ id }) => id).toSorted()).toEqual(fleet.rules.map(({ id }) => id).toSorted())
  for (const status of ruleStatuses) {
    expect(byStatus[status]).toBe(listed.filter(rule => rule.status === status).length)
  }
  for (const { id, disables, status, lastMatchedAt, overriddenBy, expiresAt } of listed) {
    const own = fleet.rules.find(one => one.id === id)
    if (own === undefined) continue
    if (!rules.includes(own)) {
      expect([status, disables, lastMatchedAt]).toEqual(['expired', 0, null])
      continue
    }
    const isOwn = (one: OracleRule): boolean => one.id === id
    const disabled = security.filter(
      ({ image, finding }) =>
        !finding.closed &&
        rulesFor(fleet, image, rules).holding.some(isOwn) &&
        holdsFor(fleet, own.rule, finding.match),
    )
    expect(disables).toBe(disabled.length)
    const firstSeen = disabled.map(({ image, finding }) => firstSeenOf(db, image, finding.match))
    expect(lastMatchedAt).toBe(firstSeen.toSorted().at(-1) ?? null)
    const there = fleet.images.filter(image => !image.deleted).map(image => rulesFor(fleet, image, rules))
    const hidden = there.filter(({ overridden }) => overridden.some(isOwn))
    const wider = hidden.flatMap(({ holding }) => holding.filter(one => one.rule.overrides).map(one => one.id))
    expect(overriddenBy.map(one => one.id).toSorted()).toEqual([...new Set(wider)].toSorted())
    const everywhere = hidden.length > 0 && !there.some(({ holding }) => holding.some(isOwn))
    const isSoon = expiresAt !== null && Date.parse(expiresAt) <= now().getTime() + 14 * 24 * 60 * 60_000
    const working = isSoon ? 'expiring' : 'active'
    expect(status).toBe(everywhere ? 'overridden' : disables === 0 ? 'stale' : working)
  }
  db.$client.close()
}

function identityOf(db: Parameters<typeof listFindings>[0], findingId: string): string {
  const match = db.$client
    .prepare('select m.vulnerability_id vulnerabilityId, m.feed, m.source_name sourceName from finding f join match_fact m on m.id = f.match_id where f.id = ?')
    .get(Number(findingId)) as { vulnerabilityId: string; feed: string; sourceName: string }
  return identity(match)
}

const firstSeenOf = (db: Db, { registry, repository, digest }: OracleImage, match: Match): string =>
  db.$client
    .prepare(
      `select f.first_seen_at from finding f join match_fact m on m.id = f.match_id join occurrence o on o.id = f.occurrence_id
         join repository rp on rp.id = o.repository_id
       where rp.registry_id = ? and rp.name = ? and o.digest = ?
         and m.vulnerability_id = ? and m.feed = ? and m.source_name = ? and f.state <> 'closed'`,
    )
    .pluck()
    .get(registry, repository, digest, match.vulnerabilityId, match.feed, match.sourceName) as string
