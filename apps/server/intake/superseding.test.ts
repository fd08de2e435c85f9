import type { FindingFilter } from '@plimsoll/types'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { getFinding } from '../findings/get.ts'
import { listFindings } from '../findings/list.ts'
import { fail } from '../jobs/queue.ts'
import { recordFailure } from '../jobs/record.ts'
import { getImage, listImages } from '../posture/images.ts'
import { getRepository } from '../posture/repositories.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { leasedScan, scanned } from '../testdata/scanned.ts'
import { deleteDigest } from './deletion.ts'
import { noteMembers } from './index-member.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository, ensureSubscription } from './places.ts'
import { pointTag, removeTag } from './tags.ts'
import { takeEvents } from './take-event.ts'

let db: Db
let repositoryId: number
let minute = 0

beforeEach(() => {
  db = openInMemory()
  minute = 0
  const at = now()
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  repositoryId = ensureRepository(db, 'reg', 'team/api')
})

/** Each later than the one before. */
function now(): string {
  minute += 1
  return new Date(Date.UTC(2024, 2, 1, 0, minute)).toISOString()
}

const [first, second, third] = [madeDigest(1), madeDigest(2), madeDigest(3)]

function push(digest: string, tag = 'latest', eventAt = now()): void {
  ensureOccurrence(db, repositoryId, digest, eventAt)
  pointTag(db, { repositoryId, name: tag, digest, eventAt, at: eventAt })
}

const vulnerable = {
  matches: [
    madeMatch({ vulnerabilityId: 'CVE-2024-1', sourceName: 'openssl' }),
    madeMatch({ vulnerabilityId: 'CVE-2024-2', sourceName: 'curl' }),
    madeMatch({ vulnerabilityId: 'CVE-2024-3', sourceName: 'perl' }),
  ],
  packages: { openssl: '3.0.11-1', curl: '3.0.11-1', perl: '3.0.11-1' },
}
/** openssl is newer and mended, curl is gone, perl is as it was. */
const mended = {
  matches: [madeMatch({ vulnerabilityId: 'CVE-2024-3', sourceName: 'perl' })],
  packages: { openssl: '3.0.13-1', perl: '3.0.11-1' },
}

const repository = () => getRepository(db, 'reg', 'team/api')
const image = (digest: string) => getImage(db, { registryId: 'reg', repository: 'team/api', digest })
const found = (digest: string, status: FindingFilter['status']) =>
  listFindings(db, { filter: { status, digest }, sort: 'cve', page: 1, size: 50 }).rows
const reasons = (digest: string) =>
  Object.fromEntries(
    found(digest, 'closed').map(({ id, vulnerabilityId }) => [
      vulnerabilityId,
      getFinding(db, id).closeReason,
    ]),
  )

describe('a push under a tag that an image has', () => {
  test('closes the old image’s findings once the new one is scanned, each with its reason', () => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    expect(repository()).toMatchObject({ health: 'unhealthy', findings: { open: { High: 3 } } })

    push(second)
    // Nothing is known of the new image yet, so the last good result stays.
    expect(repository()).toMatchObject({
      images: { unhealthy: 1, notScanned: 1 },
      findings: { open: { High: 3 } },
    })
    expect(image(first)).toMatchObject({ tags: [], supersededAt: null })

    scanned(db, repositoryId, second, mended)
    expect(repository()).toMatchObject({
      images: { unhealthy: 1, notScanned: 0 },
      findings: { open: { High: 1 } },
    })
    expect(image(second)).toMatchObject({ tags: ['latest'], health: 'unhealthy' })
    expect(image(first)).toMatchObject({
      tags: [],
      health: 'not-applicable',
      findings: { open: { High: 0 } },
    })
    expect(image(first).healthReason).toMatch(/another image/)
    expect(reasons(first)).toEqual({
      'CVE-2024-1': 'fixed',
      'CVE-2024-2': 'package-gone',
      'CVE-2024-3': 'superseded',
    })
    const listed = listImages(db, { registryId: 'reg', superseded: false, page: 1, size: 50 })
    expect([listed.rows.map(row => row.digest), listed.total, listed.supersededTotal]).toEqual([
      [second],
      1,
      1,
    ])
  })

  test('is undone when the new image is deleted, for the newest that is still there', () => {
    for (const digest of [first, second, third]) {
      push(digest)
      scanned(db, repositoryId, digest, digest === third ? mended : vulnerable)
    }
    expect(repository()).toMatchObject({ images: { unhealthy: 1 }, findings: { open: { High: 1 } } })
    deleteDigest(db, { repositoryId, digest: third, eventAt: null, at: now() })
    expect(repository()).toMatchObject({ images: { unhealthy: 1 }, findings: { open: { High: 3 } } })
    expect(image(second)).toMatchObject({ health: 'unhealthy', supersededAt: null, tags: [] })
    expect(image(first)).toMatchObject({ health: 'not-applicable' })
    deleteDigest(db, { repositoryId, digest: second, eventAt: null, at: now() })
    expect(image(first)).toMatchObject({ health: 'unhealthy', findings: { open: { High: 3 } } })

    push(third)
    scanned(db, repositoryId, third, mended)
    expect(repository()).toMatchObject({ images: { unhealthy: 1 }, findings: { open: { High: 1 } } })
    expect(image(first).supersededAt).not.toBeNull()
  })

  test('changes nothing while the new image cannot be scanned', () => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    push(second)
    const scan = leasedScan(db, repositoryId, second)
    fail(db, scan, { code: 'layer-corrupt', message: 'It is broken.', hint: null }, new Date(now()))
    recordFailure(db, scan, now())
    expect(image(first).supersededAt).toBeNull()
    expect(repository()).toMatchObject({
      images: { unhealthy: 1, failed: 1 },
      findings: { open: { High: 3 } },
    })
  })

  test('says neither fixed nor gone when the new image was not read to the end', () => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    push(second)
    scanned(db, repositoryId, second, {
      coverage: {
        status: 'partial',
        reasons: [{ code: 'limit-time', message: 'It took too long.' }],
        packages: {},
        feeds: [],
      },
    })
    expect(new Set(Object.values(reasons(first)))).toEqual(new Set(['superseded']))
  })

  test('leaves an image alone that has another tag', () => {
    push(first)
    push(first, '1.0')
    scanned(db, repositoryId, first, vulnerable)
    push(second)
    scanned(db, repositoryId, second, mended)
    expect(image(first)).toMatchObject({ tags: ['1.0'], supersededAt: null, findings: { open: { High: 3 } } })
    expect(repository().findings.open.High).toBe(4)
  })

  test('waits for who has the tag in the end, not for who had it in between', () => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    push(second)
    push(third)
    scanned(db, repositoryId, third, mended)
    expect(image(first).supersededAt).not.toBeNull()
    expect(image(second).supersededAt).not.toBeNull()
    expect(repository().findings.open.High).toBe(1)
  })
})

describe('an image that waits for who has the tag', () => {
  beforeEach(() => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    push(second)
    push(third)
    scanned(db, repositoryId, second, mended)
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([null, null])
  })

  test('is superseded by the one before when that is deleted', () => {
    deleteDigest(db, { repositoryId, digest: third, eventAt: now(), at: now() })
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([expect.any(String), null])
  })

  test('is superseded by the one before when that gets another tag', () => {
    push(second, 'other')
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([expect.any(String), null])
  })
})

test('a tag that comes back brings the findings back, as they were and at once', () => {
  push(first)
  scanned(db, repositoryId, first, vulnerable)
  const before = found(first, 'open').map(row => row.id)
  push(second)
  scanned(db, repositoryId, second, mended)

  push(first)
  expect(image(first)).toMatchObject({ tags: ['latest'], supersededAt: null, health: 'unhealthy' })
  expect(found(first, 'open').map(row => row.id)).toEqual(before)
  // The other has a result already, so it is superseded in the same moment.
  expect(image(second).supersededAt).not.toBeNull()
  expect(repository().findings.open.High).toBe(3)
})

test('a superseded image that is scanned again stays superseded', () => {
  push(first)
  scanned(db, repositoryId, first, vulnerable)
  push(second)
  scanned(db, repositoryId, second, mended)
  scanned(db, repositoryId, first, { ...vulnerable, at: now() })
  expect(image(first)).toMatchObject({ health: 'not-applicable', findings: { open: { High: 0 } } })
  expect(repository().findings.open.High).toBe(1)
})

describe('a push that is delivered late', () => {
  const tell = (digest: string, tag: string, at: string): void => {
    const events = [
      { id: at, at, action: 'push', repository: 'team/api', digest, tag, mediaType: 'x' } as const,
    ]
    takeEvents(db, 'reg', events, now())
  }

  test('does not take a tag back, and its image is superseded by what has the tag', () => {
    const early = now()
    push(second)
    scanned(db, repositoryId, second, mended)
    tell(first, 'latest', early)
    expect(image(second).tags).toEqual(['latest'])
    expect(image(first).tags).toEqual([])
    scanned(db, repositoryId, first, vulnerable)
    expect(image(first).supersededAt).not.toBeNull()
    expect(repository().findings.open.High).toBe(1)
  })

  test('says nothing of an image that was pushed again since', () => {
    const early = now()
    tell(first, 'other', now())
    scanned(db, repositoryId, first, vulnerable)
    removeTag(db, { repositoryId, name: 'other', eventAt: now(), at: now() })
    push(second)
    scanned(db, repositoryId, second, mended)
    tell(first, 'latest', early)
    expect(image(first)).toMatchObject({ tags: [], supersededAt: null, findings: { open: { High: 3 } } })
  })
})

test('a superseded image that is deleted and pushed again without a tag is superseded at once', () => {
  push(first)
  scanned(db, repositoryId, first, vulnerable)
  push(second)
  scanned(db, repositoryId, second, mended)
  const pushed = {
    action: 'push',
    id: 'again',
    repository: 'team/api',
    digest: first,
    tag: null,
    mediaType: null,
  } as const
  for (const action of ['push', 'pull'] as const) {
    deleteDigest(db, { repositoryId, digest: first, eventAt: now(), at: now() })
    expect(image(first).deletedAt).not.toBeNull()
    takeEvents(db, 'reg', [{ ...pushed, action, id: action, at: now() }], now())
    expect(image(first)).toMatchObject({ deletedAt: null, supersededAt: expect.any(String) })
  }
  expect(repository().findings.open.High).toBe(1)
})

test('a deleted tag leaves its image, which nothing replaced, as it is', () => {
  push(first)
  scanned(db, repositoryId, first, vulnerable)
  removeTag(db, { repositoryId, name: 'latest', eventAt: now(), at: now() })
  expect(image(first)).toMatchObject({ tags: [], supersededAt: null, findings: { open: { High: 3 } } })
})

describe('an index under a tag', () => {
  const index = (number: number): string => madeDigest(1000 + number)
  /** What the runner does with an index: its images become known. */
  const resolved = (of: string, images: readonly string[]): void => {
    for (const digest of images) ensureOccurrence(db, repositoryId, digest, now())
    noteMembers(db, { repositoryId, indexDigest: of }, images, now())
  }
  const pointIndex = (of: string): void => {
    const at = now()
    pointTag(db, { repositoryId, name: 'latest', digest: of, eventAt: at, at })
  }

  test('gives its tags to its images, and an image follows that of its platform', () => {
    const [arm, newArm] = [madeDigest(11), madeDigest(12)]
    pointIndex(index(1))
    resolved(index(1), [first, arm])
    scanned(db, repositoryId, first, vulnerable)
    scanned(db, repositoryId, arm, { ...vulnerable, architecture: 'arm64' })
    expect(image(first).tags).toEqual(['latest'])

    pointIndex(index(2))
    resolved(index(2), [second, newArm])
    scanned(db, repositoryId, second, mended)
    expect(image(first).supersededAt).not.toBeNull()
    expect(image(arm).supersededAt).toBeNull()
    scanned(db, repositoryId, newArm, { ...mended, architecture: 'arm64' })
    expect(image(arm).supersededAt).not.toBeNull()
    expect(repository().findings.open.High).toBe(2)
  })

  test('whose images took its tag from each other leaves the last of them, also once the tag is deleted', () => {
    pointIndex(index(1))
    resolved(index(1), [first, second])
    scanned(db, repositoryId, first, vulnerable)
    scanned(db, repositoryId, second, vulnerable)
    push(first)
    expect(image(second).supersededAt).not.toBeNull()
    push(second)
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([expect.any(String), null])
    removeTag(db, { repositoryId, name: 'latest', eventAt: now(), at: now() })
    scanned(db, repositoryId, second, vulnerable)
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([expect.any(String), null])
    expect(repository().findings.open.High).toBe(3)
  })

  test('that lost its tag replaces no image that has had one of its own since', () => {
    pointIndex(index(1))
    resolved(index(1), [second])
    scanned(db, repositoryId, second, vulnerable)
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    push(second)
    removeTag(db, { repositoryId, name: 'latest', eventAt: now(), at: now() })
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([null, null])
    expect(repository().findings.open.High).toBe(6)
  })

  test('that got a tag has its images replaced by nothing when that is deleted', () => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    push(second)
    scanned(db, repositoryId, second, vulnerable)
    expect(image(first).supersededAt).not.toBeNull()
    pointIndex(index(1))
    resolved(index(1), [first])
    scanned(db, repositoryId, first, vulnerable)
    removeTag(db, { repositoryId, name: 'latest', eventAt: now(), at: now() })
    scanned(db, repositoryId, second, vulnerable)
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([null, expect.any(String)])
  })

  test('that lost its tag before it was read has its images replaced as well', () => {
    pointIndex(index(1))
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    resolved(index(1), [second])
    scanned(db, repositoryId, second, vulnerable)
    expect([image(first).supersededAt, image(second).supersededAt]).toEqual([null, expect.any(String)])
  })

  test('that took a tag is waited for no more when its image that was not scanned is deleted', () => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    pointIndex(index(1))
    resolved(index(1), [second, third])
    scanned(db, repositoryId, third, { ...mended, architecture: 'arm64' })
    expect(image(first).supersededAt).toBeNull()
    deleteDigest(db, { repositoryId, digest: second, eventAt: now(), at: now() })
    expect(image(first).supersededAt).not.toBeNull()
  })

  test('that took a tag and lost it takes the place also when it is read in another repository', () => {
    push(first)
    scanned(db, repositoryId, first, vulnerable)
    push(second, 'other')
    scanned(db, repositoryId, second, mended)
    removeTag(db, { repositoryId, name: 'other', eventAt: now(), at: now() })
    pointIndex(index(1))
    removeTag(db, { repositoryId, name: 'latest', eventAt: now(), at: now() })
    expect(image(first).supersededAt).toBeNull()
    const mine = repositoryId
    repositoryId = ensureRepository(db, 'reg', 'team/web')
    resolved(index(1), [second])
    repositoryId = mine
    expect(image(first).supersededAt).not.toBeNull()
  })

  test('leads to its images in every repository that has it, wherever it was read', () => {
    const [mine, theirs] = [repositoryId, ensureRepository(db, 'reg', 'team/web')]
    repositoryId = theirs
    push(second)
    scanned(db, theirs, second, vulnerable)
    push(first)
    scanned(db, theirs, first, vulnerable)
    pointTag(db, { repositoryId, name: 'index', digest: index(1), eventAt: now(), at: now() })
    const inTheirs = () => getImage(db, { registryId: 'reg', repository: 'team/web', digest: second })
    expect(inTheirs().supersededAt).not.toBeNull()
    repositoryId = mine
    resolved(index(1), [second])
    expect(inTheirs()).toMatchObject({ supersededAt: null, tags: ['index'] })
  })

  test('takes its images with it when it is deleted, but for those that something else leads to', () => {
    pointIndex(index(1))
    resolved(index(1), [first, second])
    push(second, 'kept')
    scanned(db, repositoryId, first, vulnerable)
    scanned(db, repositoryId, second, vulnerable)
    expect(deleteDigest(db, { repositoryId, digest: index(1), eventAt: now(), at: now() })).toBe(true)
    expect(image(first).deletedAt).not.toBeNull()
    expect(image(second)).toMatchObject({ deletedAt: null, tags: ['kept'] })
    expect(repository().findings.open.High).toBe(3)
  })
})
