import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { listScans } from '../jobs/list.ts'
import { getImage, listImages } from '../posture/images.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { type EventFacts, registryEvent } from '../testdata/registry-event.ts'
import { scanned } from '../testdata/scanned.ts'
import { parseEnvelope } from './event.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from './places.ts'
import { takeEvents } from './take-event.ts'

let db: Db
const at = '2024-03-01T12:00:00.000Z'
const digest = madeDigest(1)

beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
})

/** What the registry's envelope with these events does. */
const take = (...facts: EventFacts[]) => {
  const envelope = parseEnvelope({ events: facts.map(registryEvent) })
  if (envelope === null) throw new Error('this is no envelope')
  return takeEvents(db, 'reg', envelope.events, at)
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

  test('that is delivered twice, or told of twice, is one', () => {
    take({ id: 'same', digest, tag: '1.0' })
    expect(take({ id: 'same', digest, tag: '1.0' })).toEqual({
      scans: [],
      imagesChanged: false,
      findingsChanged: false,
    })
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

describe('a pull', () => {
  beforeEach(() => {
    take({ digest, tag: '1.0', at: minute(1) })
  })

  test('is kept, the latest of several', () => {
    take({ action: 'pull', digest, at: minute(9) }, { action: 'pull', digest, at: minute(5) })
    expect(image().lastPulledAt).toBe(minute(9))
    expect(scans()).toHaveLength(1)
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

  test('of a blob, or of what nobody knows, does nothing', () => {
    expect(take({ action: 'delete', digest: madeDigest(99) })).toMatchObject({ imagesChanged: false })
  })
})

test('a mount, and what nobody has heard of, are passed over', () => {
  expect(take({ action: 'mount', digest, tag: '1.0' }, { action: 'bless', digest })).toMatchObject({
    scans: [],
    imagesChanged: false,
  })
})
