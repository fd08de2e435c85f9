import { registryClient } from '@plimsoll/engine'
import { pino } from 'pino'
import { startDockerRegistry } from '../../../../../packages/engine/registry/testdata/docker-registry.ts'
import { type Db, openDatabase } from '../../../db/open.ts'
import { createEventBus } from '../../../events.ts'
import { connected } from '../../../testdata/connected.ts'
import { madeMatch } from '../../../testdata/fleet.ts'
import { longestBlock } from '../../../testdata/longest-block.ts'
import { writeTags } from '../../../testdata/many-tags.ts'
import { packagedImage } from '../../../testdata/packaged-image.ts'
import { deleteManifest, pushImage } from '../../../testdata/push-image.ts'
import { scanned } from '../../../testdata/scanned.ts'
import { temporaryFolder, until } from '../../../testdata/server-process.ts'

import type { Pass } from '../ask.ts'
import { createDoubts } from '../doubts.ts'
import { createGate } from '../gate.ts'
import { listRepository } from '../listing.ts'
import { checkPresence } from '../presence.ts'
import { startReconciler } from '../reconciler.ts'
import type { Intervals } from '../watch.ts'

/** What it took to keep up with a repository of very many tags, each with its own image. */
export interface ManyTagsFigures {
  readonly scansAsked: number
  readonly tagsKnown: number
  readonly presenceAsked: number
  /** Seconds of a first listing, of one that finds nothing new, and of asking whether each image is there. */
  readonly firstListing: number
  readonly nextListing: number
  readonly presence: number
  /** Seconds until the findings of a deleted image were closed, with both rounds going on beside each other. */
  readonly deletionSeen: number
  /** Milliseconds: the longest time for which nothing else could run. */
  readonly longestBlock: number
  /** Megabytes by which the process grew after the first listing. */
  readonly grown: number
}

const repository = 'team/many'

export async function reconcileManyTags(count: number, intervals: Partial<Intervals> = {}): Promise<ManyTagsFigures> {
  const storageDirectory = await temporaryFolder()
  const registry = await startDockerRegistry({ storageDirectory, withoutLog: true })
  const image = packagedImage([{ openssl: '3.0.11-1' }], 'many')
  await pushImage(registry.url, repository, 'v0', image)
  const digests = await writeTags(storageDirectory, repository, image, count)
  const db = openDatabase(await temporaryFolder())
  const registryId = connected(db, registry.url)
  const client = registryClient({ url: registry.url })
  const log = pino({ level: 'silent' })
  const pass: Pass = {
    db,
    log,
    registryId,
    client,
    gate: createGate(4, null),
    doubts: createDoubts(0, () => ({ sends: false, quiet: true })),
    signal: new AbortController().signal,
    scans: true,
    asked: () => undefined,
    changed: () => undefined,
  }
  let blocked = 0
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now()
    blocked = Math.max(blocked, await longestBlock(work))
    return (performance.now() - began) / 1000
  }

  const firstListing = await seconds(() => listRepository(pass, repository))
  const before = process.memoryUsage().rss
  const nextListing = await seconds(() => listRepository(pass, repository))
  const scansAsked = pluck(db, 'select count(*) from scan')
  const tagsKnown = pluck(db, 'select count(*) from tag')
  assess(db, digests)
  let presenceAsked = 0
  const presence = await seconds(async () => {
    presenceAsked = (await checkPresence(pass, 'others')).asked
  })

  const deleted = digests.get(`v${count - 1}`) ?? ''
  scanned(db, pluck(db, 'select id from repository'), deleted, { matches: [madeMatch()] })
  const reconciler = startReconciler({ db, events: createEventBus(), log, wakeRunner: () => undefined, client: () => client, intervals })
  let deletionSeen = 0
  await seconds(async () => {
    // By now it has been asked for in this round.
    await until('the listing goes on', () => pluck(db, 'select count(*) > 100 from temp.listed_tag') === 1)
    await deleteManifest(registry.url, repository, deleted)
    const closed = (): boolean => pluck(db, `select 1 from finding where close_reason = 'image-deleted'`) === 1
    deletionSeen = await secondsUntil(closed)
  })
  await reconciler.stop()
  const grown = (process.memoryUsage().rss - before) / 1e6
  db.$client.close()
  await registry.stop()
  const times = { firstListing, nextListing, presence, deletionSeen }
  return { ...times, presenceAsked, longestBlock: blocked, grown, scansAsked, tagsKnown }
}

async function secondsUntil(ask: () => boolean): Promise<number> {
  const began = performance.now()
  await until('it is so', ask, 300_000)
  return (performance.now() - began) / 1000
}

const pluck = (db: Db, query: string): number => db.$client.prepare(query).pluck().get() as number

/** Gives all of them a result without findings. */
function assess(db: Db, digests: ReadonlyMap<string, string>): void {
  const insert = db.$client.prepare(
    `insert into occurrence (repository_id, digest, pushed_at, coverage_status, scanned_at)
     select id, ?, '2026-11-01T00:00:00.000Z', 'complete', '2026-11-01T00:00:00.000Z' from repository`,
  )
  db.$client.transaction(() => {
    db.$client.exec('delete from scan')
    for (const digest of digests.values()) insert.run(digest)
  })()
}
