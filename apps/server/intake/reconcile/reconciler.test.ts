import { type LastPulls, lastPulls, registryClient } from '@plimsoll/engine'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type DockerRegistry,
  startDockerRegistry,
} from '../../../../packages/engine/registry/testdata/docker-registry.ts'
import { startHarborDouble } from '../../../../packages/engine/registry/testdata/harbor-double.ts'
import { type MadeImage, madeIndex } from '../../../../packages/engine/registry/testdata/made-image.ts'
import { type Db, openInMemory } from '../../db/open.ts'
import { createEventBus } from '../../events.ts'
import { connected } from '../../testdata/connected.ts'
import { madeDigest, madeMatch } from '../../testdata/fleet.ts'
import { packagedImage } from '../../testdata/packaged-image.ts'
import { deleteManifest, pushImage } from '../../testdata/push-image.ts'
import { scanned } from '../../testdata/scanned.ts'
import { cleanUp, temporaryFolder, until } from '../../testdata/server-process.ts'

import { ensureOccurrence, ensureRepository } from '../places.ts'
import { pointTag } from '../tags.ts'
import { type Reconciler, startReconciler } from './reconciler.ts'

/** A real registry that tells nothing. */

let registry: DockerRegistry
let storageDirectory: string
let db: Db
let registryId: string
let reconciler: Reconciler | null = null

beforeAll(async () => {
  storageDirectory = await temporaryFolder()
  registry = await startDockerRegistry({ storageDirectory })
})
afterAll(async () => {
  await registry.stop()
  await cleanUp()
})
beforeEach(() => {
  db = openInMemory()
  registryId = connected(db, registry.url)
})
afterEach(async () => {
  await reconciler?.stop()
  db.$client.close()
})

const start = (intervals: object = {}, pulls: () => LastPulls | null = () => null): void => {
  const client = registryClient({ url: registry.url, timeouts: { connectMs: 500 } })
  reconciler = startReconciler({
    db,
    events: createEventBus(),
    log: pino({ level: 'silent' }),
    wakeRunner: () => undefined,
    client: () => client,
    lastPulls: pulls,
    intervals: { presence: 50, listing: 50, doubt: 0, firstRetry: 50, ...intervals },
  })
}
const read = <T>(query: string, ...values: unknown[]): T[] => db.$client.prepare(query).all(...values) as T[]
const one = (query: string): string | null => db.$client.prepare(query).pluck().get() as string | null
const tagsOf = (repository: string): Record<string, string> =>
  Object.fromEntries(
    read<{ name: string; digest: string }>(
      'select t.name, digest from tag t join repository rp on rp.id = t.repository_id where rp.name = ?',
      repository,
    ).map(({ name, digest }) => [name, digest]),
  )
const scansOf = (digest: string): string[] =>
  read<{ trigger: string }>('select trigger from scan where digest = ?', digest).map(({ trigger }) => trigger)
/** A whole listing that began after now. */
const listedAnew = async (): Promise<void> => {
  const since = new Date().toISOString()
  const listed = (): boolean => (one('select discovered_at from registry') ?? '') > since
  await until('it is listed anew', listed)
}
const openOf = (digest: string): string[] =>
  read<{ reason: string }>(
    `select coalesce(close_reason, 'open') reason from finding f join occurrence o on o.id = f.occurrence_id
     where o.digest = ?`,
    digest,
  ).map(({ reason }) => reason)

/** Leaves a mark in the registry's log. */
async function marked(mark: string): Promise<void> {
  await fetch(`${registry.url}/v2/`, { headers: { 'user-agent': mark } })
  await until('the mark is in its log', () => registry.log().includes(`"${mark}"`))
}

const image = (marker: string): MadeImage => packagedImage([{ openssl: '3.0.11-1' }], marker)

/** Has a result with an open finding, as a scan leaves it. */
const assessed = (repository: string, digest: string): void =>
  scanned(db, ensureRepository(db, registryId, repository), digest, { matches: [madeMatch()] })

test('a push is found, and asked for once', async () => {
  const pushed = image('push')
  await pushImage(registry.url, 'team/push', '1.0', pushed)
  start()
  await listedAnew()
  await listedAnew()
  expect(tagsOf('team/push')).toEqual({ '1.0': pushed.manifest.digest })
  expect(scansOf(pushed.manifest.digest)).toEqual(['discovery'])
  expect(one('select connection_error from registry')).toBeNull()
  expect(one('select reconciled_at from registry')).not.toBeNull()
})

test('a tag that moved is found, and what it left is superseded once the other is assessed', async () => {
  const [old, now] = [image('old'), image('now')]
  await pushImage(registry.url, 'team/move', '1.0', old)
  start()
  await until('the tag is found', () => tagsOf('team/move')['1.0'] === old.manifest.digest)
  assessed('team/move', old.manifest.digest)
  await pushImage(registry.url, 'team/move', '1.0', now)
  await until('the move is found', () => scansOf(now.manifest.digest).length === 1)
  expect(tagsOf('team/move')).toEqual({ '1.0': now.manifest.digest })
  expect(openOf(old.manifest.digest)).toEqual(['open'])
  assessed('team/move', now.manifest.digest)
  expect(openOf(old.manifest.digest)).toEqual(['superseded'])
})

test('the findings of a manifest that was deleted close, though no listing goes on', async () => {
  const gone = image('gone')
  const stays = image('stays')
  await pushImage(registry.url, 'team/gone', '1.0', gone)
  await pushImage(registry.url, 'team/gone', '2.0', stays)
  start({ listing: 600_000 })
  await until('both are found', () => Object.keys(tagsOf('team/gone')).length === 2)
  for (const { manifest } of [gone, stays]) assessed('team/gone', manifest.digest)
  await deleteManifest(registry.url, 'team/gone', gone.manifest.digest)
  await until('the deletion is seen', () => openOf(gone.manifest.digest)[0] !== 'open')
  expect(openOf(gone.manifest.digest)).toEqual(['image-deleted'])
  expect(openOf(stays.manifest.digest)).toEqual(['open'])
  reconciler?.wake(registryId)
  await until('its tag is gone', () => Object.keys(tagsOf('team/gone')).length === 1)
  expect(tagsOf('team/gone')).toEqual({ '2.0': stays.manifest.digest })
})

test('with an index its images go, which no tag leads to', async () => {
  const member = image('member')
  const index = madeIndex([
    { of: member.manifest, with: { platform: { os: 'linux', architecture: 'amd64' } } },
  ])
  await pushImage(registry.url, 'team/index', member.manifest.digest, member)
  await pushImage(registry.url, 'team/index', 'multi', { ...member, manifest: index, blobs: [] })
  start()
  await until('the index is found', () => scansOf(index.digest).length === 1)
  db.$client
    .prepare('insert into index_member (index_digest, digest) values (?, ?)')
    .run(index.digest, member.manifest.digest)
  assessed('team/index', member.manifest.digest)
  await listedAnew()
  expect(openOf(member.manifest.digest)).toEqual(['open'])
  await deleteManifest(registry.url, 'team/index', index.digest)
  await until('its image is gone', () => openOf(member.manifest.digest)[0] === 'image-deleted')
})

test('a tag that an event moved meanwhile is left to the event', async () => {
  const [listed, newer] = [image('listed'), image('newer')]
  await pushImage(registry.url, 'team/overtaken', '1.0', listed)
  const repositoryId = ensureRepository(db, registryId, 'team/overtaken')
  const later = new Date(Date.now() + 3_600_000).toISOString()
  pointTag(db, {
    repositoryId,
    name: '1.0',
    digest: newer.manifest.digest,
    eventAt: later,
    at: later,
  })
  start()
  await listedAnew()
  expect(tagsOf('team/overtaken')).toEqual({ '1.0': newer.manifest.digest })
})

test('where events come, a move that they do not tell is believed when they are silent', async () => {
  const [first, second] = [image('first'), image('second')]
  await pushImage(registry.url, 'team/doubt', '1.0', first)
  db.$client
    .prepare('insert into webhook_event (registry_id, event_id, received_at) values (?, ?, ?)')
    .run(registryId, 'any', new Date().toISOString())
  start({ doubt: 700 })
  await until('the tag is found', () => tagsOf('team/doubt')['1.0'] === first.manifest.digest)
  await pushImage(registry.url, 'team/doubt', '1.0', second)
  const pushedAt = performance.now()
  await listedAnew()
  expect(tagsOf('team/doubt')).toEqual({ '1.0': first.manifest.digest })
  await until('it is believed', () => tagsOf('team/doubt')['1.0'] === second.manifest.digest)
  expect(performance.now() - pushedAt).toBeGreaterThan(500)
})

test('with the plan off the registry is not asked; turned on, it is at once', async () => {
  db.$client.prepare(`update subscription set plan = 'off'`).run()
  await marked('before')
  start()
  expect(reconciler?.wake(registryId)).toBe(false)
  // What it would ask at its start comes before this.
  await marked('after')
  const log = registry.log()
  expect(log.slice(log.lastIndexOf('before'), log.lastIndexOf('after'))).not.toContain('plimsoll/')
  db.$client.prepare(`update subscription set plan = 'on'`).run()
  expect(reconciler?.wake(registryId)).toBe(true)
  await until('it is listed', () => one('select discovered_at from registry'))
})

test('without the push trigger tags are kept and nothing is scanned', async () => {
  const pushed = image('unscanned')
  await pushImage(registry.url, 'team/unscanned', '1.0', pushed)
  db.$client.prepare(`update subscription set trigger_push = 0`).run()
  start()
  await listedAnew()
  expect(tagsOf('team/unscanned')).toEqual({ '1.0': pushed.manifest.digest })
  expect(scansOf(pushed.manifest.digest)).toEqual([])
})

test('an image that could not be scanned is not asked for with every listing', async () => {
  const broken = image('broken')
  await pushImage(registry.url, 'team/broken', '1.0', broken)
  start()
  await until('it is asked for', () => scansOf(broken.manifest.digest).length === 1)
  const fail = db.$client.prepare(
    `update scan set state = 'failed', error_code = 'layer-invalid', finished_at = ? where digest = ?`,
  )
  fail.run(new Date().toISOString(), broken.manifest.digest)
  await listedAnew()
  expect(scansOf(broken.manifest.digest)).toHaveLength(1)
  fail.run(new Date(Date.now() - 25 * 3_600_000).toISOString(), broken.manifest.digest)
  await until('it is asked for a day later', () => scansOf(broken.manifest.digest).length === 2)
})

test('a registry that goes away says so, and is listed when it is back', async () => {
  start()
  await listedAnew()
  const { port } = registry
  await registry.stop()
  await until('the trouble is noted', () => one('select connection_code from registry'))
  expect(one('select connection_error from registry')).toMatch(/127\.0\.0\.1/)
  expect(one('select connection_code from registry')).toBe('connection-refused')
  registry = await startDockerRegistry({ port, storageDirectory })
  await until('it is reached again', () => one('select connection_code from registry') === null)
  await listedAnew()
})

test('a registry that is connected later is watched, and one that is taken out no more', async () => {
  db.$client.prepare('update registry set removed_at = ?').run(new Date().toISOString())
  start()
  expect(reconciler?.wake(registryId)).toBe(false)
  db.$client.prepare('update registry set removed_at = null').run()
  reconciler?.sync()
  await listedAnew()
  db.$client.prepare('update registry set removed_at = ?').run(new Date().toISOString())
  reconciler?.sync()
  expect(reconciler?.wake(registryId)).toBe(false)
})

test('what a Harbor keeps of pulls is read', async () => {
  const digest = madeDigest(1)
  const pulledAt = '2026-11-01T00:00:00.000Z'
  const harbor = await startHarborDouble({ 'team/pulled': [{ digest, pull_time: pulledAt }] })
  const repositoryId = ensureRepository(db, registryId, 'team/pulled')
  ensureRepository(db, registryId, 'team/unknown-there')
  ensureOccurrence(db, repositoryId, digest, '2026-10-01T00:00:00.000Z')
  start({ presence: 600_000, listing: 600_000 }, () => lastPulls({ kind: 'harbor', url: harbor.url }))
  await until('the pull is known', () => one('select last_pulled_at from occurrence'))
  expect(one('select last_pulled_at from occurrence')).toBe(pulledAt)
  await harbor.stop()
})
