import { beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { recordFindings } from '../findings/record.ts'
import { heavyReadsInline } from '../posture/heavy-reads.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { requestScansOfChosen, scansOfChosen } from './request-chosen.ts'

const at = '2024-03-01T00:00:00.000Z'
const choice = { filter: { status: 'open' as const, subscriptionId: 'main' } }

let db: Db
let woken = 0
beforeEach(() => {
  db = openInMemory()
  woken = 0
  for (let number = 1; number <= 3; number += 1) {
    const image = madeOccurrence(db, { digest: madeDigest(number) })
    recordFindings(db, image, [madeMatch(), madeMatch({ vulnerabilityId: 'CVE-2024-0002' })], [], at)
  }
  db.$client.exec('delete from scan')
})
const deps = () => ({
  db,
  events: createEventBus(),
  viewer: { name: 'Ada' },
  wakeRunner: () => {
    woken += 1
  },
  heavyReads: heavyReadsInline(db),
})
const waiting = () =>
  db.$client.prepare('select digest, lane, requested_by from scan order by digest').raw().all() as [
    string,
    number,
    string,
  ][]

test('each image of chosen findings is asked for once, behind what people wait for', async () => {
  const asked = { asked: 3, skipped: [] }
  expect(scansOfChosen(db, choice)).toEqual(asked)
  expect(waiting()).toEqual([])
  expect(await requestScansOfChosen(choice, deps())).toEqual(asked)
  expect(waiting()).toEqual([1, 2, 3].map(number => [madeDigest(number), 1, 'Ada']))
  expect(woken).toBe(1)
  expect(await requestScansOfChosen(choice, deps())).toEqual(asked)
  expect(waiting()).toHaveLength(3)
})

test('images that are gone, and those of a plan that is off, are skipped and counted', async () => {
  const off = madeOccurrence(db, { subscription: 'off', registry: 'off', digest: madeDigest(4) })
  recordFindings(db, off, [madeMatch()], [], at)
  db.$client.exec(`update subscription set plan = 'off' where id = 'off';
    update occurrence set superseded_at = '${at}' where digest = '${madeDigest(2)}'`)
  const ids = (db.$client.prepare('select id from finding').pluck().all() as number[]).map(String)
  expect(await requestScansOfChosen({ ids }, deps())).toEqual({
    asked: 2,
    skipped: [
      { reason: 'plan-off', images: 1 },
      { reason: 'gone', images: 1 },
    ],
  })
  expect(waiting().map(([digest]) => digest)).toEqual([madeDigest(1), madeDigest(3)])
})
