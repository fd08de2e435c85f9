import type { FindingFilter } from '@plimsoll/types'
import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { countBeside } from './beside.ts'
import { listFindings } from './list.ts'
import { recordFindings } from './record.ts'

test('each number is that of the list which its link leads to', () => {
  const db = openInMemory()
  const matches = [
    madeMatch({ vulnerabilityId: 'CVE-1', sourceName: 'zlib' }),
    madeMatch({ vulnerabilityId: 'CVE-2', sourceName: 'zlib', state: 'undetermined' }),
    madeMatch({ vulnerabilityId: 'CVE-3', sourceName: 'zlib', class: 'unimportant' }),
    madeMatch({ vulnerabilityId: 'CVE-4', sourceName: 'linux', class: 'kernel-headers' }),
    madeMatch({ vulnerabilityId: 'CVE-5', sourceName: 'linux', class: 'kernel-headers' }),
  ]
  recordFindings(db, madeOccurrence(db, { digest: madeDigest(1) }), matches, [], '2024-03-01T00:00:00.000Z')
  expect(countBeside(db, { status: 'open' })).toEqual({ undetermined: 1, unimportant: 1, kernelHeaders: 2 })
  expect(countBeside(db, { status: 'open', package: 'zlib' })).toEqual({
    undetermined: 1,
    unimportant: 1,
    kernelHeaders: 0,
  })
  const led: FindingFilter[] = [
    { status: 'undetermined', package: 'zlib' },
    { status: 'open', package: 'zlib', class: ['unimportant'] },
  ]
  for (const filter of led) {
    expect(listFindings(db, { filter, sort: '-severity', page: 1, size: 50 }).total).toBe(1)
  }
})
