import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { findingsByPackage } from './by-package.ts'
import { countFindings } from './list.ts'
import { recordFindings } from './record.ts'

test('the number of each package is that of the list of findings which names it', () => {
  const db = openInMemory()
  const here = { registryId: 'reg', repository: 'team/api', digest: madeDigest(1) }
  const found = [
    madeMatch({ vulnerabilityId: 'CVE-1', sourceName: 'openssl' }),
    madeMatch({ vulnerabilityId: 'CVE-2', sourceName: 'openssl' }),
    madeMatch({ vulnerabilityId: 'CVE-3', sourceName: 'openssl', state: 'undetermined' }),
    madeMatch({ vulnerabilityId: 'CVE-4', sourceName: 'openssl', class: 'unimportant' }),
    madeMatch({ vulnerabilityId: 'CVE-5', sourceName: 'zlib' }),
  ]
  const at = '2024-03-01T00:00:00.000Z'
  recordFindings(db, madeOccurrence(db, { digest: here.digest }), found, [], at)
  recordFindings(db, madeOccurrence(db, { digest: madeDigest(2) }), found, [], at)
  const names = ['openssl', 'zlib', 'ssl', 'zlib']
  const numbers = findingsByPackage(db, here, names)
  expect(numbers).toEqual(
    new Map([
      ['openssl', 2],
      ['zlib', 1],
    ]),
  )
  for (const name of names) {
    const listed = countFindings(db, { ...here, status: 'open', package: name })
    expect(numbers.get(name) ?? 0).toBe(listed)
  }
})
