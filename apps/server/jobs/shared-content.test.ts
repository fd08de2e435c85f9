import type { Resolution } from '@plimsoll/engine'
import { beforeEach, expect, test } from 'vitest'
import { rematchNext } from '../advisories/rematch.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { getImage } from '../posture/images.ts'
import { listPackages } from '../posture/packages.ts'
import { connected } from '../testdata/connected.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { leasedScan, recordMade, scanned } from '../testdata/scanned.ts'
import { enqueue, lease } from './queue.ts'
import { recordIndex, recordNotApplicable } from './record.ts'
import { scanImage } from './scan-image.ts'

/** The content of a digest is one row, whoever has it: what one subscription's registry says must not change another's. */

const at = '2024-03-01T00:00:00.000Z'
const digest = madeDigest(1)
let db: Db
let ours: number
let theirs: number

beforeEach(() => {
  db = openInMemory()
  connected(db, 'http://127.0.0.1:1')
  ensureSubscription(db, { id: 'other', name: 'Other' }, at)
  const registry = { id: 'theirs', subscriptionId: 'other', name: 'theirs', kind: 'distribution' as const }
  ensureRegistry(db, { ...registry, url: 'http://127.0.0.1:2' }, at)
  ours = ensureRepository(db, 'reg', 'team/api')
  theirs = ensureRepository(db, 'theirs', 'copy')
})

const windows = {
  digest,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  platform: { os: 'windows', architecture: 'amd64' },
  reason: { code: 'windows-image' as const, message: 'The index says so.' },
}
const index: Resolution & { indexDigest: string } = {
  indexDigest: madeDigest(99),
  images: [],
  unresolved: [],
  unwanted: [],
  notApplicable: [windows],
}
const packages = { openssl: '3.0.11-1', zlib: '1.3' }
/** As seen after matching without any advisories, which leaves something open. */
const read = ['partial', 'linux', 2]
const scanOurs = (): void => scanned(db, ours, digest, { packages })
const indexOfTheirs = (): void => void recordIndex(db, leasedScan(db, theirs, index.indexDigest), index, at)

/** Coverage, platform and packages of the image in a place, after all was matched again. */
function seen(registryId: string, repository: string): unknown {
  db.$client.exec('insert or ignore into rematch (occurrence_id) select id from occurrence')
  while (rematchNext(db, '2024-03-02T00:00:00.000Z'));
  const name = { registryId, repository, digest }
  const { coverage, platform } = getImage(db, name)
  return [coverage, platform?.os ?? null, listPackages(db, { ...name, page: 1, size: 9 }).total]
}

test.each(['truth first', 'lie first'])('what an index says of an image stays with the index: %s', order => {
  for (const step of order === 'lie first' ? [indexOfTheirs, scanOurs] : [scanOurs, indexOfTheirs]) step()
  expect(seen('reg', 'team/api')).toEqual(read)
  expect(seen('theirs', 'copy')).toEqual(['not-applicable', null, 0])
  expect(db.$client.prepare('select count(*) from charge').pluck().get()).toBe(1)
})

test('a digest that only an index spoke of has no content', () => {
  indexOfTheirs()
  expect(db.$client.prepare('select count(*) from image').pluck().get()).toBe(0)
})

test('what was read stays when another registry delivers the manifest as something else', () => {
  const otherwise = {
    ...windows,
    platform: null,
    reason: { code: 'schema1-manifest' as const, message: 'x' },
  }
  scanOurs()
  recordNotApplicable(db, leasedScan(db, theirs, digest), otherwise, at)
  expect(seen('reg', 'team/api')).toEqual(read)
  expect(seen('theirs', 'copy')).toEqual(['not-applicable', null, 0])
})

test('of an image whose own manifest says so the platform is kept', () => {
  recordNotApplicable(db, leasedScan(db, ours, digest), windows, at)
  expect(seen('reg', 'team/api')).toEqual(['not-applicable', 'windows', 0])
})

/** Reads it in the other subscription, whose registry lacks its only layer. */
async function readWithoutLayer(): Promise<void> {
  enqueue(db, { repositoryId: theirs, digest, trigger: 'request' }, at)
  const leased = lease(db, 'w', new Date(at))
  if (leased === null) throw new Error('nothing waits')
  const message = 'It is kept elsewhere.'
  const layer = { digest, diffId: digest, mediaType: 'x', sizeBytes: 1, createdBy: null, foreign: true }
  const image = { ...windows, sizeBytes: 1, createdAt: null, layers: [layer] }
  const lacking = { ...image, reasons: [{ code: 'foreign-layer', message }] }
  const source = {
    reference: 'x',
    openLayer: () => undefined,
    resolve: async () => ({ ...index, indexDigest: null, images: [lacking] }),
  }
  await scanImage(leased, {
    db,
    sources: { open: () => source } as never,
    now: () => new Date(at),
    progress: () => undefined,
    signal: new AbortController().signal,
  })
}

test.each(['complete', 'partial'] as const)(
  'what was read, %s, stays when another registry lacks a layer of it, and is its result too',
  async status => {
    scanOurs()
    db.$client
      .prepare(`update image set inventory_coverage = json_set(inventory_coverage, '$.status', ?)`)
      .run(status)
    await readWithoutLayer()
    expect(seen('reg', 'team/api')).toEqual(read)
    expect(seen('theirs', 'copy')).toEqual(seen('reg', 'team/api'))
  },
)

test('a reading that comes further takes the place of one that was cut short', async () => {
  await readWithoutLayer()
  recordMade(db, leasedScan(db, ours, digest), { packages })
  expect(seen('reg', 'team/api')).toEqual(read)
})
