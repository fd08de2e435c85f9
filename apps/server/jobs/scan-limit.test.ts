import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { getImage } from '../posture/images.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { leasedScan } from '../testdata/scanned.ts'
import { scanImage } from './scan-image.ts'

const at = '2024-03-01T00:00:00.000Z'

test('a scan ends by the time that its plan allows, download included, and says what was not read', async () => {
  const db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  // Less than a minute is no setting that people can make; a second is the least that a scan is given.
  db.$client.exec('update subscription set scan_limit_minutes = 0')
  const leased = leasedScan(db, ensureRepository(db, 'reg', 'r'), madeDigest(1))
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
  await scanImage(leased, {
    db,
    sources: { open: () => source } as never,
    now: () => new Date(at),
    progress: () => undefined,
    signal: new AbortController().signal,
  })
  const { coverageLedger } = getImage(db, { registryId: 'reg', repository: 'r', digest: madeDigest(1) })
  expect(coverageLedger).toMatchObject({
    status: 'partial',
    reasons: [{ code: 'limit-time', message: 'Reading took longer than 1 s; the rest was not read.' }],
  })
})
