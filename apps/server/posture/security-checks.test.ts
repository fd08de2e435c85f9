import { expect, test } from 'vitest'
import { openInMemory } from '../db/open.ts'
import { listFindings } from '../findings/list.ts'
import { recordFindings } from '../findings/record.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { listSecurityChecks, securityCheckSorts, securityChecksAfter } from './security-checks.ts'

const checks = { tab: 'findings', sort: '-severity', page: 1, size: 25 } as const

test('the total is the same on every page, also past the last', () => {
  const db = openInMemory()
  const matches = Array.from({ length: 30 }, (_, number) =>
    madeMatch({ vulnerabilityId: `CVE-2024-${number}` }),
  )
  recordFindings(db, madeOccurrence(db, { digest: madeDigest(1) }), matches, [], '')
  const pages = [1, 2, 3, 4].map(page => listSecurityChecks(db, { ...checks, page }))
  expect(pages.map(({ rows, total }) => [rows.length, total])).toEqual([
    [25, 30],
    [5, 30],
    [0, 30],
    [0, 30],
  ])
  expect(listSecurityChecks(db, { ...checks, tab: 'disabled', page: 2 })).toEqual({ rows: [], total: 0 })
})

test('the findings of a check are found by what it is called, whether or not that is a CVE', () => {
  const db = openInMemory()
  const matches = ['CVE-2024-0001', 'DSA-5000-1'].map(vulnerabilityId => madeMatch({ vulnerabilityId }))
  for (const number of [1, 2]) {
    recordFindings(db, madeOccurrence(db, { digest: madeDigest(number) }), matches, [], '')
  }
  const { rows } = listSecurityChecks(db, checks)
  expect(rows).toHaveLength(2)
  for (const { vulnerabilityId, securityCheck, appliesToImages } of rows) {
    const filter = { status: 'open', cve: vulnerabilityId, securityCheck } as const
    const { total } = listFindings(db, { filter, sort: '-severity', page: 1, size: 25 })
    expect([vulnerabilityId, total]).toEqual([vulnerabilityId, appliesToImages])
  }
})

test.each(securityCheckSorts)('one page behind the other, in the order %s, they are the list', sort => {
  const db = openInMemory()
  const matches = Array.from({ length: 30 }, (_, number) =>
    madeMatch({
      vulnerabilityId: `CVE-2024-${number % 20}`,
      sourceVersion: String(number),
      securityCheck: `Check ${number % 3}`,
      severity: (['Critical', 'High', 'Unknown'] as const)[number % 3] ?? 'Low',
    }),
  )
  for (const number of [1, 2, 3]) {
    const id = madeOccurrence(db, { digest: madeDigest(number) })
    recordFindings(db, id, matches.slice(0, number * 10), [], '')
  }
  const filter = { tab: 'findings', sort } as const
  const all = listSecurityChecks(db, { ...filter, page: 1, size: 200 }).rows
  expect(all).toHaveLength(30)
  const paged: unknown[] = []
  for (let after: Parameters<typeof securityChecksAfter>[1]['after'] = null; ; ) {
    const page = securityChecksAfter(db, { ...filter, after, size: 7 })
    paged.push(...page.rows)
    if (page.last === null) break
    after = page.last
  }
  expect(paged).toEqual(all)
})
