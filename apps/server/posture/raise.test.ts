import { type Match, newDisableRuleSchema, type Raise } from '@plimsoll/types'
import fc from 'fast-check'
import pino from 'pino'
import { expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { countFindings } from '../findings/list.ts'
import { recordFindings } from '../findings/record.ts'
import { ensureRepository } from '../intake/places.ts'
import { pointTag } from '../intake/tags.ts'
import { storeImage } from '../jobs/inventory.ts'
import { createRule } from '../rules/create.ts'
import { startRuleKeeper } from '../rules/keeper.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { listImages } from './images.ts'
import { raiseScore } from './raise.ts'

/** One of a few matches, in a layer of the base or in the image's own. */
interface Found {
  readonly cve: number
  readonly source: 'openssl' | 'zlib'
  readonly feed: 'Debian:12' | 'Debian:13'
  readonly patchable: boolean
  readonly state: 'open' | 'undetermined'
  readonly ofBase: boolean
}
interface Made {
  readonly registry: 'r1' | 'r2' | 'r3'
  readonly base: 0 | 1 | null
  readonly partial: boolean
  readonly found: readonly Found[]
}
interface MadeBase {
  readonly found: readonly Found[]
  /** Null: there is none. */
  readonly newer: readonly Found[] | null
}
interface Fleet {
  readonly bases: readonly [MadeBase, MadeBase]
  readonly images: readonly Made[]
}

/** Disabled by a rule. */
const disabledCve = 3

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const finding: fc.Arbitrary<Found> = fc.record({
  cve: some(1, 2, disabledCve),
  source: some('openssl', 'zlib'),
  feed: some('Debian:12', 'Debian:12', 'Debian:13'),
  patchable: some(true, true, false),
  state: some('open', 'open', 'open', 'undetermined'),
  ofBase: fc.boolean(),
})
const nameOf = ({ cve, source, feed }: Found): string => `${cve} ${source} ${feed}`
const found = fc.uniqueArray(finding, { selector: nameOf, maxLength: 3 })
const base: fc.Arbitrary<MadeBase> = fc.record({ found, newer: fc.option(found, { freq: 3 }) })
const fleets: fc.Arbitrary<Fleet> = fc.record({
  bases: fc.tuple(base, base),
  images: fc.array(
    fc.record({
      registry: some('r1', 'r2', 'r3'),
      base: some(0, 1, null),
      partial: some(false, false, false, true),
      found,
    }),
    { minLength: 1, maxLength: 5 },
  ),
})

test('what would raise the score is what a second look from scratch says', async () => {
  await fc.assert(
    fc.asyncProperty(fleets, async fleet => {
      const db = await stored(fleet)
      const told = raiseScore(db)
      expect(told.map(inShort).toSorted()).toEqual(expected(fleet).map(inShort).toSorted())
      const order = told.map(one => [one.points, one.healthyImages, one.findings])
      expect(order).toEqual(
        order.toSorted((a, b) => b.map((each, i) => each - (a[i] ?? 0)).find(each => each !== 0) ?? 0),
      )
      for (const raise of told)
        expect(rowsOf(db, raise)).toBe(raise.kind === 'upgrade' ? raise.findings : raise.images)
      db.$client.close()
    }),
    { numRuns: 60 },
  )
})

test('the version to go to is the highest that any finding needs, in the order of the ecosystem', () => {
  const db = openInMemory()
  const image = madeOccurrence(db, { digest: madeDigest(1) })
  const versions = ['3.0.9-1', '3.0.13-1~deb12u1', '3.0.11-1']
  const matches = versions.map((fixedVersion, number) =>
    madeMatch({ vulnerabilityId: `CVE-2024-${number}`, fixedVersion }),
  )
  recordFindings(db, image, matches, [], '2024-03-01T00:00:00.000Z')
  expect(raiseScore(db)).toEqual([
    {
      kind: 'upgrade',
      ecosystem: 'deb',
      feed: 'Debian:12',
      package: 'openssl',
      fixedVersion: '3.0.13-1~deb12u1',
      findings: 3,
      healthyImages: 1,
      healthyRegistries: 1,
      points: 6,
    },
  ])
})

/** Where its number leads. */
function rowsOf(db: Db, raise: Raise): number {
  if (raise.kind === 'upgrade') {
    const { feed, package: name } = raise
    return countFindings(db, { status: 'open', feed, package: name, fix: 'available' })
  }
  return listImages(db, {
    health: 'unhealthy',
    outdatedBase: raise.base,
    superseded: false,
    page: 1,
    size: 25,
  }).total
}

type Short = Pick<Raise, 'findings' | 'healthyImages' | 'healthyRegistries' | 'points'> & {
  readonly what: string
}
const inShort = (raise: Raise | Short): string => {
  const { findings, healthyImages, healthyRegistries, points } = raise
  return JSON.stringify({
    what: whatOf(raise),
    findings,
    healthyImages,
    healthyRegistries,
    points: points.toFixed(6),
  })
}
function whatOf(raise: Raise | Short): string {
  if ('what' in raise) return raise.what
  return raise.kind === 'upgrade'
    ? `${raise.feed} ${raise.package}`
    : `${raise.base.repository} ${raise.images}`
}

const open = (all: readonly Found[]): Found[] =>
  all.filter(({ state, cve }) => state === 'open' && cve !== disabledCve)
const isWhole = (all: readonly Found[]): boolean =>
  all.every(({ state, cve }) => state === 'open' || cve === disabledCve)

/** Every image as it counts: the bases are images too. */
const imagesOf = ({
  bases,
  images,
}: Fleet): { registry: string; partial: boolean; found: readonly Found[] }[] => [
  ...images,
  ...bases.flatMap(({ found: old, newer }) =>
    [old, newer].flatMap(each => (each === null ? [] : [{ registry: 'base', partial: false, found: each }])),
  ),
]

function healthOf({ partial, found: all }: { partial: boolean; found: readonly Found[] }): string {
  if (open(all).length > 0) return 'unhealthy'
  return partial || !isWhole(all) ? 'undecided' : 'healthy'
}

function standing(images: ReturnType<typeof imagesOf>) {
  const registries = [...Map.groupBy(images, ({ registry }) => registry)].map(([, its]) => {
    const healths = its.map(healthOf)
    if (healths.includes('unhealthy')) return 'unhealthy'
    return healths.every(each => each === 'healthy') ? 'healthy' : 'other'
  })
  const healthy = registries.filter(each => each === 'healthy').length
  const assessed = registries.filter(each => each !== 'other').length
  return {
    images: images.filter(image => healthOf(image) === 'healthy').length,
    registries: healthy,
    points: assessed === 0 ? 0 : (6 * healthy) / assessed,
  }
}

function gain(what: string, findings: number, fleet: Fleet, after: ReturnType<typeof imagesOf>): Short {
  const [before, then] = [standing(imagesOf(fleet)), standing(after)]
  return {
    what,
    findings,
    healthyImages: then.images - before.images,
    healthyRegistries: then.registries - before.registries,
    points: then.points - before.points,
  }
}

function expected(fleet: Fleet): Short[] {
  const all = imagesOf(fleet)
  const groups = new Set(
    all.flatMap(image =>
      open(image.found)
        .filter(one => one.patchable)
        .map(one => `${one.feed} ${one.source}`),
    ),
  )
  const upgrades = [...groups].map(group => {
    const stays = (one: Found): boolean =>
      !(open([one]).length > 0 && one.patchable && `${one.feed} ${one.source}` === group)
    const after = all.map(image => ({ ...image, found: image.found.filter(stays) }))
    const findings = all.reduce((sum, image) => sum + image.found.filter(one => !stays(one)).length, 0)
    return gain(group, findings, fleet, after)
  })
  const moves = fleet.bases.flatMap(({ newer }, number): Short[] => {
    if (newer === null) return []
    const fromBase = (image: Made): number => open(image.found).filter(one => one.ofBase).length
    const unhealthy = fleet.images.filter(image => image.base === number && open(image.found).length > 0)
    const findings = unhealthy.reduce((sum, image) => sum + fromBase(image) - open(newer).length, 0)
    if (findings <= 0) return []
    // What the newer base has takes the place of what the old one had; an image with something open stays unhealthy.
    const after = all.map(image => {
      const moved = unhealthy.find(one => one === image)
      if (moved === undefined) return image
      const becomes = open(moved.found).every(one => one.ofBase) && open(newer).length === 0 && isWhole(newer)
      return becomes ? { ...image, found: image.found.filter(one => open([one]).length === 0) } : image
    })
    return [gain(`base/${number} ${unhealthy.length}`, findings, fleet, after)]
  })
  return [...upgrades, ...moves]
}

async function stored(fleet: Fleet): Promise<Db> {
  const db = openInMemory()
  const baseLayer = (number: number, age: 'old' | 'new'): string =>
    madeDigest(100 + number * 2 + (age === 'new' ? 1 : 0))
  for (const [number, { found: old, newer }] of fleet.bases.entries()) {
    const place = { registry: 'base', repository: `base/${number}` }
    const layer = baseLayer(number, 'old')
    store(db, {
      ...place,
      digest: madeDigest(200 + number),
      layers: [layer],
      found: old,
      layerOf: () => layer,
      hours: 1,
    })
    if (newer === null) continue
    const its = baseLayer(number, 'new')
    store(db, {
      ...place,
      digest: madeDigest(300 + number),
      layers: [its],
      found: newer,
      layerOf: () => its,
      hours: 2,
    })
  }
  for (const [number, image] of fleet.images.entries()) {
    const own = madeDigest(400 + number)
    const layers = image.base === null ? [own] : [baseLayer(image.base, 'old'), own]
    const layerOf = (one: Found): string => (one.ofBase && image.base !== null ? (layers[0] ?? own) : own)
    const place = { registry: image.registry, repository: 'team/api', digest: madeDigest(number) }
    const id = store(db, { ...place, layers, found: image.found, layerOf, hours: 3 })
    if (image.partial)
      db.$client.prepare(`update occurrence set coverage_status = 'partial' where id = ?`).run(id)
  }
  const log = pino({ level: 'silent' })
  const rules = startRuleKeeper({ db, events: createEventBus(), log })
  const rule = newDisableRuleSchema.parse({
    name: 'A rule',
    scope: { kind: 'tenant', id: 'tenant' },
    criteria: { cves: [`CVE-2024-${disabledCve}`] },
  })
  await createRule(rule, { db, events: createEventBus(), log, rules, viewer: { name: 'Ada' } })
  await rules.stop()
  return db
}

interface Stored {
  readonly registry: string
  readonly repository: string
  readonly digest: string
  readonly layers: readonly string[]
  readonly found: readonly Found[]
  readonly layerOf: (one: Found) => string
  /** Of its push, since the day began. */
  readonly hours: number
}

function store(db: Db, { registry, repository, digest, layers, found: all, layerOf, hours }: Stored): number {
  const at = `2024-03-01T0${hours}:00:00.000Z`
  const occurrence = madeOccurrence(db, { registry, repository, digest }, at)
  const about = {
    mediaType: null,
    platform: null,
    sizeBytes: null,
    distro: null,
    createdAt: null,
    packages: [],
  }
  const coverage = {
    status: 'complete' as const,
    reasons: [],
    packages: {},
    databases: [],
    release: null,
    feeds: [],
  }
  const its = layers.map(diffId => ({ digest: diffId, diffId, mediaType: 'x', sizeBytes: 1 }))
  const imageId = storeImage(db, { digest, layers: its, coverage, ...about }, at)
  db.$client
    .prepare('update occurrence set image_id = ?, event_at = ? where id = ?')
    .run(imageId, at, occurrence)
  const tag = { name: digest.slice(-3), digest, eventAt: at, at }
  pointTag(db, { repositoryId: ensureRepository(db, registry, repository), ...tag })
  recordFindings(
    db,
    occurrence,
    all.map(one => matchOf(one, layerOf(one))),
    [],
    at,
  )
  return occurrence
}

function matchOf({ cve, source, feed, patchable, state }: Found, layer: string): Match {
  const match = madeMatch({ vulnerabilityId: `CVE-2024-${cve}`, sourceName: source, feed, patchable, state })
  return { ...match, packages: match.packages.map(one => ({ ...one, layer })) }
}
