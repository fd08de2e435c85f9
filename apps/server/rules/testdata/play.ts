import { newDisableRuleSchema, noSeverities, type RulePreview } from '@plimsoll/types'
import pino from 'pino'
import { importKevSnapshot } from '../../advisories/threat-lists.ts'
import type { Db } from '../../db/open.ts'
import { createEventBus } from '../../events.ts'
import { closeFindings, recordFindings } from '../../findings/record.ts'
import { ensureRepository, ensureSubscription } from '../../intake/places.ts'
import { moveTag, removeTag } from '../../intake/tags.ts'
import { changeRegistry } from '../../registries/change.ts'
import { testConnections } from '../../registries/testdata/connections.ts'
import { createGroup } from '../../scopes/groups.ts'
import { moveSubscription } from '../../scopes/subscriptions.ts'
import { madeOccurrence } from '../../testdata/fleet.ts'
import { changeRule } from '../change.ts'
import { createRule } from '../create.ts'
import { deleteRule } from '../delete.ts'
import { startRuleKeeper } from '../keeper.ts'
import { previewChange } from '../preview.ts'
import { digests, indexDigest, type PlaceName, registries, repositories, type Step, vulnerabilities } from './fleets.ts'
import { healthOf, inForce, type OracleFleet, type OracleImage, type OracleRule, stateOf } from './oracle.ts'

export interface Played {
  readonly db: Db
  readonly fleet: OracleFleet
  now(): Date
  /** What previews said and what came of it, in the database and in memory. */
  readonly previews: readonly { readonly told: PreviewFigures; readonly expected: PreviewFigures }[]
}

export type PreviewFigures = Pick<
  RulePreview,
  'disables' | 'bySeverity' | 'reopens' | 'turnHealthy' | 'turnUnhealthy' | 'openTotal'
>

const day = 24 * 60 * 60_000

/** Takes the steps in the database and in memory. */
export async function play(steps: readonly Step[]): Promise<Played> {
  const start = new Date()
  let passed = 0
  const now = (): Date => new Date(start.getTime() + passed)
  const at = (): string => now().toISOString()
  const connections = testConnections()
  const { db } = connections
  const base = { db, events: createEventBus(), log: pino({ level: 'silent' }), now }
  const rules = startRuleKeeper(base)
  const deps = { ...base, rules, viewer: { name: 'Ada' } }
  const fleet = startFleet(db, deps)
  const occurrences = new Map(fleet.images.map(image => [keyOf(image), occurrenceOf(db, image)]))
  const previews: { told: PreviewFigures; expected: PreviewFigures }[] = []

  const imageAt = (place: PlaceName): OracleImage => {
    const image = fleet.images.find(one => keyOf(one) === keyOf(place))
    if (image === undefined) throw new Error('no such image')
    return image
  }
  const preview = (id: string | null, rule: OracleRule['rule'] | null, after: readonly OracleRule[]): void => {
    const told = previewChange(db, { id, rule }, now()).preview
    const { disables, bySeverity, reopens, turnHealthy, turnUnhealthy, openTotal } = told
    previews.push({
      told: { disables, bySeverity, reopens, turnHealthy, turnUnhealthy, openTotal },
      expected: difference(fleet, inForce(fleet.rules, now()), inForce(after, now())),
    })
  }
  const ending = (days: number | null): string | null =>
    days === null ? null : new Date(now().getTime() + days * day - 1000).toISOString()

  for (const step of steps) {
    await rules.upToDate()
    switch (step.do) {
      case 'scan': {
        const image = imageAt(step.place)
        if (image.deleted) break
        recordFindings(db, occurrences.get(keyOf(image)) ?? 0, step.matches, [], at())
        for (const finding of image.findings) finding.closed = true
        for (const match of step.matches) {
          const known = image.findings.find(one => identity(one.match) === identity(match))
          if (known === undefined) image.findings.push({ match, closed: false })
          else Object.assign(known, { match, closed: false })
        }
        break
      }
      case 'tag':
        moveTag(db, { repositoryId: ensureRepository(db, step.registry, step.repository), name: step.tag, digest: step.digest, eventAt: null, at: at() })
        fleet.tags.set(`${step.registry} ${step.repository} ${step.tag}`, step.digest)
        break
      case 'untag':
        removeTag(db, { repositoryId: ensureRepository(db, step.registry, step.repository), name: step.tag, eventAt: null, at: at() })
        fleet.tags.delete(`${step.registry} ${step.repository} ${step.tag}`)
        break
      case 'create': {
        const rule = newDisableRuleSchema.parse({ ...step.rule, expiresAt: ending(step.days) })
        preview(null, rule, [...fleet.rules, { id: '', rule }])
        fleet.rules.push({ id: (await createRule(rule, deps)).id, rule })
        break
      }
      case 'change': {
        const known = fleet.rules[step.pick]
        if (known === undefined) break
        const rule = newDisableRuleSchema.parse({ ...step.rule, expiresAt: ending(step.days) })
        preview(known.id, rule, [...fleet.rules.filter(one => one !== known), { id: known.id, rule }])
        await changeRule({ ...rule, id: known.id }, deps)
        known.rule = rule
        break
      }
      case 'delete': {
        const known = fleet.rules[step.pick]
        if (known === undefined) break
        const left = fleet.rules.filter(one => one !== known)
        preview(known.id, null, left)
        await deleteRule(known.id, deps)
        fleet.rules = left
        break
      }
      case 'sleep':
        passed += step.days * day
        break
      case 'delete-image': {
        const image = imageAt(step.place)
        const id = occurrences.get(keyOf(image)) ?? 0
        closeFindings(db, id, 'image-deleted', at())
        db.$client.prepare('update occurrence set deleted_at = ? where id = ?').run(at(), id)
        image.deleted = true
        for (const finding of image.findings) finding.closed = true
        break
      }
      case 'move-registry':
        changeRegistry({ registryId: step.registry, subscriptionId: step.to }, { ...connections, db }, { name: 'Ada' })
        await rules.changed()
        fleet.registries.set(step.registry, step.to)
        break
      case 'move-subscription':
        moveSubscription({ id: step.subscription, managementGroupId: step.to }, deps)
        await rules.changed()
        fleet.subscriptions.set(step.subscription, step.to)
        break
      case 'threats':
        await tellThreats(db, step, now())
        fleet.exploited.clear()
        for (const cve of step.exploited) fleet.exploited.add(cve)
        for (const cve of vulnerabilities) fleet.odds.set(cve, step.odds)
        break
    }
  }
  await rules.upToDate()
  await rules.stop()
  return { db, fleet, now, previews }
}

function startFleet(db: Db, deps: Parameters<typeof createGroup>[1]): OracleFleet {
  createGroup({ name: 'upper', parentId: 'tenant' }, deps)
  createGroup({ name: 'lower', parentId: 'upper' }, deps)
  for (const id of ['s1', 's2']) ensureSubscription(db, { id, name: id }, '2024-01-01T00:00:00.000Z')
  moveSubscription({ id: 's1', managementGroupId: 'lower' }, deps)
  const [first, second] = digests
  db.$client.prepare('insert into index_member (index_digest, digest) values (?, ?)').run(indexDigest, first)
  db.$client.prepare('insert into index_member (index_digest, digest) values (?, ?)').run(indexDigest, second)
  const subscriptions: Readonly<Record<string, string>> = { r1: 's1', r2: 's1', r3: 's2' }
  const images = registries.flatMap(registry =>
    repositories.flatMap(repository =>
      digests.map((digest): OracleImage => ({ registry, repository, digest, findings: [], deleted: false })),
    ),
  )
  for (const { registry, repository, digest } of images) {
    madeOccurrence(db, { subscription: subscriptions[registry] ?? '', registry, repository, digest })
  }
  db.$client.exec(`update registry set url = 'https://' || id || '.example'`)
  return {
    groups: new Map([['upper', 'tenant'], ['lower', 'upper']]),
    subscriptions: new Map([['s1', 'lower'], ['s2', 'tenant']]),
    registries: new Map(Object.entries(subscriptions)),
    images,
    tags: new Map(),
    indexes: new Map([[indexDigest, digests.slice(0, 2)]]),
    rules: [],
    exploited: new Set(),
    odds: new Map(),
  }
}

/** As an import does: the lists first, then what is copied to the matches. */
async function tellThreats(
  db: Db,
  { exploited, odds }: Extract<Step, { do: 'threats' }>,
  at: Date,
): Promise<void> {
  const score = db.$client.prepare('insert or replace into epss (cve, probability, percentile) values (?, ?, 0.5)')
  for (const cve of vulnerabilities) score.run(cve, odds)
  const entry = { addedOn: '2024-03-01', dueOn: null, ransomware: false, requiredAction: null }
  const entries = new Map(exploited.map(cve => [cve, entry]))
  await importKevSnapshot(db, { asOf: '2024-03-01', rejected: 0, notes: [], entries }, at, async () => undefined)
}

/** What a change of the rules does, told from the states before and after. */
function difference(fleet: OracleFleet, before: readonly OracleRule[], after: readonly OracleRule[]): PreviewFigures {
  const bySeverity = noSeverities()
  const figures = { disables: 0, reopens: 0, turnHealthy: 0, turnUnhealthy: 0, openTotal: 0 }
  for (const image of fleet.images) {
    if (image.deleted) continue
    for (const finding of image.findings) {
      if (finding.match.class !== 'security') continue
      const from = stateOf(fleet, image, finding, before)
      const to = stateOf(fleet, image, finding, after)
      if (from === 'open') figures.openTotal += 1
      if (from !== 'disabled' && to === 'disabled') {
        figures.disables += 1
        bySeverity[finding.match.severity] += 1
      }
      if (from === 'disabled' && to !== 'disabled') figures.reopens += 1
    }
    const [from, to] = [healthOf(fleet, image, before), healthOf(fleet, image, after)]
    if (from !== to && to === 'healthy') figures.turnHealthy += 1
    if (from !== to && to === 'unhealthy') figures.turnUnhealthy += 1
  }
  return { ...figures, bySeverity }
}

export const keyOf = ({ registry, repository, digest }: PlaceName): string => `${registry} ${repository} ${digest}`

export const identity = (match: { vulnerabilityId: string; feed: string; sourceName: string }): string =>
  [match.vulnerabilityId, match.feed, match.sourceName].join(' ')

const occurrenceOf = (db: Db, { registry, repository, digest }: PlaceName): number =>
  db.$client
    .prepare(
      `select o.id from occurrence o join repository rp on rp.id = o.repository_id
       where rp.registry_id = ? and rp.name = ? and o.digest = ?`,
    )
    .pluck()
    .get(registry, repository, digest) as number

