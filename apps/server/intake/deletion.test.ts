import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { listFindings } from '../findings/list.ts'
import { requestScan } from '../jobs/request.ts'
import { getImage } from '../posture/images.ts'
import { getRepository } from '../posture/repositories.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { deleteDigest } from './deletion.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from './places.ts'
import { isUnknown } from './reconcile/unknown.ts'
import { pointTag } from './tags.ts'
import { takeEvents } from './take-event.ts'

/** What is told of an image that is gone, and how one that went with its index comes back. */

let db: Db
let repositoryId: number
const image = madeDigest(1)
const index = madeDigest(1000)
const minute = (number: number): string => new Date(Date.UTC(2024, 2, 1, 11, number)).toISOString()
const name = { registryId: 'reg', repository: 'team/api', digest: image }
const stored = () => getImage(db, name)
const remove = (digest: string, at = minute(10)) =>
  deleteDigest(db, { repositoryId, digest, eventAt: at, at })
const scansOf = (digest: string) =>
  db.$client.prepare(`select trigger from scan where digest = ? and state = 'queued'`).pluck().all(digest)

beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, minute(0))
  const registry = {
    id: 'reg',
    subscriptionId: 'main',
    name: 'reg',
    kind: 'distribution',
    url: null,
  } as const
  ensureRegistry(db, registry, minute(0))
  repositoryId = ensureRepository(db, 'reg', 'team/api')
  pointTag(db, { repositoryId, name: 'multi', digest: index, eventAt: minute(1), at: minute(1) })
  db.$client.prepare('insert into index_member (index_digest, digest) values (?, ?)').run(index, image)
  const matches = [1, 2, 3].map(number => madeMatch({ vulnerabilityId: `CVE-2024-000${number}` }))
  scanned(db, repositoryId, image, { matches: matches.slice(0, 2), packages: { openssl: '3.0.11-1' } })
  // One that was withdrawn earlier is closed too, and not by the deletion.
  scanned(db, repositoryId, image, { matches: matches.slice(1), packages: { openssl: '3.0.11-1' } })
})

test('a deleted image has no health, and says how many findings closed with it', () => {
  remove(image)
  expect(stored()).toMatchObject({
    health: 'not-applicable',
    healthReason: 'It was deleted from its registry.',
    deletedAt: minute(10),
    deletedWith: null,
    closedFindings: 3,
    closedWithIt: 2,
  })
  const filter = { status: 'closed', ...name } as const
  expect(listFindings(db, { filter, sort: '-severity', page: 1, size: 50 }).total).toBe(3)
})

test('an image without a finding is not called healthy once it is gone', () => {
  scanned(db, repositoryId, madeDigest(2))
  remove(madeDigest(2))
  expect(getImage(db, { ...name, digest: madeDigest(2) })).toMatchObject({
    health: 'not-applicable',
    closedFindings: 0,
    closedWithIt: 0,
  })
})

test('a superseded image says how many findings it had', () => {
  const tag = { repositoryId, name: 'multi', eventAt: minute(20), at: minute(20) }
  pointTag(db, { ...tag, digest: madeDigest(3) })
  scanned(db, repositoryId, madeDigest(3), { at: minute(21) })
  expect(stored()).toMatchObject({ health: 'not-applicable', closedFindings: 3, closedWithIt: 2 })
  expect(stored().supersededAt).not.toBeNull()
})

test('a repository that was emptied keeps when it was last scanned and pushed to', () => {
  const before = getRepository(db, 'reg', 'team/api')
  expect(before).toMatchObject({ health: 'unhealthy', lastPushTold: true })
  remove(index)
  expect(getRepository(db, 'reg', 'team/api')).toMatchObject({
    health: 'not-applicable',
    healthReason: 'It holds no image now.',
    images: { unhealthy: 0 },
    lastPushedAt: before.lastPushedAt,
    lastScannedAt: before.lastScannedAt,
  })
  ensureRepository(db, 'reg', 'team/new')
  expect(getRepository(db, 'reg', 'team/new')).toMatchObject({
    health: 'not-scanned',
    lastPushedAt: null,
    lastPushTold: false,
    lastScannedAt: null,
  })
})

test('of an image that a listing found it is not claimed that it was pushed then', () => {
  const found = madeDigest(4)
  const other = ensureRepository(db, 'reg', 'team/found')
  pointTag(db, { repositoryId: other, name: '1.0', digest: found, eventAt: null, at: minute(30) })
  scanned(db, other, found, { at: minute(31) })
  const last = () => [
    getImage(db, { ...name, repository: 'team/found', digest: found }).pushTold,
    getRepository(db, 'reg', 'team/found').lastPushTold,
  ]
  expect(last()).toEqual([false, false])
  // The index of this one was told of, with a tag.
  expect(stored().pushTold).toBe(true)
  pointTag(db, { repositoryId: other, name: '1.0', digest: found, eventAt: minute(32), at: minute(32) })
  expect(last()).toEqual([true, true])
})

describe('an image that went with its index', () => {
  beforeEach(() => {
    remove(index)
  })

  const pull = (digest: string, at: string, now: string) =>
    takeEvents(
      db,
      'reg',
      [{ id: at, at, action: 'pull', repository: 'team/api', digest, tag: null, mediaType: null }],
      now,
    )

  test('says that it was not deleted itself, until it is', () => {
    expect(stored()).toMatchObject({
      healthReason: 'Its index was deleted; nothing else leads to it.',
      deletedBy: null,
      deletedWith: index,
    })
    remove(image, minute(11))
    expect(stored()).toMatchObject({ deletedAt: minute(10), deletedWith: null })
  })

  test.each([
    ['itself', image],
    ['through an index', index],
  ])('is back when it is pulled %s', (_, digest) => {
    expect(pull(digest, minute(12), minute(13)).scans).toHaveLength(1)
    expect(stored()).toMatchObject({ deletedAt: null, deletedWith: null, health: 'not-scanned' })
    expect(scansOf(image)).toEqual(['discovery'])
  })

  test('stays away when a pull of before is told late, or one by a clock that is behind', () => {
    expect(pull(image, minute(9), minute(13)).scans).toEqual([])
    expect(stored().deletedAt).toBe(minute(10))
  })

  test('is back without a scan where pushes start none', () => {
    db.$client.exec('update subscription set trigger_push = 0')
    expect(pull(image, minute(12), minute(13)).scans).toEqual([])
    expect(stored()).toMatchObject({ deletedAt: null, health: 'not-scanned' })
  })

  test('is looked for when a listing finds a tag that leads to it, or to another index of it', () => {
    const other = madeDigest(2000)
    db.$client.prepare('insert into index_member (index_digest, digest) values (?, ?)').run(other, image)
    const now = new Date('2024-03-02T00:00:00.000Z')
    expect([image, other].map(found => isUnknown(db, repositoryId, found, now))).toEqual([true, true])
  })

  test('is scanned when somebody asks, and is back when the registry has it', () => {
    const viewer = { name: 'Ada' }
    const deps = { db, events: createEventBus(), viewer, wakeRunner: () => undefined }
    expect(requestScan(name, deps)).toMatchObject({ state: 'queued', requestedBy: 'Ada' })
    expect(stored().deletedAt).not.toBeNull()
    db.$client.exec('delete from scan')
    scanned(db, repositoryId, image, { matches: [madeMatch()] })
    expect(stored()).toMatchObject({ deletedAt: null, deletedWith: null, health: 'unhealthy' })
  })
})
