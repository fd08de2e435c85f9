import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { chosenVulnerabilities } from './choice.ts'
import { recordFindings } from './record.ts'

test('ids of vulnerabilities come once and by number, as many as an answer takes', () => {
  const db = openInMemory()
  const ids = [
    'CVE-2024-10000',
    'CVE-2024-999',
    'DSA-1',
    ...Array.from({ length: 5000 }, (_, at) => `GHSA-${at}`),
  ]
  for (const number of [1, 2]) {
    const image = madeOccurrence(db, { digest: madeDigest(number) })
    recordFindings(
      db,
      image,
      ids.map(vulnerabilityId => madeMatch({ vulnerabilityId })),
      [],
      '2024-03-01T00:00:00.000Z',
    )
  }
  const all = chosenVulnerabilities(db, { filter: { status: 'open' } })
  expect([all.total, all.ids.length]).toEqual([5003, 5000])
  expect(all.ids.slice(0, 3)).toEqual(['CVE-2024-999', 'CVE-2024-10000', 'DSA-1'])
  expect(chosenVulnerabilities(db, { filter: { status: 'open', q: 'cve-' } })).toEqual({
    ids: ['CVE-2024-999', 'CVE-2024-10000'],
    total: 2,
  })
  expect(chosenVulnerabilities(db, { ids: ['1'] })).toEqual({ ids: ['CVE-2024-10000'], total: 1 })
  expect(chosenVulnerabilities(db, { ids: ['1', '999999'] }).total).toBe(1)
})
