import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { inTransaction } from '../db/statements.ts'
import { ensureOccurrence, ensureRepository } from '../intake/places.ts'
import { pointTag } from '../intake/tags.ts'
import { fail, lease, type ScanFailure } from '../jobs/queue.ts'
import { recordFailure } from '../jobs/record.ts'
import { connected } from '../testdata/connected.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { forgetOtherClusters, recordListing } from './record.ts'

let db: Db
const start = Date.parse('2024-03-01T00:00:00.000Z')
const after = (minutes: number): Date => new Date(start + minutes * 60_000)

beforeEach(() => {
  db = openInMemory()
  connected(db, 'http://127.0.0.1:1')
  ensureOccurrence(db, ensureRepository(db, 'reg', 'team/api'), madeDigest(1), after(0).toISOString())
})

const image = { host: '127.0.0.1:1', repository: 'team/api', digest: madeDigest(1), workloads: ['n/Pod/p'] }
/** @returns how many scans the listing asked for. */
const listedAfter = (minutes: number): Promise<number> =>
  recordListing(db, 'c', { pods: 1, images: 1, pulled: [image] }, after(minutes).toISOString())

test('what ran before the trigger was set is asked for once it is', async () => {
  db.$client.exec('update subscription set trigger_running = 0')
  expect(await listedAfter(0)).toBe(0)
  db.$client.exec('update subscription set trigger_running = 1')
  expect([await listedAfter(5), await listedAfter(10)]).toEqual([1, 0])
})

test.each([
  ['unauthorized', 10],
  ['layer-corrupt', 24 * 60],
] as const)(
  'what runs and could not be scanned (%s) is asked for again every %i minutes',
  async (code, every) => {
    const failure: ScanFailure = { code, message: 'x', hint: null }
    const asked: number[] = []
    for (let minutes = 0; minutes <= 24 * 60; minutes += 5) {
      if ((await listedAfter(minutes)) === 0) continue
      asked.push(minutes)
      const leased = lease(db, 'w', after(minutes))
      if (leased === null) throw new Error('nothing waits')
      fail(db, leased, failure, after(minutes))
      recordFailure(db, leased, after(minutes).toISOString())
    }
    expect(asked).toEqual(Array.from({ length: (24 * 60) / every + 1 }, (_, at) => at * every))
  },
)

describe('an image whose tag went to another', () => {
  const push = (number: number): void => {
    const repositoryId = ensureRepository(db, 'reg', 'team/api')
    const at = after(number).toISOString()
    inTransaction(db, () =>
      pointTag(db, { repositoryId, name: 'latest', digest: madeDigest(number), eventAt: at, at }),
    )
    scanned(db, repositoryId, madeDigest(number), { matches: [madeMatch()], at })
  }
  const superseded = () =>
    db.$client
      .prepare(
        `select o.superseded_at is not null superseded, p.open_high open
         from occurrence o join posture p on p.occurrence_id = o.id order by o.digest`,
      )
      .all()
  const counts = { superseded: 0, open: 1 }
  const countsNot = { superseded: 1, open: 0 }
  const nothingRuns = () =>
    recordListing(db, 'c', { pods: 0, images: 0, pulled: [] }, after(90).toISOString())

  test('counts as long as it runs', async () => {
    push(1)
    await listedAfter(30)
    push(2)
    expect(superseded()).toEqual([counts, counts])
    await nothingRuns()
    expect(superseded()).toEqual([countsNot, counts])
  })

  test('counts again when it is seen to run, and no more when its cluster is watched no more', async () => {
    push(1)
    push(2)
    expect(superseded()).toEqual([countsNot, counts])
    await listedAfter(30)
    expect(superseded()).toEqual([counts, counts])
    await forgetOtherClusters(db, 'another')
    expect(superseded()).toEqual([countsNot, counts])
  })
})
