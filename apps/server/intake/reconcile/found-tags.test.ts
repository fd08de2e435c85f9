import { expect, test } from 'vitest'
import { madeIndex } from '../../../../packages/engine/registry/testdata/made-image.ts'
import { deleteManifest, pushImage } from '../../testdata/push-image.ts'
import { until } from '../../testdata/server-process.ts'
import { ensureRepository } from '../places.ts'
import { pointTag } from '../tags.ts'
import { markedImage, silentRegistry } from './testdata/silent-registry.ts'

/** What a registry that tells nothing is found to hold. */

const silent = silentRegistry()
const { start, one, tagsOf, scansOf, openOf, listedAnew, assessed } = silent

test('a push is found, and asked for once', async () => {
  const pushed = markedImage('push')
  await pushImage(silent.registry.url, 'team/push', '1.0', pushed)
  start()
  await listedAnew()
  await listedAnew()
  expect(tagsOf('team/push')).toEqual({ '1.0': pushed.manifest.digest })
  expect(scansOf(pushed.manifest.digest)).toEqual(['discovery'])
  expect(one('select connection_error from registry')).toBeNull()
  expect(one('select reconciled_at from registry')).not.toBeNull()
})

test('a tag that moved is found, and what it left is superseded once the other is assessed', async () => {
  const [old, now] = [markedImage('old'), markedImage('now')]
  await pushImage(silent.registry.url, 'team/move', '1.0', old)
  start()
  await until('the tag is found', () => tagsOf('team/move')['1.0'] === old.manifest.digest)
  assessed('team/move', old.manifest.digest)
  await pushImage(silent.registry.url, 'team/move', '1.0', now)
  await until('the move is found', () => scansOf(now.manifest.digest).length === 1)
  expect(tagsOf('team/move')).toEqual({ '1.0': now.manifest.digest })
  expect(openOf(old.manifest.digest)).toEqual(['open'])
  assessed('team/move', now.manifest.digest)
  expect(openOf(old.manifest.digest)).toEqual(['superseded'])
})

test('the findings of a manifest that was deleted close, though no listing goes on', async () => {
  const gone = markedImage('gone')
  const stays = markedImage('stays')
  await pushImage(silent.registry.url, 'team/gone', '1.0', gone)
  await pushImage(silent.registry.url, 'team/gone', '2.0', stays)
  start({ listing: 600_000 })
  await until('both are found', () => Object.keys(tagsOf('team/gone')).length === 2)
  for (const { manifest } of [gone, stays]) assessed('team/gone', manifest.digest)
  await deleteManifest(silent.registry.url, 'team/gone', gone.manifest.digest)
  await until('the deletion is seen', () => openOf(gone.manifest.digest)[0] !== 'open')
  expect(openOf(gone.manifest.digest)).toEqual(['image-deleted'])
  expect(openOf(stays.manifest.digest)).toEqual(['open'])
  silent.reconciler?.wake(silent.registryId)
  await until('its tag is gone', () => Object.keys(tagsOf('team/gone')).length === 1)
  expect(tagsOf('team/gone')).toEqual({ '2.0': stays.manifest.digest })
})

test('with an index its images go, which no tag leads to', async () => {
  const member = markedImage('member')
  const index = madeIndex([
    { of: member.manifest, with: { platform: { os: 'linux', architecture: 'amd64' } } },
  ])
  await pushImage(silent.registry.url, 'team/index', member.manifest.digest, member)
  await pushImage(silent.registry.url, 'team/index', 'multi', { ...member, manifest: index, blobs: [] })
  start()
  await until('the index is found', () => scansOf(index.digest).length === 1)
  silent.db.$client
    .prepare('insert into index_member (index_digest, digest) values (?, ?)')
    .run(index.digest, member.manifest.digest)
  assessed('team/index', member.manifest.digest)
  await listedAnew()
  expect(openOf(member.manifest.digest)).toEqual(['open'])
  await deleteManifest(silent.registry.url, 'team/index', index.digest)
  await until('its image is gone', () => openOf(member.manifest.digest)[0] === 'image-deleted')
})

test('a tag that an event moved meanwhile is left to the event', async () => {
  const [listed, newer] = [markedImage('listed'), markedImage('newer')]
  await pushImage(silent.registry.url, 'team/overtaken', '1.0', listed)
  const repositoryId = ensureRepository(silent.db, silent.registryId, 'team/overtaken')
  const later = new Date(Date.now() + 3_600_000).toISOString()
  pointTag(silent.db, {
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
  const [first, second] = [markedImage('first'), markedImage('second')]
  await pushImage(silent.registry.url, 'team/doubt', '1.0', first)
  silent.db.$client
    .prepare('insert into webhook_event (registry_id, event_id, received_at) values (?, ?, ?)')
    .run(silent.registryId, 'any', new Date().toISOString())
  start({ doubt: 700 })
  await until('the tag is found', () => tagsOf('team/doubt')['1.0'] === first.manifest.digest)
  await pushImage(silent.registry.url, 'team/doubt', '1.0', second)
  const pushedAt = performance.now()
  await listedAnew()
  expect(tagsOf('team/doubt')).toEqual({ '1.0': first.manifest.digest })
  await until('it is believed', () => tagsOf('team/doubt')['1.0'] === second.manifest.digest)
  expect(performance.now() - pushedAt).toBeGreaterThan(500)
})
