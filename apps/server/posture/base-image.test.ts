import type { BaseImage } from '@plimsoll/types'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { getFinding } from '../findings/get.ts'
import { countFindings, listFindings } from '../findings/list.ts'
import { deleteDigest } from '../intake/deletion.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { pointTag } from '../intake/tags.ts'
import { placeRules } from '../rules/place.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { type MadeResult, scanned } from '../testdata/scanned.ts'
import { chainIdsOf } from './chain.ts'
import { getImage, listImages } from './images.ts'
import { listPackages } from './packages.ts'

let db: Db
const at = '2024-03-01T00:00:00.000Z'
beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  for (const [id, kind] of [
    ['reg', 'distribution'],
    ['other', 'distribution'],
    ['samples', 'demonstration'],
  ] as const) {
    ensureRegistry(db, { id, subscriptionId: 'main', name: id, kind, url: null }, at)
  }
})

const [bottom, second, third, fourth] = [101, 102, 103, 104].map(madeDigest) as [
  string,
  string,
  string,
  string,
]
const app = madeDigest(1)
const own = { registryId: 'reg', repository: 'team/api', digest: app }

interface Pushed extends MadeResult {
  readonly registry?: string
  readonly tag?: string
  readonly pushedAt?: string
}

/** An image of these layers, in a repository of `reg` unless it says otherwise, scanned. */
function push(repository: string, digest: string, layers: readonly string[], more: Pushed = {}): void {
  const { registry = 'reg', tag, pushedAt = at, ...result } = more
  const repositoryId = ensureRepository(db, registry, repository)
  if (tag !== undefined) pointTag(db, { repositoryId, name: tag, digest, eventAt: pushedAt, at: pushedAt })
  scanned(db, repositoryId, digest, { layers, at: pushedAt, ...result })
  db.$client
    .prepare('update occurrence set pushed_at = ?, event_at = ? where repository_id = ? and digest = ?')
    .run(pushedAt, tag === undefined ? null : pushedAt, repositoryId, digest)
}

const base = (): BaseImage | null => getImage(db, own).baseImage
const inLayer = (vulnerabilityId: string, layer: string) => {
  const match = madeMatch({ vulnerabilityId, sourceName: `of-${vulnerabilityId}` })
  return { ...match, packages: match.packages.map(one => ({ ...one, layer })) }
}

test('chain ids are those of the OCI image specification', () => {
  // Worked out with another program, by the formula of "Layer ChainID".
  expect(chainIdsOf([bottom, second, third].map(diffId => ({ diffId })))).toEqual([
    'sha256:0000000000000000000000000000000000000000000000000000000000000065',
    'sha256:1d3e81fe54be5ebd4d3172bd8d751f98a3f4115a2319900a6f244809540f0979',
    'sha256:76d939eb8380054470b31b00fd57b7e28a00bb7e82341447f25f8897dd8149ff',
  ])
  expect(chainIdsOf([])).toEqual([])
})

describe('the base of an image', () => {
  beforeEach(() => {
    push('team/api', app, [bottom, second, third, fourth], {
      matches: [
        inLayer('CVE-2024-0001', bottom),
        inLayer('CVE-2024-0002', second),
        inLayer('CVE-2024-0003', third),
        inLayer('CVE-2024-0004', fourth),
      ],
      installed: [
        { name: 'libc6', version: '1', layer: bottom },
        { name: 'curl', version: '1', layer: third },
        { name: 'nginx', version: '1', layer: third },
      ],
    })
  })

  test('is none while no image is the beginning of it', () => {
    push('other', madeDigest(2), [bottom, third])
    push('same', madeDigest(3), [bottom, second, third, fourth])
    push('longer', madeDigest(4), [bottom, second, third, fourth, madeDigest(105)])
    push('without', madeDigest(5), [])
    expect(base()).toBeNull()
    expect(getImage(db, own).layers.map(layer => layer.ofBase)).toEqual([false, false, false, false])
  })

  test('is the longest image it begins with, and says what comes from it', () => {
    push('base/os', madeDigest(2), [bottom], { tag: '12' })
    push('base/web', madeDigest(3), [bottom, second, third], { tag: '1.0' })
    expect(base()).toEqual({
      registryId: 'reg',
      registryName: 'reg',
      repository: 'base/web',
      digest: madeDigest(3),
      tags: ['1.0'],
      layers: 3,
      findingsFromBase: 3,
      findingsTotal: 4,
      newer: null,
    })
    const { layers } = getImage(db, own)
    expect(layers.map(({ packages, findings, ofBase }) => [packages, findings, ofBase])).toEqual([
      [1, 1, true],
      [0, 1, true],
      [2, 1, true],
      [0, 1, false],
    ])
  })

  test('tells findings apart, in lists and in the pane', () => {
    push('base/os', madeDigest(2), [bottom, second], { tag: '12' })
    const ids = (filter: object) =>
      listFindings(db, { filter: { status: 'open', ...own, ...filter }, sort: 'cve', page: 1, size: 50 })
    expect(ids({ origin: 'base' }).rows.map(row => row.vulnerabilityId)).toEqual([
      'CVE-2024-0001',
      'CVE-2024-0002',
    ])
    expect(ids({ origin: 'own' }).rows.map(row => row.vulnerabilityId)).toEqual([
      'CVE-2024-0003',
      'CVE-2024-0004',
    ])
    expect(ids({ origin: 'own', layer: third })).toMatchObject({ total: 1 })
    const [first] = ids({ layer: second }).rows
    expect(getFinding(db, first?.id ?? '').layers).toEqual([
      { diffId: second, position: 2, createdBy: 'RUN step 2', ofBase: true },
    ])
    expect(listPackages(db, { ...own, layer: third, page: 1, size: 50 }).rows.map(one => one.name)).toEqual([
      'curl',
      'nginx',
    ])
  })

  test('does not count what a rule disables', () => {
    push('base/os', madeDigest(2), [bottom, second], { tag: '12' })
    expect(countFindings(db, { status: 'open', ...own, origin: 'base' })).toBe(2)
    db.$client.exec(`insert into disable_rule (id, number, scope_kind, scope_id, name, criteria, justification, saved_by, saved_at, judged)
        values (1, 1, 'subscription', 'main', 'a', '{}', '', '', '', 1);
      insert into disable_rule_match select 1, id from match_fact where vulnerability_id = 'CVE-2024-0001'`)
    placeRules(
      db,
      db.$client.prepare('select id from occurrence').pluck().all() as number[],
      '2024-03-01T00:00:00.000Z',
    )
    expect(base()).toMatchObject({ findingsFromBase: 1 })
  })

  test('of several places is one with a tag, near, and always the same', () => {
    const digest = madeDigest(2)
    push('z/untagged', digest, [bottom])
    push('b/tagged', digest, [bottom], { tag: '1', registry: 'other' })
    expect(base()).toMatchObject({ registryId: 'other', repository: 'b/tagged' })
    push('c/tagged', digest, [bottom], { tag: '1' })
    expect(base()).toMatchObject({ registryId: 'reg', repository: 'c/tagged' })
    push('a/tagged', madeDigest(3), [bottom], { tag: '1' })
    expect(base()).toMatchObject({ repository: 'a/tagged', digest: madeDigest(3) })
  })

  test('is gone with the last place that holds it', () => {
    push('base/os', madeDigest(2), [bottom], { tag: '12' })
    const repositoryId = ensureRepository(db, 'reg', 'base/os')
    deleteDigest(db, { repositoryId, digest: madeDigest(2), eventAt: null, at })
    expect(base()).toBeNull()
  })

  test('is never a sample, nor a sample’s base an image of yours', () => {
    push('base/os', madeDigest(2), [bottom], { tag: '12', registry: 'samples' })
    expect(base()).toBeNull()
    push('base/os', madeDigest(3), [bottom, second], { tag: '12' })
    push('shop', madeDigest(4), [bottom, second, third], { registry: 'samples' })
    const sample = getImage(db, { registryId: 'samples', repository: 'shop', digest: madeDigest(4) })
    expect(sample.baseImage).toMatchObject({ registryId: 'samples', layers: 1 })
  })
})

describe('newer than the base', () => {
  const old = madeDigest(2)
  const later = '2024-04-01T00:00:00.000Z'
  const replacement = { matches: [inLayer('CVE-2024-0009', third)], tag: '12', pushedAt: later }

  beforeEach(() => {
    push('base/os', old, [bottom], { tag: '12', createdAt: '2024-02-01T00:00:00Z' })
    push('team/api', app, [bottom, second])
  })

  test('is what took its tag, with its findings', () => {
    push('base/os', madeDigest(3), [third], replacement)
    push('base/os', madeDigest(4), [fourth], { tag: '13', pushedAt: '2024-05-01T00:00:00.000Z' })
    expect(base()).toMatchObject({
      digest: old,
      tags: [],
      newer: { digest: madeDigest(3), tags: ['12'], findings: 1, pushedAt: later, repository: 'base/os' },
    })
  })

  test('is never the image itself, though it is in the repository of its base', () => {
    const later = '2024-04-01T00:00:00.000Z'
    push('team/api', app, [bottom, second, third, fourth], { tag: 'app', pushedAt: later })
    push('team/api', madeDigest(7), [bottom, second, third], { tag: 'base' })
    expect(base()).toMatchObject({ repository: 'team/api', tags: ['base'], newer: null })
    push('team/api', madeDigest(8), [bottom, fourth], { tag: 'base-2', pushedAt: later })
    expect(base()).toMatchObject({ newer: { tags: ['base-2'] } })
  })

  test('is never the image itself, though it took the tag of its base', () => {
    push('team/api', madeDigest(7), [bottom, second, third], { tag: 'latest' })
    const later = '2024-04-01T00:00:00.000Z'
    push('team/api', app, [bottom, second, third, fourth], { tag: 'latest', pushedAt: later })
    expect(base()).toMatchObject({ digest: madeDigest(7), newer: null })
  })

  test('is what all images on the base could be built on, but for itself and those with a nearer one', () => {
    const outdated = (registryId: string): string[] =>
      listImages(db, {
        outdatedBase: { registryId, repository: 'base/os', digest: old },
        superseded: false,
        page: 1,
        size: 50,
      }).rows.map(({ digest }) => digest)
    expect(outdated('reg')).toEqual([])
    push('base/os', madeDigest(3), [bottom, third], { tag: '13', createdAt: '2024-03-01T00:00:00Z' })
    push('team/more', madeDigest(4), [bottom, fourth])
    push('team/nearer', madeDigest(5), [bottom, third, fourth])
    push('team/else', madeDigest(6), [fourth, bottom])
    push('base/os', old, [bottom], { tag: '12', registry: 'other', createdAt: '2024-02-01T00:00:00Z' })
    push('team/far', madeDigest(7), [bottom, fourth], { registry: 'other' })
    expect(outdated('reg').toSorted()).toEqual([app, madeDigest(4)].toSorted())
    expect(outdated('other')).toEqual([])
  })

  test('is the newest push to its repository while it has its tag', () => {
    push('base/os', madeDigest(3), [third], { ...replacement, tag: '12.1' })
    push('base/os', madeDigest(4), [fourth], { tag: '12.2', pushedAt: '2024-05-01T00:00:00.000Z' })
    push('base/else', madeDigest(5), [fourth], { tag: '12.3', pushedAt: '2024-06-01T00:00:00.000Z' })
    expect(base()).toMatchObject({
      tags: ['12'],
      newer: { digest: madeDigest(4), tags: ['12.2'], findings: 0 },
    })
  })

  test('is what was made later, where both say so, whenever it was pushed', () => {
    push('base/os', madeDigest(3), [third], {
      tag: '12.1',
      createdAt: '2024-02-20T00:00:00Z',
      pushedAt: later,
    })
    push('base/os', madeDigest(4), [fourth], {
      tag: '11',
      createdAt: '2023-01-01T00:00:00Z',
      pushedAt: '2024-05-01T00:00:00.000Z',
    })
    expect(base()?.newer).toMatchObject({ digest: madeDigest(3) })
  })

  test.each([
    ['has no tag', {}],
    ['is for another platform', { tag: '12.1', architecture: 'arm64' }],
    ['was made before', { tag: '12.1', createdAt: '2024-01-01T00:00:00Z' }],
    [
      'leaves out when it was made, and was found by a listing',
      { tag: '12.1', createdAt: '1970-01-01T00:00:00Z', listed: true },
    ],
  ])('is nothing that %s', (_what, { listed, ...more }: Pushed & { listed?: boolean }) => {
    push('base/os', madeDigest(3), [third], { pushedAt: later, ...more })
    if (listed)
      db.$client.prepare('update occurrence set event_at = null where digest = ?').run(madeDigest(3))
    expect(base()).toMatchObject({ digest: old, newer: null })
  })
})
