import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { recordFindings } from '../findings/record.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { listNotices } from './list.ts'

test('an image that comes to have open findings is told of once, and again when it had none meanwhile', () => {
  const db = openInMemory()
  const at = '2026-11-01T00:00:00.000Z'
  const place = { registry: 'r', digest: madeDigest(1) }
  const id = madeOccurrence(db, place)
  const [first, second] = [madeMatch(), madeMatch({ vulnerabilityId: 'CVE-2024-0002' })]
  const ids = () => listNotices(db, 0).rows.map(row => row.id)

  recordFindings(db, id, [], [], at)
  expect(listNotices(db, 0)).toEqual({ rows: [], total: 0, newest: 0 })
  recordFindings(db, id, [first], [], at)
  recordFindings(db, id, [first, second], [], at)
  expect(listNotices(db, 0)).toEqual({
    rows: [
      {
        id: 1,
        at,
        findings: 2,
        image: { registryId: 'r', registryName: 'r', repository: 'team/api', digest: place.digest, tags: [] },
      },
    ],
    total: 1,
    newest: 1,
  })
  recordFindings(db, id, [], [], at)
  // Nothing is open now, so nothing is raised; what was seen counts on.
  expect(listNotices(db, 0)).toEqual({ rows: [], total: 0, newest: 1 })
  recordFindings(db, id, [second], [], at)
  expect([ids(), listNotices(db, 1).total, listNotices(db, 2).total]).toEqual([[2, 1], 1, 0])

  db.$client.exec(`update subscription set plan = 'off'`)
  recordFindings(db, madeOccurrence(db, { ...place, digest: madeDigest(2) }), [first], [], at)
  expect(listNotices(db, 0)).toEqual({ rows: [], total: 0, newest: 2 })
})
