import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Advised, startAdvised } from '../testdata/advised.ts'
import type { MadeAdvisory } from '../testdata/advisory-place.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { explainFinding } from './explain.ts'

let advised: Advised
const digest = madeDigest(1)
const layer = madeDigest(11)
const today = '2024-03-01'
const openssl: MadeAdvisory = { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' }
const notice: MadeAdvisory = { ...openssl, id: 'DSA-5000-1', aliases: ['X-1'] }

beforeEach(async () => {
  advised = startAdvised()
  scanned(advised.db, advised.repositoryId, digest, {
    layers: [madeDigest(10), layer],
    installed: [{ name: 'openssl', version: '3.0.11-1', layer }],
  })
  await advised.advise(
    openssl,
    notice,
    { cve: 'CVE-2024-0002', name: 'openssl', fixed: '3.0.10-1' },
    { cve: 'CVE-2024-0003', name: 'curl', fixed: null },
    { cve: 'CVE-2024-0004', name: 'openssl', fixed: null, withdrawn: true },
  )
})
afterEach(() => advised.end())

const explained = (id: string, of = digest) =>
  explainFinding(advised.db, { registryId: 'reg', repository: 'team/api', digest: of, id }, today)

describe('why a vulnerability is, or is not, among the findings', () => {
  test('is told with the advisories, the comparison, the file, the layer and its instruction', () => {
    expect(explained('CVE-2024-0001')).toMatchObject({
      vulnerabilityId: 'CVE-2024-0001',
      aliases: ['DEBIAN-CVE-2024-0001', 'DSA-5000-1', 'X-1'],
      outcome: 'reported',
      steps: [
        {
          advisoryId: 'DEBIAN-CVE-2024-0001',
          outcome: 'reported',
          packageName: 'openssl',
          comparisons: [{ installed: '3.0.11-1', fixed: '3.0.13-1' }],
          path: 'var/lib/dpkg/status',
          layer,
          instruction: 'RUN step 2',
        },
        { advisoryId: 'DSA-5000-1' },
      ],
      stepsTotal: 2,
    })
  })

  test.each([
    ['CVE-2024-0002', 'outside-range'],
    ['CVE-2024-0003', 'not-installed'],
    ['CVE-2024-0004', 'withdrawn'],
    ['CVE-1999-0001', 'unknown'],
    ['DSA-5000-1', 'folded'],
    ['X-1', 'folded'],
    ['dsa-5000-1', 'folded'],
    ['cve-2024-0001', 'reported'],
  ])('%s is %s', (id, outcome) => {
    expect(explained(id)).toMatchObject({ asked: id, outcome })
  })

  test('is that nobody looked, where nobody did', () => {
    const other = madeDigest(2)
    advised.db.$client
      .prepare('insert into occurrence (repository_id, digest, pushed_at) values (?, ?, ?)')
      .run(advised.repositoryId, other, today)
    const { outcome, sentence } = explained('CVE-2024-0001', other)
    expect([outcome, sentence]).toEqual([
      'not-judged',
      expect.stringContaining('Nobody has looked into the image yet'),
    ])
  })

  test('is asked of an image that is there', () => {
    expect(() => explained('CVE-2024-0001', madeDigest(9))).toThrow('There is no image')
  })

  test('is that it is not matched yet, between an import and the matching it leads to', () => {
    advised.db.$client.exec('delete from finding')
    expect(explained('CVE-2024-0001')).toMatchObject({ outcome: 'not-judged' })
  })
})
