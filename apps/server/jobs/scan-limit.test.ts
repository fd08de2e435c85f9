import { expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { getImage } from '../posture/images.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { leasedScan } from '../testdata/scanned.ts'
import type { LeasedScan } from './queue.ts'
import { scanImage } from './scan-image.ts'

const at = '2024-03-01T00:00:00.000Z'

/** A scan whose plan allows no time at all, which is taken for a second. */
function leasedWithoutTime(): { db: Db; leased: LeasedScan } {
  const db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  // Less than a minute is no setting that people can make; a second is the least that a scan is given.
  db.$client.exec('update subscription set scan_limit_minutes = 0')
  return { db, leased: leasedScan(db, ensureRepository(db, 'reg', 'r'), madeDigest(1)) }
}

const scanWith = (source: object, db: Db, leased: LeasedScan): Promise<unknown> =>
  scanImage(leased, {
    db,
    sources: { open: () => source } as never,
    now: () => new Date(at),
    progress: () => undefined,
    signal: new AbortController().signal,
  })

test('a registry that never tells what a digest names has no longer than its plan allows', async () => {
  const { db, leased } = leasedWithoutTime()
  const resolve = (_: unknown, signal: AbortSignal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
  await expect(scanWith({ reference: 'reg/r', resolve }, db, leased)).rejects.toMatchObject({
    code: 'registry-timeout',
    message: expect.stringMatching(/within the time that a scan may take/),
  })
})

test('a scan ends by the time that its plan allows, download included, and says what was not read', async () => {
  const { db, leased } = leasedWithoutTime()
  const mediaType = 'application/vnd.oci.image.layer.v1.tar'
  const layer = {
    digest: madeDigest(2),
    diffId: madeDigest(2),
    mediaType,
    sizeBytes: 10_000,
    createdBy: null,
  }
  const image = {
    digest: madeDigest(1),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    platform: { os: 'linux', architecture: 'amd64' },
    sizeBytes: 10_000,
    layers: [layer],
    createdAt: null,
  }
  const source = {
    reference: 'reg/r',
    resolve: async () => ({ indexDigest: null, images: [image], unresolved: [], notApplicable: [] }),
    async *openLayer(_image: unknown, _index: number, signal: AbortSignal) {
      yield new Uint8Array(512)
      await new Promise(resolve => signal.addEventListener('abort', resolve))
    },
  }
  await scanWith(source, db, leased)
  const { coverageLedger } = getImage(db, { registryId: 'reg', repository: 'r', digest: madeDigest(1) })
  expect(coverageLedger).toMatchObject({
    status: 'partial',
    reasons: [{ code: 'limit-time', message: 'Reading took longer than 1 s; the rest was not read.' }],
  })
})
