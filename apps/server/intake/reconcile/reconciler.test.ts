import { lastPulls } from '@plimsoll/engine'
import { expect, test } from 'vitest'
import { startHarborDouble } from '../../../../packages/engine/registry/testdata/harbor-double.ts'
import { madeDigest } from '../../testdata/fleet.ts'
import { pushImage } from '../../testdata/push-image.ts'
import { until } from '../../testdata/server-process.ts'
import { ensureOccurrence, ensureRepository } from '../places.ts'
import { markedImage, silentRegistry } from './testdata/silent-registry.ts'

/** When a registry that tells nothing is gone over, and what is asked for by that. */

const silent = silentRegistry()
const { start, marked, one, tagsOf, scansOf, listedAnew } = silent

test('with the plan off the registry is not asked; turned on, it is at once', async () => {
  silent.db.$client.prepare(`update subscription set plan = 'off'`).run()
  await marked('before')
  start()
  expect(silent.reconciler?.wake(silent.registryId)).toBe(false)
  // What it would ask at its start comes before this.
  await marked('after')
  const log = silent.registry.log()
  expect(log.slice(log.lastIndexOf('before'), log.lastIndexOf('after'))).not.toContain('plimsoll/')
  silent.db.$client.prepare(`update subscription set plan = 'on'`).run()
  expect(silent.reconciler?.wake(silent.registryId)).toBe(true)
  await until('it is listed', () => one('select discovered_at from registry'))
})

test('without the push trigger tags are kept and nothing is scanned', async () => {
  const pushed = markedImage('unscanned')
  await pushImage(silent.registry.url, 'team/unscanned', '1.0', pushed)
  silent.db.$client.prepare(`update subscription set trigger_push = 0`).run()
  start()
  await listedAnew()
  expect(tagsOf('team/unscanned')).toEqual({ '1.0': pushed.manifest.digest })
  expect(scansOf(pushed.manifest.digest)).toEqual([])
})

test('an image that could not be scanned is not asked for with every listing', async () => {
  const broken = markedImage('broken')
  await pushImage(silent.registry.url, 'team/broken', '1.0', broken)
  start()
  await until('it is asked for', () => scansOf(broken.manifest.digest).length === 1)
  const fail = silent.db.$client.prepare(
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
  await silent.registry.stop()
  await until('the trouble is noted', () => one('select connection_code from registry'))
  expect(one('select connection_error from registry')).toMatch(/127\.0\.0\.1/)
  expect(one('select connection_code from registry')).toBe('connection-refused')
  await silent.restart()
  await until('it is reached again', () => one('select connection_code from registry') === null)
  await listedAnew()
})

test('a registry that is connected later is watched, and one that is taken out no more', async () => {
  silent.db.$client.prepare('update registry set removed_at = ?').run(new Date().toISOString())
  start()
  expect(silent.reconciler?.wake(silent.registryId)).toBe(false)
  silent.db.$client.prepare('update registry set removed_at = null').run()
  silent.reconciler?.sync()
  await listedAnew()
  silent.db.$client.prepare('update registry set removed_at = ?').run(new Date().toISOString())
  silent.reconciler?.sync()
  expect(silent.reconciler?.wake(silent.registryId)).toBe(false)
})

test('what a Harbor keeps of pulls is read', async () => {
  const digest = madeDigest(1)
  const pulledAt = '2026-11-01T00:00:00.000Z'
  const harbor = await startHarborDouble({ 'team/pulled': [{ digest, pull_time: pulledAt }] })
  const repositoryId = ensureRepository(silent.db, silent.registryId, 'team/pulled')
  ensureRepository(silent.db, silent.registryId, 'team/unknown-there')
  ensureOccurrence(silent.db, repositoryId, digest, '2026-10-01T00:00:00.000Z')
  start({ presence: 600_000, listing: 600_000 }, () => lastPulls({ kind: 'harbor', url: harbor.url }))
  await until('the pull is known', () => one('select last_pulled_at from occurrence'))
  expect(one('select last_pulled_at from occurrence')).toBe(pulledAt)
  await harbor.stop()
})
