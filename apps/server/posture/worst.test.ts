import { type Severity, severities } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { recordFindings } from '../findings/record.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { listImages } from './images.ts'
import { getRegistry } from './registries.ts'

test('a vulnerable image counts once, by its worst open finding, and is found by it', () => {
  const db = openInMemory()
  const at = '2024-03-01T00:00:00.000Z'
  const found: readonly (readonly Severity[])[] = [
    ['Low', 'Critical', 'High'],
    ['Medium', 'High', 'High'],
    ['High'],
    ['Unknown'],
    [],
    ['Critical'],
  ]
  for (const [number, of] of found.entries()) {
    const id = madeOccurrence(db, { registry: number === 5 ? 'other' : 'r1', digest: madeDigest(number) })
    const matches = of.map((severity, index) => madeMatch({ vulnerabilityId: `CVE-2024-${index}`, severity }))
    recordFindings(db, id, matches, [], at)
  }
  const gone = madeOccurrence(db, { registry: 'r1', digest: madeDigest(9) })
  recordFindings(db, gone, [madeMatch({ severity: 'Critical' })], [], at)
  db.$client.prepare('update occurrence set superseded_at = ? where id = ?').run(at, gone)

  const { vulnerableImages, images } = getRegistry(db, 'r1')
  expect(vulnerableImages).toEqual({ Critical: 1, High: 2, Medium: 0, Low: 0, Unknown: 1 })
  expect(images.unhealthy).toBe(4)
  for (const worst of severities) {
    const { total, rows } = listImages(db, { registryId: 'r1', worst, superseded: false, page: 1, size: 50 })
    expect([worst, total, rows.length]).toEqual([worst, vulnerableImages[worst], vulnerableImages[worst]])
  }
})
