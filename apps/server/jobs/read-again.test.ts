import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { getImage } from '../posture/images.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { completeImage, loadInventory } from './inventory.ts'
import { enqueue, lease } from './queue.ts'
import { askToReadAgain } from './read-again.ts'

let db: Db
let repositoryId: number
const at = '2024-03-01T00:00:00.000Z'
const never = new AbortController().signal
const digests = [1, 2, 3, 4].map(madeDigest)
const waiting = () =>
  db.$client.prepare(`select digest, trigger from scan where state = 'queued' order by id`).all()

beforeEach(() => {
  db = openInMemory()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  repositoryId = ensureRepository(db, 'reg', 'team/api')
  for (const digest of digests) scanned(db, repositoryId, digest)
})

const readBefore = (digest: string) =>
  db.$client.prepare('update image set reader_version = 0 where digest = ?').run(digest)

describe('images that an older version read', () => {
  test('are asked for, each once, and no others', async () => {
    for (const digest of digests.slice(0, 2)) readBefore(digest)
    expect(await askToReadAgain(db, at, never)).toBe(2)
    expect(await askToReadAgain(db, at, never)).toBe(0)
    expect(waiting()).toEqual(digests.slice(0, 2).map(digest => ({ digest, trigger: 'reader-changed' })))
  })

  test('are left alone when they are deleted or superseded', async () => {
    for (const digest of digests) readBefore(digest)
    db.$client.prepare('update occurrence set deleted_at = ? where digest = ?').run(at, digests[0])
    db.$client.prepare('update occurrence set superseded_at = ? where digest = ?').run(at, digests[1])
    expect(await askToReadAgain(db, at, never)).toBe(2)
  })

  test('are not taken for read when the same content is in another repository', async () => {
    expect(completeImage(db, digests[0] ?? '')).not.toBeNull()
    readBefore(digests[0] ?? '')
    expect(completeImage(db, digests[0] ?? '')).toBeNull()
  })

  test('wait behind everything that has no result yet', async () => {
    for (const digest of digests) readBefore(digest)
    await askToReadAgain(db, at, never)
    enqueue(db, { repositoryId, digest: madeDigest(8), trigger: 'discovery' }, at)
    enqueue(db, { repositoryId, digest: madeDigest(9), trigger: 'push' }, at)
    enqueue(db, { repositoryId, digest: digests[3] ?? '', trigger: 'push' }, at)
    const order = Array.from({ length: 6 }, () => lease(db, 'test', new Date(at))?.digest)
    expect(order).toEqual([digests[3], madeDigest(9), madeDigest(8), ...digests.slice(0, 3)])
  })

  test('leave nothing behind of what was told of them before', () => {
    const [first = '', second = ''] = digests
    const packages = () => db.$client.prepare('select name, vendor from package order by name, vendor').all()
    const told = (vendor: string) => ({ installed: [{ name: 'openssl', version: '3.0.11-1', vendor }] })
    scanned(db, repositoryId, first, told(''))
    scanned(db, repositoryId, second, told(''))
    scanned(db, repositoryId, first, told('Debian'))
    expect(packages()).toEqual([
      { name: 'openssl', vendor: '' },
      { name: 'openssl', vendor: 'Debian' },
    ])
    scanned(db, repositoryId, second, told('Debian'))
    expect(packages()).toEqual([{ name: 'openssl', vendor: 'Debian' }])
  })

  test('are not taken for clean while they wait, where no package was found in them', async () => {
    const [empty = '', full = ''] = digests
    scanned(db, repositoryId, full, { packages: { openssl: '3.0.11-1' } })
    for (const digest of [empty, full]) readBefore(digest)
    await askToReadAgain(db, at, never)
    const stands = (digest: string) => getImage(db, { registryId: 'reg', repository: 'team/api', digest })
    expect(stands(empty)).toMatchObject({
      health: 'undecided',
      coverage: 'partial',
      coverageLedger: {
        reasons: [{ code: 'database-unreadable', message: expect.stringContaining('read again') }],
      },
    })
    expect(stands(full)).toMatchObject({ health: 'healthy', coverage: 'complete' })
    // Matching them again with other advisories or on another day does not make them clean either.
    const imageId = db.$client.prepare('select id from image where digest = ?').pluck().get(empty) as number
    expect(loadInventory(db, imageId)?.coverage.status).toBe('partial')
    scanned(db, repositoryId, empty, { packages: { openssl: '3.0.11-1' } })
    expect(stands(empty)).toMatchObject({ health: 'healthy', coverageLedger: { reasons: [] } })
  })

  test('are no longer asked for when the server stops', async () => {
    for (const digest of digests) readBefore(digest)
    expect(await askToReadAgain(db, at, AbortSignal.abort())).toBe(0)
  })
})
