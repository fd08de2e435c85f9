import { beforeEach, expect, test } from 'vitest'
import { oci } from '../../../packages/engine/registry/testdata/made-image.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { deleteDigest } from '../intake/deletion.ts'
import type { RegistryEvent } from '../intake/event.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { takeEvents } from '../intake/take-event.ts'
import { listScans } from '../jobs/list.ts'
import { getImage, listImages } from '../posture/images.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { finishImport } from './finish.ts'
import { nextImport } from './queue.ts'

let db: Db
const at = '2024-03-01T12:00:00.000Z'
const later = '2024-03-01T12:05:00.000Z'
const digest = madeDigest(1)

beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(
    db,
    { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: 'http://reg' },
    at,
  )
})

/** An import that runs, and what it brought. */
function arrive(isIndex = false, tag: string | null = '12'): boolean {
  prepared(
    db,
    `insert into image_import (source, source_credentials, registry_id, repository, tag, state, requested_by, queued_at)
     values ('docker.io/library/debian:12', 'sealed', 'reg', 'base/debian', ?, 'queued', 'Ada', ?)`,
  ).run(tag, at)
  const running = nextImport(db, new Date(at))
  if (running === null) throw new Error('there is no import to run')
  return finishImport(db, running, { digest, isIndex }, at)
}
const event = (action: RegistryEvent['action'], more: Partial<RegistryEvent> = {}): RegistryEvent => ({
  id: action,
  at: later,
  action,
  repository: 'base/debian',
  digest,
  tag: action === 'push' ? '12' : null,
  mediaType: oci.manifest,
  ...more,
})
const images = () => listImages(db, { superseded: false, page: 1, size: 50 }).rows
const scans = () => listScans(db, { page: 1, size: 50 }).rows
const credentials = () => prepared(db, 'select source_credentials from image_import').pluck().all()

test('what arrives is shown, its scan asked for, and its credentials are gone', () => {
  expect(arrive()).toBe(true)
  expect(images()).toMatchObject([{ repository: 'base/debian', digest, tags: ['12'] }])
  expect(scans()).toMatchObject([{ digest, trigger: 'import', state: 'queued', requestedBy: 'Ada' }])
  expect(credentials()).toEqual([null])
})

test('an index is no image before its scan has told which it names', () => {
  arrive(true)
  expect(images()).toEqual([])
  expect(scans()).toMatchObject([{ digest, trigger: 'import' }])
})

test('the push event that follows says nothing new', () => {
  arrive()
  const before = [images(), scans().length]
  takeEvents(db, 'reg', [event('push')], later)
  expect(scans()).toHaveLength(1)
  expect([images().map(({ tags }) => tags), scans().length]).toEqual([[['12']], before[1]])
})

test('a scan is asked for where imports or pushes start scans, and nowhere else', () => {
  prepared(db, 'update subscription set trigger_import = 0').run()
  arrive()
  expect(scans()).toHaveLength(1)
  prepared(db, 'delete from scan').run()
  prepared(db, 'update subscription set trigger_push = 0').run()
  arrive()
  expect(scans()).toEqual([])
  expect(images()).toMatchObject([{ tags: ['12'] }])
})

test('nothing is taken in of an import that was called off, or into a registry that was removed', () => {
  prepared(
    db,
    `create trigger called_off after update of state on image_import when new.state = 'running'
     begin update image_import set state = 'cancelled' where id = new.id; end`,
  ).run()
  expect(arrive()).toBe(false)
  prepared(db, 'drop trigger called_off').run()
  prepared(
    db,
    `create trigger removed after update of state on image_import when new.state = 'running'
     begin update registry set removed_at = 'now'; end`,
  ).run()
  expect(arrive()).toBe(false)
  expect(prepared(db, 'select count(*) from repository').pluck().get()).toBe(0)
})

test('an image that was deleted is there again, and the event of its deletion, told late, changes nothing', () => {
  const repositoryId = ensureRepository(db, 'reg', 'base/debian')
  arrive()
  scanned(db, repositoryId, digest)
  deleteDigest(db, { repositoryId, digest, eventAt: null, at: later })
  expect(images()).toEqual([])
  takeEvents(db, 'reg', [event('delete')], later)
  expect(images()).toEqual([])
  const { deletedAt } = getImage(db, { registryId: 'reg', repository: 'base/debian', digest })
  expect(deletedAt).toBe(later)
  arrive()
  expect(images()).toMatchObject([{ tags: ['12'], health: 'not-scanned' }])
})

test('one that was superseded and deleted is superseded when it is imported again without a tag', () => {
  const repositoryId = ensureRepository(db, 'reg', 'base/debian')
  arrive()
  scanned(db, repositoryId, digest)
  const newer = madeDigest(2)
  takeEvents(db, 'reg', [event('push', { digest: newer })], later)
  scanned(db, repositoryId, newer)
  deleteDigest(db, { repositoryId, digest, eventAt: null, at: later })
  arrive(false, null)
  expect(getImage(db, { registryId: 'reg', repository: 'base/debian', digest })).toMatchObject({
    deletedAt: null,
    supersededAt: at,
  })
  expect(images()).toMatchObject([{ digest: newer }])
})
