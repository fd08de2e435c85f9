import { beforeEach, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { getImage } from '../posture/images.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { fail, lease, type ScanFailure } from './queue.ts'
import { recordFailure } from './record.ts'
import { askForRescans } from './rescans.ts'
import { scanImage } from './scan-image.ts'

const start = new Date('2024-03-01T00:00:00.000Z')
const day = (number: number): Date => new Date(start.getTime() + number * 24 * 60 * 60 * 1000)
let db: Db
let repositoryId: number

beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, start.toISOString())
  const registry = {
    id: 'reg',
    subscriptionId: 'main',
    name: 'reg',
    kind: 'distribution' as const,
    url: null,
  }
  ensureRegistry(db, registry, start.toISOString())
  repositoryId = ensureRepository(db, 'reg', 'team/api')
  for (const number of [1, 2, 3, 4]) scanned(db, repositoryId, madeDigest(number), { matches: [madeMatch()] })
  pulled(1, 0)
  runs(2)
})

const pulled = (number: number, on: number) =>
  db.$client
    .prepare('update occurrence set last_pulled_at = ? where digest = ?')
    .run(day(on).toISOString(), madeDigest(number))
const runs = (number: number) =>
  db.$client.exec(`insert or ignore into cluster (name) values ('c');
    insert into running_image select id, 'c', '[]', '' from occurrence where digest = '${madeDigest(number)}'`)
const resultOf = (number: number) =>
  db.$client
    .prepare('select scanned_at scannedAt, matched_at matchedAt from occurrence where digest = ?')
    .get(madeDigest(number)) as { scannedAt: string; matchedAt: string }

/** Asks on that day, and scans what was asked for without any registry. @returns the numbers of the images. */
async function rescannedOn(on: number): Promise<number[]> {
  await askForRescans(db, day(on))
  const numbers: number[] = []
  for (let leased = lease(db, 'w', day(on)); leased !== null; leased = lease(db, 'w', day(on))) {
    expect(leased).toMatchObject({ trigger: 'rescan', lane: 1 })
    await scanImage(leased, {
      db,
      sources: {
        open: () => {
          throw new Error('a rescan asks no registry')
        },
      } as never,
      now: () => day(on),
      progress: () => undefined,
      signal: new AbortController().signal,
    })
    numbers.push(Number.parseInt(leased.digest.slice(-4), 16))
  }
  return numbers
}

test('what is pulled or runs is rescanned weekly from what was read before, for 30 days, and nothing else is', async () => {
  const asked: Record<number, number[]> = {}
  for (let on = 0; on <= 50; on++) {
    if (on === 40) pulled(3, 40)
    const numbers = await rescannedOn(on)
    if (numbers.length > 0) asked[on] = numbers
  }
  expect(asked).toEqual({
    7: [1, 2],
    14: [1, 2],
    21: [1, 2],
    28: [1, 2],
    35: [2],
    40: [3],
    42: [2],
    47: [3],
    49: [2],
  })
  expect(resultOf(2)).toEqual({ scannedAt: day(49).toISOString(), matchedAt: day(49).toISOString() })
  // In neither window: the last result stays untouched.
  expect(resultOf(4)).toEqual({ scannedAt: start.toISOString(), matchedAt: start.toISOString() })
})

test('the interval is the plan’s, and a match meanwhile counts', async () => {
  db.$client.exec(`update subscription set rescan_every_days = 1`)
  db.$client
    .prepare('update occurrence set matched_at = ? where digest = ?')
    .run(day(0.5).toISOString(), madeDigest(2))
  expect(await rescannedOn(1)).toEqual([1])
  expect(await rescannedOn(1.5)).toEqual([2])
})

test.each([
  [`trigger_pull = 0`, [2]],
  [`trigger_running = 0`, [1]],
  [`cloud = 'government'`, []],
  [`plan = 'off'`, []],
])('a plan with %s has rescanned %j', async (setting, numbers) => {
  db.$client.exec(`update subscription set ${setting}`)
  expect(await rescannedOn(10)).toEqual(numbers)
})

test('images that were superseded, deleted or are in a removed registry are not rescanned', async () => {
  db.$client.prepare('update occurrence set superseded_at = ? where digest = ?').run('x', madeDigest(1))
  db.$client.prepare('update occurrence set deleted_at = ? where digest = ?').run('x', madeDigest(2))
  expect(await rescannedOn(10)).toEqual([])
  db.$client.exec(`update occurrence set superseded_at = null; update registry set removed_at = 'x'`)
  expect(await rescannedOn(10)).toEqual([])
})

test.each([
  ['layer-corrupt', 1],
  ['registry-error', 24],
  ['unauthorized', 24],
] as const)('a rescan that ends with %s is asked for %i times a day', async (code, times) => {
  const failure: ScanFailure = { code, message: 'x', hint: null }
  pulled(1, 10)
  db.$client.exec(`delete from running_image; update subscription set trigger_push = 0`)
  let asked = 0
  for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
    const now = new Date(day(10).getTime() + minutes * 60_000)
    asked += await askForRescans(db, now)
    const leased = lease(db, 'w', now)
    if (leased === null) continue
    expect(fail(db, { ...leased, attempts: 5 }, failure, now)).toBe('ended')
    recordFailure(db, leased, now.toISOString())
  }
  expect(asked).toBe(times)
})

test('what waits for another try goes on waiting', async () => {
  pulled(1, 10)
  db.$client.exec('delete from running_image')
  await askForRescans(db, day(10))
  const leased = lease(db, 'w', day(10))
  if (leased === null) throw new Error('nothing waits')
  fail(db, leased, { code: 'registry-timeout', message: 'x', hint: null }, day(10))
  await askForRescans(db, day(10))
  expect(lease(db, 'w', day(10))).toBeNull()
})

test('others get their turn while images are looked at of which none is due', async () => {
  db.$client.exec(`
    with recursive number (n) as (select 1000 union all select n + 1 from number where n < 6000)
    insert into occurrence (repository_id, digest, pushed_at, coverage_status, scanned_at)
      select ${repositoryId}, 'sha256:' || n, '', 'complete', '${day(9).toISOString()}' from number`)
  let turns = 0
  const looking = askForRescans(db, day(10)).finally(() => (turns = -turns))
  const turn = (): void => {
    if (turns < 0) return
    turns += 1
    setImmediate(turn)
  }
  turn()
  // The two that are due, in the first of the 26 looks.
  expect(await looking).toBe(2)
  expect(-turns).toBeGreaterThanOrEqual(26)
})

test('an image says whether it is kept up to date by the same rule', () => {
  const now = new Date()
  const ago = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString()
  db.$client.prepare('update occurrence set pushed_at = ?').run(ago(31))
  db.$client.prepare('update occurrence set last_pulled_at = ? where digest = ?').run(ago(29), madeDigest(1))
  db.$client.prepare('update occurrence set last_pulled_at = ? where digest = ?').run(ago(31), madeDigest(3))
  db.$client.prepare('update occurrence set pushed_at = ? where digest = ?').run(ago(29), madeDigest(4))
  const upkeep = () =>
    [1, 2, 3, 4].map(
      number =>
        getImage(db, { registryId: 'reg', repository: 'team/api', digest: madeDigest(number) }).upkeep,
    )
  expect(upkeep()).toEqual(['current', 'current', 'aged', 'current'])
  db.$client.exec('update subscription set trigger_pull = 0')
  expect(upkeep()).toEqual(['aged', 'current', 'aged', 'current'])
  db.$client.exec(`update subscription set trigger_pull = 1, cloud = 'china'`)
  expect(upkeep()).toEqual(['aged', 'aged', 'aged', 'current'])
  db.$client.exec(`update subscription set plan = 'off'`)
  expect(new Set(upkeep())).toEqual(new Set(['plan-off']))
})
