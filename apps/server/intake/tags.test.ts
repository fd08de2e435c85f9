import { expect, test, vi } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { ensureOccurrence, ensureRegistry, ensureRepository, ensureSubscription } from './places.ts'
import { pointTag } from './tags.ts'

test('what a tag that moves takes does not grow with the images of its repository', () => {
  const db = openInMemory()
  const at = '2026-03-04T12:00:00.000Z'
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  ensureRegistry(db, { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null }, at)
  const repositoryId = ensureRepository(db, 'reg', 'team/api')
  for (const number of [1, 2]) ensureOccurrence(db, repositoryId, madeDigest(number), at)
  const prepare = vi.spyOn(db.$client, 'prepare')
  for (const number of [1, 2])
    pointTag(db, { repositoryId, name: '1.0', digest: madeDigest(number), eventAt: at, at })
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
    details.filter(detail => /occurrence\w* \(repository_id=\?\)|SCAN (?:o|occurrence)\b/.test(detail)),
  ).toEqual([])
  db.$client.close()
})
