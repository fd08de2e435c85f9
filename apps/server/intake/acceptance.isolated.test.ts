import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { longestBlock } from '../testdata/longest-block.ts'
import { type Acceptance, createAcceptance } from './acceptance.ts'
import type { RegistryEvent } from './event.ts'
import { ensureRegistry, ensureSubscription } from './places.ts'
import { createRoom, type Room } from './room.ts'

/** Deliveries of many events. */

const at = '2026-03-04T12:00:00.000Z'
let db: Db
let acceptance: Acceptance
let events: Room
let unanswered: Room
beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  for (const id of ['reg', 'other']) {
    ensureRegistry(db, { id, subscriptionId: 'main', name: id, kind: 'distribution', url: null }, at)
  }
  events = createRoom(40_000)
  unanswered = createRoom(400)
  acceptance = createAcceptance({ db, events, unanswered, onStored: () => undefined })
})
afterEach(async () => {
  await acceptance.stop()
  db.$client.close()
})

const delivery = (count: number): RegistryEvent[] =>
  Array.from({ length: count }, (_, number) => ({
    id: `push-${number}`,
    at,
    action: 'push',
    repository: 'team/api',
    digest: madeDigest(number),
    tag: `t${number}`,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
  }))
const ids = (): string[] =>
  (prepared(db, 'select event from event_inbox order by id').pluck().all() as string[]).map(
    text => (JSON.parse(text) as RegistryEvent).id,
  )

test('ten thousand events hold up nothing for long, and are answered when the last is stored', async () => {
  const commits = vi.spyOn(db.$client, 'transaction')
  const all = delivery(10_000)
  expect(await longestBlock(() => acceptance.accept('reg', all, at))).toBeLessThan(50)
  expect(ids()).toEqual(all.map(({ id }) => id))
  expect(commits).toHaveBeenCalledTimes(10)
  expect([events.held(), acceptance.waiting(), unanswered.held()]).toEqual([10_000, 0, 0])
})

test('what comes behind a long delivery shares its last transaction, and both are whole', async () => {
  const answered: string[] = []
  await Promise.all([
    acceptance.accept('reg', delivery(1500), at).then(() => answered.push('long')),
    acceptance.accept('other', delivery(1), at).then(() => answered.push('short')),
    acceptance.accept('other', [], at).then(() => answered.push('empty')),
  ])
  expect(answered).toEqual(['long', 'short', 'empty'])
  expect(ids()).toHaveLength(1501)
})

test('a delivery that broke off is not answered, and its repetition adds what is missing, once', async () => {
  const { transaction } = db.$client
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  let begun = 0
  vi.spyOn(db.$client, 'transaction').mockImplementation(change => {
    if (++begun === 3) throw full
    return transaction.call(db.$client, change)
  })
  const all = delivery(3500)
  await expect(acceptance.accept('reg', all, at)).rejects.toThrow('disk is full')
  expect(ids()).toHaveLength(2000)
  expect([events.held(), acceptance.waiting(), unanswered.held()]).toEqual([2000, 0, 0])

  await acceptance.accept('reg', all, at)
  expect(ids()).toEqual(all.map(({ id }) => id))
  expect([events.held(), acceptance.waiting(), unanswered.held()]).toEqual([3500, 0, 0])
})
