import { SourceError } from '@plimsoll/engine'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Db, openDatabase, openInMemory } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import { createEventBus, type ServerEvent } from '../events.ts'
import { listScans } from '../jobs/list.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { cleanUp, temporaryFolder, until } from '../testdata/server-process.ts'
import type { RegistryEvent } from './event.ts'
import { type Inbox, type InboxDeps, startInbox } from './inbox.ts'
import { ensureRegistry, ensureSubscription } from './places.ts'

/** What registries tell, from the moment it is accepted. */

const at = '2026-03-04T12:00:00.000Z'
let db: Db
let inbox: Inbox | null
let logged: string
let told: ServerEvent[]

beforeEach(() => {
  db = openInMemory()
  stock(db)
  inbox = null
  logged = ''
  told = []
})
afterEach(async () => {
  await inbox?.stop()
  db.$client.close()
  await cleanUp()
})

function stock(into: Db): void {
  ensureSubscription(into, { id: 'main', name: 'Main' }, at)
  ensureRegistry(
    into,
    { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null },
    at,
  )
}

const start = (more: Partial<InboxDeps> = {}): Inbox => {
  const events = createEventBus()
  events.subscribe(event => told.push(event))
  const log = pino({ level: 'info' }, { write: (line: string) => void (logged += line) })
  inbox = startInbox({
    db,
    events,
    log,
    wakeRunner: () => undefined,
    resolveTag: async () => await Promise.reject(new Error('no registry is asked here')),
    ...more,
  })
  return inbox
}

const push = (number: number, more: Partial<RegistryEvent> = {}): RegistryEvent => ({
  id: `push-${number}`,
  at,
  action: 'push',
  repository: 'team/api',
  digest: madeDigest(number),
  tag: `t${number}`,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  ...more,
})
const tags = (): string[] => prepared(db, 'select name from tag order by name').pluck().all() as string[]
const waiting = (): number => prepared(db, 'select count(*) from event_inbox').pluck().get() as number
const keepInInbox = (event: unknown, text = JSON.stringify(event)): void => {
  prepared(db, 'insert into event_inbox (registry_id, event, received_at) values (?, ?, ?)').run(
    'reg',
    text,
    at,
  )
}

test('what is accepted takes effect, once, and those who watch are told', async () => {
  const wakeRunner = vi.fn<() => void>()
  const { accept, drained } = start({ wakeRunner })
  await Promise.all([accept('reg', [push(1), push(2)], at), accept('reg', [push(1)], at)])
  await accept('reg', [push(2), push(3)], at)
  await drained()
  expect(tags()).toEqual(['t1', 't2', 't3'])
  expect(listScans(db, { page: 1, size: 50 }).total).toBe(3)
  expect(waiting()).toBe(0)
  expect(wakeRunner).toHaveBeenCalled()
  expect(told.filter(({ type }) => type === 'scan')).toHaveLength(3)
})

test('deliveries of the same moment share a transaction, and none is answered before it', async () => {
  const { accept, drained } = start()
  const commits = vi.spyOn(db.$client, 'transaction')
  const answered = Array.from({ length: 50 }, async (_, number) => {
    await accept('reg', [push(number)], at)
    const known = prepared(db, `select 1 from webhook_event where event_id = ?`).get(`push-${number}`)
    expect(known).toBeDefined()
  })
  // Nothing is stored while they are still coming.
  expect(commits).not.toHaveBeenCalled()
  await Promise.all(answered)
  await drained()
  expect(tags()).toHaveLength(50)
})

test('a delivery of a registry that was removed meanwhile does not spoil those of others', async () => {
  const { accept, drained } = start()
  await Promise.all([
    accept('removed', [push(1)], at),
    accept('reg', [push(2)], at),
    accept('removed', [], at),
  ])
  await drained()
  expect(tags()).toEqual(['t2'])
})

test('what an earlier server left is taken in at the start, in its order', async () => {
  for (let number = 1; number <= 220; number++) keepInInbox(push(number))
  keepInInbox({ ...push(1), id: 'gone', action: 'delete', tag: null, at: '2026-03-04T12:00:01.000Z' })
  const { drained } = start()
  await drained()
  expect(tags()).toHaveLength(219)
  expect(waiting()).toBe(0)
})

test('an event that cannot be taken in is set aside, and holds up no other', async () => {
  keepInInbox(push(1))
  keepInInbox(null, '{"id":"poison","action":')
  keepInInbox({ ...push(2), repository: null })
  keepInInbox(push(3))
  const { drained } = start()
  await drained()
  expect(tags()).toEqual(['t1', 't3'])
  expect(waiting()).toBe(0)
  expect(logged.match(/an event was set aside/g)).toHaveLength(2)
  expect(logged).toContain('poison')
})

test('a database that takes nothing for a while loses none, and is no event’s fault', async () => {
  keepInInbox(push(1))
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  const { transaction } = db.$client
  let begun = 0
  // The first is the batch's, the second that of its event.
  vi.spyOn(db.$client, 'transaction').mockImplementation(change => {
    if (++begun === 2) throw full
    return transaction.call(db.$client, change)
  })
  start()
  await until('it was tried again', () => waiting() === 0)
  expect(tags()).toEqual(['t1'])
  expect(logged).toContain('tried again')
  expect(logged).not.toContain('set aside')
})

test('when twenty thousand of a registry wait no more of it is accepted, and all of another', async () => {
  const gone = `update registry set removed_at = 'now' where id = 'reg'`
  db.$client.exec(`${gone}; with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
    insert into event_inbox (registry_id, event, received_at) select 'reg', '{}', '${at}' from n`)
  const { isFull } = start()
  expect([isFull('reg'), isFull('other')]).toEqual([true, false])
  // Of a registry that was removed they go for nothing, and make room all the same.
  await until('some are taken in', () => !isFull('reg'))
})

test('when two hundred deliveries of a registry wait for their answer it is behind, and another is not', async () => {
  const { accept, isBehind } = start()
  const answered = Array.from({ length: 200 }, async (_, number) => await accept('reg', [push(number)], at))
  expect([isBehind('reg'), isBehind('other')]).toEqual([true, false])
  await Promise.all(answered)
  expect(isBehind('reg')).toBe(false)
})

test('two pushes of one delivery by a clock that goes ahead are taken in in their own order', async () => {
  const { accept, drained } = start()
  const later = push(2, { tag: '1.0', at: '2026-03-04T13:00:05.000Z' })
  await accept('reg', [later, push(1, { tag: '1.0', at: '2026-03-04T13:00:01.000Z' })], at)
  await drained()
  expect(prepared(db, 'select digest from tag').pluck().all()).toEqual([madeDigest(2)])
})

test('what an earlier server left happened at the latest when it came, not when it is taken in', async () => {
  keepInInbox(push(1, { tag: '1.0', at: '2999-01-01T00:00:00.000Z' }))
  const { drained } = start()
  await drained()
  expect(prepared(db, 'select pushed_at from occurrence').pluck().get()).toBe(at)
})

test('what was accepted is in the file that another connection reads', async () => {
  const dataDir = await temporaryFolder()
  db.$client.close()
  db = openDatabase(dataDir)
  stock(db)
  const { accept, drained } = start()
  await accept('reg', [push(1)], at)
  await drained()
  const other = openDatabase(dataDir)
  expect(prepared(other, 'select name from tag').pluck().all()).toEqual(['t1'])
  other.$client.close()
})

test('of a tag the digest is asked for, until the registry answers', async () => {
  const asked: string[] = []
  const { accept } = start({
    retryMs: 10,
    resolveTag: async (registryId, repository, tag) => {
      asked.push(`${registryId} ${repository}:${tag}`)
      if (asked.length < 3) throw new SourceError('registry-unreachable', 'It does not answer.')
      return await Promise.resolve(madeDigest(9))
    },
  })
  await accept('reg', [push(1, { digest: null, tag: '1.4', mediaType: null }), push(2)], at)
  await until('both have their effect', () => tags().length === 2)
  expect(asked).toEqual(Array.from({ length: 3 }, () => 'reg team/api:1.4'))
  expect(prepared(db, `select digest from tag where name = '1.4'`).pluck().get()).toBe(madeDigest(9))
  expect(listScans(db, { page: 1, size: 50 }).rows.map(({ digest }) => digest)).toContain(madeDigest(9))
  expect(waiting()).toBe(0)
})

test('a tag that is gone when it is asked for is no push', async () => {
  const gone = new SourceError('image-not-found', 'There is no such tag.')
  const { accept } = start({ resolveTag: async () => await Promise.reject(gone) })
  await accept('reg', [push(1, { digest: null, tag: '1.4' })], at)
  await until('it is given up', () => waiting() === 0)
  expect(tags()).toEqual([])
})

test('a tag that is being asked for at the end is asked for at the next start', async () => {
  const first = start({
    resolveTag: async (_registry, _repository, _tag, signal) =>
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')))
      }),
  })
  await first.accept('reg', [push(1, { digest: null, tag: '1.4' })], at)
  await first.drained()
  await first.stop()
  expect(waiting()).toBe(1)
  start({ resolveTag: async () => await Promise.resolve(madeDigest(9)) })
  await until('it has its effect', () => tags().length === 1)
})

test('a database that takes nothing for a while does not end the server when old events are forgotten', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    start()
    db.$client.pragma('query_only = on')
    vi.advanceTimersByTime(60_000)
    expect(logged).toContain('could not be forgotten')
  } finally {
    db.$client.pragma('query_only = off')
    vi.useRealTimers()
  }
})
