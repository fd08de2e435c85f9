import { beforeEach, describe, expect, test } from 'vitest'
import { oci } from '../../../packages/engine/registry/testdata/made-image.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { listScans } from '../jobs/list.ts'
import { getImage, listImages } from '../posture/images.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { type EventFacts, registryEvent } from '../testdata/registry-event.ts'
import { scanned } from '../testdata/scanned.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from './places.ts'
import { takeEvents } from './take-event.ts'
import { distribution } from './webhooks/distribution.ts'

let db: Db
const at = '2024-03-01T12:00:00.000Z'
const digest = madeDigest(1)

beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
})

/** What the registry's envelope with these events does. */
const take = (...facts: EventFacts[]) => takeEvents(db, 'reg', eventsOf(...facts), at)
const eventsOf = (...facts: EventFacts[]) => {
  const body = { events: facts.map(registryEvent) }
  const read = distribution.read(body, { headers: {}, at, host: null, ownUsername: () => null })
  if (read === null) throw new Error('this is no envelope')
  return read.events
}
const images = () => listImages(db, { superseded: false, page: 1, size: 50 }).rows
const image = (of = digest) => getImage(db, { registryId: 'reg', repository: 'team/api', digest: of })
const scans = () => listScans(db, { page: 1, size: 50 }).rows
const minute = (number: number): string => new Date(Date.UTC(2024, 2, 1, 11, number)).toISOString()

describe('a push', () => {
  test('makes the image appear, waiting for its scan', () => {
    expect(take({ digest, tag: '1.0' })).toMatchObject({ imagesChanged: true, scans: [1] })
    expect(images()).toMatchObject([
      { digest, tags: ['1.0'], health: 'not-scanned', healthReason: 'It waits for its scan.' },
    ])
    expect(scans()).toMatchObject([{ digest, state: 'queued', trigger: 'push', tags: ['1.0'] }])
  })

  test('that is told of twice is one', () => {
    take({ digest, tag: '1.0' })
    take({ id: 'another', digest, tag: '1.0' }, { digest, tag: '1.0' })
    expect(scans()).toHaveLength(1)
    expect(images()).toHaveLength(1)
  })

  test('of the same digest after its scan asks for another', () => {
    take({ digest, tag: '1.0' })
    const repositoryId = ensureRepository(db, 'reg', 'team/api')
    scanned(db, repositoryId, digest)
    take({ digest, tag: '1.0' })
    expect(scans().map(scan => scan.state)).toEqual(['queued', 'done'])
  })

  test('of a layer or a configuration is none of an image', () => {
    const types = [
      'application/octet-stream',
      'application/vnd.oci.image.layer.v1.tar+gzip',
      'application/vnd.docker.container.image.v1+json',
    ]
    expect(take(...types.map(mediaType => ({ digest, mediaType })))).toMatchObject({ scans: [] })
    expect(images()).toEqual([])
  })

  test.each([
    ['an index', { tag: '1.0', mediaType: 'application/vnd.oci.image.index.v1+json' }],
    ['a manifest without a tag, which may be an attestation', {}],
    ['a signature', { tag: `sha256-${'a'.repeat(64)}.sig` }],
  ])('of %s is scanned before it is shown as an image', (_, facts) => {
    expect(take({ digest, ...facts }).scans).toHaveLength(1)
    expect(images()).toEqual([])
  })

  test('that comes late still tells of its tag, and changes nothing else', () => {
    take({ digest, tag: '1.0', at: minute(3) })
    take({ digest, tag: 'stable', at: minute(2) })
    expect(image()).toMatchObject({ tags: ['1.0', 'stable'], pushedAt: minute(3) })
    take({ action: 'delete', digest, at: minute(5) }, { digest, tag: 'older', at: minute(4) })
    expect(image()).toMatchObject({ deletedAt: at, tags: [] })
  })

  test('brings a deleted image back, without its old result', () => {
    take({ digest, tag: '1.0', at: minute(1) })
    scanned(db, ensureRepository(db, 'reg', 'team/api'), digest, { matches: [madeMatch()] })
    take({ action: 'delete', digest, at: minute(2) })
    take({ digest, tag: '1.0', at: minute(3) })
    expect(image()).toMatchObject({ deletedAt: null, health: 'not-scanned', coverage: 'not-scanned' })
  })
})

describe('a time that has not come yet', () => {
  const future = '2999-01-01T00:00:00.000Z'
  const next = new Date(Date.parse(at) + 1000).toISOString()
  const second = madeDigest(2)
  const push = { action: 'push', digest: second, tag: '1.0', at: next } as const
  const takeNext = (facts: EventFacts) => takeEvents(db, 'reg', eventsOf(facts), next)

  test('of a push is that of its coming, and the next push of its tag counts', () => {
    take({ digest, tag: '1.0', at: future })
    expect(image().pushedAt).toBe(at)
    takeNext(push)
    expect([image().tags, image(second).tags]).toEqual([[], ['1.0']])
    takeNext({ action: 'delete', digest, at: next })
    expect(image().deletedAt).toBe(next)
  })

  test('of a deletion is that of its coming, and what is pushed next is there', () => {
    take({ digest, tag: '1.0', at: minute(1) })
    take({ action: 'delete', tag: '1.0', at: future }, { action: 'delete', digest, at: future })
    expect(image()).toMatchObject({ deletedAt: at, tags: [] })
    takeNext({ digest, tag: '1.0', at: next })
    expect(image()).toMatchObject({ deletedAt: null, tags: ['1.0'] })
  })

  test('of two at once is that of their coming, and the one told last is the later', () => {
    take({ digest, tag: '1.0', at: future }, { digest: second, tag: '1.0', at: future })
    expect(image(second).tags).toEqual(['1.0'])
  })
})

describe('a pull', () => {
  test('by a clock that goes ahead was now', () => {
    scanned(db, ensureRepository(db, 'reg', 'team/api'), digest)
    take({ action: 'pull', digest, at: '2999-01-01T00:00:00.000Z' })
    expect(image().lastPulledAt).toBe(at)
  })

  beforeEach(() => {
    take({ digest, tag: '1.0', at: minute(1) })
  })

  test('is kept, the latest of several', () => {
    take({ action: 'pull', digest, at: minute(9) }, { action: 'pull', digest, at: minute(5) })
    expect(image().lastPulledAt).toBe(minute(9))
    expect(scans()).toHaveLength(1)
  })

  test('of an index is one of each image in it, and one by its tag of what the tag leads to', () => {
    const index = madeDigest(7)
    prepared(db, 'insert into index_member (index_digest, digest) values (?, ?)').run(index, digest)
    take({ action: 'pull', digest: index, mediaType: oci.index, at: minute(3) })
    expect(image().lastPulledAt).toBe(minute(3))
    const byTag = { id: 'p', at: minute(4), action: 'pull', repository: 'team/api', digest: null } as const
    takeEvents(db, 'reg', [{ ...byTag, tag: '1.0', mediaType: null }], at)
    expect(image().lastPulledAt).toBe(minute(4))
    takeEvents(db, 'reg', [{ ...byTag, at: minute(5), tag: 'none', mediaType: null }], at)
    expect(image().lastPulledAt).toBe(minute(4))
  })

  test('of our own is no use of the image', () => {
    expect(take({ action: 'pull', digest, userAgent: 'plimsoll/0.1.0' }).imagesChanged).toBe(false)
    expect(image().lastPulledAt).toBeNull()
  })
})

describe('a deletion', () => {
  beforeEach(() => {
    take({ digest, tag: '1.0', at: minute(1) })
    scanned(db, ensureRepository(db, 'reg', 'team/api'), digest, { matches: [madeMatch()] })
  })

  test('of the manifest takes the image and its findings away', () => {
    expect(take({ action: 'delete', digest, at: minute(2) })).toMatchObject({ findingsChanged: true })
    expect(images()).toEqual([])
    expect(image()).toMatchObject({ deletedAt: at, tags: [], findings: { open: { High: 0 } } })
  })

  test('that comes after a later push does nothing', () => {
    take({ digest, tag: '1.0', at: minute(3) })
    take({ action: 'delete', digest, at: minute(2) })
    expect(image()).toMatchObject({ deletedAt: null, tags: ['1.0'], findings: { open: { High: 1 } } })
  })

  test('calls off the scan that waits', () => {
    take({ digest, tag: '1.0', at: minute(3) })
    take({ action: 'delete', digest, at: minute(4) })
    expect(scans()[0]).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } })
  })

  test('of the tag leaves the image', () => {
    take({ action: 'delete', tag: '1.0', at: minute(2) })
    expect(image()).toMatchObject({ deletedAt: null, tags: [], findings: { open: { High: 1 } } })
  })

  test('of tag and manifest together leaves the image as long as another tag leads to it', () => {
    take({ digest, tag: 'stable', at: minute(1) })
    const gone = { id: 'd', at: minute(2), action: 'delete', repository: 'team/api', digest } as const
    takeEvents(db, 'reg', [{ ...gone, tag: '1.0', mediaType: null }], at)
    expect(image()).toMatchObject({ deletedAt: null, tags: ['stable'] })
    takeEvents(db, 'reg', [{ ...gone, tag: 'stable', mediaType: null }], at)
    expect(image()).toMatchObject({ deletedAt: at, tags: [] })
  })

  test('of a blob, or of what nobody knows, does nothing', () => {
    expect(take({ action: 'delete', digest: madeDigest(99) })).toMatchObject({ imagesChanged: false })
  })
})

describe('what is not to be scanned', () => {
  test.each([
    ['the plan is off', `update subscription set plan = 'off'`],
    ['pushes start no scans', 'update subscription set trigger_push = 0'],
  ])('because %s is kept up to date all the same', (_, change) => {
    take({ digest, tag: '1.0', at: minute(1) })
    db.$client.exec(`${change}; delete from scan`)
    expect(take({ digest, tag: '2.0', at: minute(2) }).scans).toEqual([])
    take({ action: 'pull', digest, at: minute(3) })
    expect(image()).toMatchObject({ tags: ['1.0', '2.0'], lastPulledAt: minute(3) })
    take({ action: 'delete', digest, at: minute(4) })
    expect(image()).toMatchObject({ deletedAt: at })
    expect(scans()).toEqual([])
  })

  test('because its repository is not watched is not known at all', () => {
    db.$client.exec(`update registry set repositories = '["team/other"]'`)
    expect(take({ digest, tag: '1.0' }, { repository: 'team/other', digest, tag: '1.0' }).scans).toHaveLength(
      1,
    )
    expect(images()).toMatchObject([{ repository: 'team/other' }])
  })
})

test('a mount, and what nobody has heard of, are passed over', () => {
  expect(take({ action: 'mount', digest, tag: '1.0' }, { action: 'bless', digest })).toMatchObject({
    scans: [],
    imagesChanged: false,
  })
})
