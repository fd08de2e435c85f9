import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { madeDigest, madeOccurrence } from '../testdata/fleet.ts'
import { getRecommendation } from './recommendation.ts'

test('the freshness interval is that of the subscriptions which have anything rescanned', () => {
  const db = openInMemory()
  const set = (id: string, columns: string): void => {
    db.$client.prepare(`update subscription set ${columns} where id = ?`).run(id)
  }
  const freshness = () => getRecommendation(db).freshnessDays
  expect(freshness()).toBeNull()
  for (const [number, id] of ['often', 'seldom', 'off', 'abroad', 'pushed'].entries()) {
    madeOccurrence(db, { subscription: id, registry: id, digest: madeDigest(number) })
  }
  set('often', 'rescan_every_days = 1')
  set('seldom', 'rescan_every_days = 30')
  set('off', `plan = 'off', rescan_every_days = 90`)
  set('abroad', `cloud = 'china', rescan_every_days = 90`)
  set('pushed', `trigger_pull = 0, trigger_running = 0, rescan_every_days = 90`)
  expect(freshness()).toEqual({ least: 1, most: 30 })
  db.$client.exec(`update registry set removed_at = '2024-03-01T00:00:00.000Z' where id = 'seldom'`)
  expect(freshness()).toEqual({ least: 1, most: 1 })
})
