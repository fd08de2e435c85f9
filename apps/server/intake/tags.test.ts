import { expect, test, vi } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { deleteDigest } from './deletion.ts'
import { noteMembers } from './index-member.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository, ensureSubscription } from './places.ts'
import { pointTag } from './tags.ts'

test('what a tag that moves, an index or a deletion takes does not grow with the images and tags of a repository', () => {
  const db = openInMemory()
  const at = '2026-03-04T12:00:00.000Z'
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  const repositoryId = ensureRepository(db, 'reg', 'team/api')
  for (const number of [1, 2, 3]) ensureOccurrence(db, repositoryId, madeDigest(number), at)
  const prepare = vi.spyOn(db.$client, 'prepare')
  for (const number of [1, 2])
    pointTag(db, { repositoryId, name: '1.0', digest: madeDigest(number), eventAt: at, at })
  noteMembers(db, { repositoryId, indexDigest: madeDigest(2) }, [madeDigest(3)], at)
  deleteDigest(db, { repositoryId, digest: madeDigest(2), eventAt: at, at })
  const texts = prepare.mock.calls.map(([text]) => text)
  prepare.mockRestore()
  const plans = texts.map(text => {
    const explained = db.$client.prepare(`explain query plan ${text}`)
    const named = Object.fromEntries([...text.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]))
    const bound = text.match(/\?/g)?.map(() => null) ?? []
    return explained.all(...(text.includes('@') ? [named] : bound)) as { detail: string }[]
  })
  const details = plans.flat().map(({ detail }) => detail)
  expect(details.some(detail => detail.includes('occurrence_digest'))).toBe(true)
  expect(
    details.filter(detail =>
      /(occurrence|tag)\w* \(repository_id=\?\)|SCAN (?:o|occurrence|t|tag|r|replaced)\b/.test(detail),
    ),
  ).toEqual([])
  db.$client.close()
})

test('deleting an old image asks no more of a tag that many images had than of one that few had', () => {
  const db = openInMemory()
  const at = '2026-03-04T12:00:00.000Z'
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  const assess = db.$client.prepare(`update occurrence set coverage_status = 'complete' where digest = ?`)
  const statement = Object.getPrototypeOf(assess) as typeof assess
  /** How many statements run when the image in the middle is deleted. */
  const askedOf = (images: number): number => {
    const repositoryId = ensureRepository(db, 'reg', `of-${images}`)
    const digests = Array.from({ length: images }, (_, number) => madeDigest(1000 * images + number))
    for (const digest of digests) {
      ensureOccurrence(db, repositoryId, digest, at)
      assess.run(digest)
      pointTag(db, { repositoryId, name: 'latest', digest, eventAt: at, at })
    }
    const runs = (['get', 'all', 'run'] as const).map(name => vi.spyOn(statement, name))
    deleteDigest(db, { repositoryId, digest: digests[images / 2] ?? '', eventAt: at, at })
    const asked = runs.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    for (const spy of runs) spy.mockRestore()
    return asked
  }
  const few = askedOf(10)
  expect(few).toBeGreaterThan(0)
  expect(askedOf(200)).toBe(few)
  db.$client.close()
})
