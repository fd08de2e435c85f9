import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareDataFolder } from '../db/data-folder.ts'
import { type Db, openDatabase } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { mountable } from '../imports/mountable.ts'
import { ensureRepository } from '../intake/places.ts'
import { requestScans } from '../jobs/request.ts'
import { retryFailed } from '../jobs/retry-failed.ts'
import { cancelWherePlanIsOff } from '../plans/cancel-scans.ts'
import { madeOccurrence } from '../testdata/fleet.ts'
import { longestBlock } from '../testdata/longest-block.ts'
import { type HeavyReadsThreads, startHeavyReads } from './heavy-reads.ts'

/** What 100,000 images of one registry cost those who ask for something else meanwhile: printed, to be compared. */

const images = 100_000
const repositories = 100
const scansOfEach = 5

let dataDir: string
let db: Db
let reads: HeavyReadsThreads
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-images-'))
  prepareDataFolder(dataDir)
  db = openDatabase(dataDir)
  reads = startHeavyReads(dataDir)
  fill()
}, 300_000)
afterAll(async () => {
  await reads.stop()
  db.$client.close()
  await rm(dataDir, { recursive: true })
})

/** All with a result, a ledger of usual length, and scans that have ended. */
function fill(): void {
  const digest = `'sha256:' || printf('%064x', i)`
  const first = madeOccurrence(db, { repository: 'r-0', digest: 'sha256:x' })
  for (let number = 1; number < repositories; number++) ensureRepository(db, 'reg', `r-${number}`)
  db.$client.exec(`
    create temp table n as with recursive n(i) as (select 1 union all select i + 1 from n where i < ${images}) select i from n;
    create temp table place as select i, ${digest} digest,
      (select id from repository order by id limit 1) + i % ${repositories} repository_id from n;
    insert into image (digest, layers) values ('sha256:x', '[]');
    insert into occurrence (repository_id, digest, image_id, pushed_at, coverage_status, coverage, scanned_at)
      select repository_id, digest, (select id from image), '2024-03-01', 'complete',
        json_object('status', 'complete', 'reasons', json_array(), 'feeds', json_array(printf('%300s', ''))), '2024-03-01'
      from place;
    insert or ignore into posture select id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from occurrence;
    delete from posture where occurrence_id = ${first};
    delete from occurrence where id = ${first}`)
  for (let scan = 0; scan < scansOfEach; scan++) {
    db.$client.exec(`insert into scan (repository_id, registry_id, digest, trigger, lane, state, queued_at)
      select repository_id, 'reg', digest, 'push', 0, 'done', '2024-03-01' from place`)
  }
}

async function measured<Answer>(what: string, work: () => Answer | Promise<Answer>): Promise<Answer> {
  const answers: Answer[] = []
  const begun = performance.now()
  let ms = 0
  const longest = await longestBlock(async () => {
    answers.push(await work())
    ms = performance.now() - begun
    // What did not pause is only told of once another had its turn.
    await setTimeout(5)
  })
  console.info(`${what}: ${ms.toFixed(0)} ms, longest pause for others ${longest.toFixed(1)} ms`)
  const [answer] = answers
  if (answer === undefined) throw new Error('it has no answer')
  return answer
}

test('lists are read beside everything else', async () => {
  const page = { page: 1, size: 50 }
  expect(await measured('registries', () => reads.registries())).toMatchObject([
    { repositories, images: { healthy: images } },
  ])
  await measured('one registry', () => reads.registry('reg'))
  await measured('repositories', () => reads.repositories('reg'))
  await measured('recommendation', () => reads.recommendation({ now: new Date().toISOString() }))
  await measured('scopes', () => reads.tree())
  await measured('images', () => reads.images({ superseded: false, ...page }))
  await measured('scans', () => reads.scans(page))
  await measured('scans of a registry, page 9000', () =>
    reads.scans({ page: 9000, size: 50, registryId: 'reg' }),
  )
  await measured('layers to mount', () => mountable(db, { registryId: 'reg', repository: 'r-0' }))
}, 300_000)

test('work on all images goes some at a time', async () => {
  const events = createEventBus()
  const deps = {
    db,
    events,
    log: pino({ level: 'silent' }),
    viewer: { name: 'Ada' },
    wakeRunner: () => undefined,
  }
  const plan = (to: 'on' | 'off') => db.$client.exec(`update subscription set plan = '${to}'`)
  expect(await measured('scan all of it', () => requestScans({ registryId: 'reg' }, deps))).toBe(images)
  plan('off')
  expect(await measured('plan off', () => cancelWherePlanIsOff(db, events))).toBe(images)
  expect(await measured('plan off, nothing left', () => cancelWherePlanIsOff(db, events))).toBe(0)
  plan('on')
  db.$client.exec(`update scan set state = 'failed' where state = 'cancelled'`)
  expect(await measured('retry what failed', () => retryFailed({}, deps))).toBe(images)
}, 300_000)
