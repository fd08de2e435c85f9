import { describe, expect, it } from 'vitest'
import { InvalidRecord, parseOsvRecord } from './osv.ts'

const read = (record: unknown) => parseOsvRecord(record).advisory
const notes = (record: unknown) => parseOsvRecord(record).notes
const range = (...events: Record<string, unknown>[]) => ({ type: 'ECOSYSTEM', events })
const about = (more: Record<string, unknown>) => ({
  id: 'X-1',
  affected: [{ package: { ecosystem: 'Debian:12', name: 'bash' }, ...more }],
})
const intervals = (...ranges: unknown[]) => read(about({ ranges })).affected[0]?.intervals

describe('an OSV record', () => {
  it('is reduced to facts', () => {
    const record = {
      schema_version: '1.7.0',
      id: 'UBUNTU-CVE-2024-0001',
      aliases: ['GHSA-1', 'UBUNTU-CVE-2024-0001'],
      upstream: ['CVE-2024-0001'],
      related: ['CVE-2024-9999'],
      published: '2024-01-02T03:04:05Z',
      modified: '2024-02-03T04:05:06.789123Z',
      summary: 'short',
      details: 'long',
      severity: [
        { type: 'Ubuntu', score: 'Medium' },
        { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
      ],
      references: [{ type: 'REPORT', url: 'https://ubuntu.com/security/CVE-2024-0001' }],
      affected: [
        {
          package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'bash', purl: 'pkg:deb/ubuntu/bash' },
          ranges: [range({ introduced: '0' }, { fixed: '5.2-1' })],
          versions: ['5.1-1'],
        },
      ],
    }
    expect(parseOsvRecord(record)).toEqual({
      notes: [],
      advisory: {
        id: 'UBUNTU-CVE-2024-0001',
        aliases: ['GHSA-1'],
        upstream: ['CVE-2024-0001'],
        withdrawnAt: null,
        publishedAt: '2024-01-02T03:04:05.000Z',
        modifiedAt: '2024-02-03T04:05:06.789Z',
        summary: 'short',
        details: 'long',
        vendorSeverity: { vendor: 'Ubuntu', word: 'medium' },
        cvss: [
          {
            version: '3.1',
            vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            baseScore: 9.8,
            source: 'Ubuntu',
          },
        ],
        references: [{ title: 'Report: ubuntu.com', link: 'https://ubuntu.com/security/CVE-2024-0001' }],
        affected: [
          {
            feed: 'Ubuntu:22.04:LTS',
            name: 'bash',
            intervals: [{ introduced: '0', fixed: '5.2-1', lastAffected: null }],
            versions: ['5.1-1'],
            urgency: null,
            fixNote: null,
            module: null,
          },
        ],
      },
    })
  })

  it('needs no more than an id', () => {
    expect(read({ id: 'X-1' })).toMatchObject({ id: 'X-1', affected: [], cvss: [], publishedAt: null })
  })

  it.each([
    [null, 'the record is no JSON object'],
    [[], 'the record is no JSON object'],
    ['text', 'the record is no JSON object'],
    [{}, 'the record has no id'],
    [{ id: 7 }, 'the record has no id'],
    [{ id: '' }, 'the record has no id'],
    [{ id: 'X-1', affected: {} }, '"affected" is no list'],
    [{ id: 'X-1', affected: [1] }, 'affected[0] is no object'],
    [{ id: 'X-1', affected: [{ package: {} }] }, 'affected[0].package has no ecosystem or no name'],
    [
      { id: 'X-1', affected: [{ package: { ecosystem: 'Debian:12' } }] },
      'affected[0].package has no ecosystem or no name',
    ],
    [about({ ranges: [{ events: [] }] }), 'affected[0].ranges[0] has no type'],
    [about({ ranges: [range()] }), 'affected[0].ranges[0] has no "introduced" event'],
    [about({ ranges: [range({ fixed: '1' })] }), 'affected[0].ranges[0] has no "introduced" event'],
    [
      about({ ranges: [range({ introduced: 0 })] }),
      /neither introduced, fixed nor last_affected with a version/,
    ],
    [
      about({ ranges: [range({ introduced: '0' }, { until: '1' })] }),
      /neither introduced, fixed nor last_affected/,
    ],
    [about({ ranges: [range({ introduced: '0' }, {})] }), /neither introduced, fixed nor last_affected/],
  ])('%j is refused with a reason', (record, reason) => {
    expect(() => parseOsvRecord(record)).toThrow(InvalidRecord)
    expect(() => parseOsvRecord(record)).toThrow(reason)
  })

  it('loses what makes no sense and decides nothing, and says so', () => {
    const record = {
      ...about({ ranges: [{ type: 'FANCY', events: [{ introduced: '0' }] }] }),
      published: 'yesterday',
      modified: '2024-13-45T00:00:00Z',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:Z' }, { type: 'CVSS_V3' }],
      references: [
        { type: 'WEB', url: 'javascript:alert(1)' },
        { url: 'no link' },
        { type: 'FIX', url: 'https://a.example/x' },
      ],
    }
    expect(notes(record)).toEqual([
      'affected[0].ranges[0] is of the unknown type "FANCY"',
      '"CVSS:3.1/AV:Z" is no CVSS vector',
      'a severity has no type or no score',
      '"published" is no date',
      '"modified" is no date',
      'a reference is no http(s) link',
      'a reference is no http(s) link',
    ])
    expect(read(record)).toMatchObject({
      publishedAt: null,
      cvss: [],
      references: [{ title: 'Fix: a.example', link: 'https://a.example/x' }],
      affected: [{ intervals: [] }],
    })
  })

  it('pitfall 32: that was withdrawn stays withdrawn, on whatever day', () => {
    expect(read({ id: 'X-1', withdrawn: '2024-01-01T00:00:00Z' }).withdrawnAt).toBe(
      '2024-01-01T00:00:00.000Z',
    )
    expect(read({ id: 'X-1', withdrawn: 'some day' }).withdrawnAt).not.toBeNull()
    expect(read({ id: 'X-1', withdrawn: null }).withdrawnAt).toBeNull()
  })

  it('may have been modified in the year 1, as one published record was', () => {
    expect(read({ id: 'X-1', modified: '0001-01-01T00:00:00Z' }).modifiedAt).toBe('0001-01-01T00:00:00.000Z')
  })

  it('pitfall 33: about a repository alone affects no package', () => {
    const git = {
      type: 'GIT',
      repo: 'https://example.com/x',
      events: [{ introduced: '0' }, { limit: 'abc' }],
    }
    expect(read({ id: 'X-1', affected: [{ ranges: [git], versions: ['v1'] }] }).affected).toEqual([])
    expect(intervals(git, range({ introduced: '0' }))).toHaveLength(1)
  })

  it('may have its severities with the packages', () => {
    const score = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
    const record = about({ severity: [{ type: 'CVSS_V3', score }] })
    expect(read(record).cvss).toMatchObject([{ baseScore: 9.8, source: 'Debian' }])
  })
})

describe('the ranges of a record', () => {
  const closed = (introduced: string, fixed: string | null, lastAffected: string | null = null) => ({
    introduced,
    fixed,
    lastAffected,
  })

  it('pitfall 33: may be several, of several pairs', () => {
    expect(
      intervals(range({ introduced: '0' }, { fixed: '1' }, { introduced: '2' }, { last_affected: '3' }), {
        type: 'SEMVER',
        events: [{ introduced: '4.0.0' }],
      }),
    ).toEqual([closed('0', '1'), closed('2', null, '3'), closed('4.0.0', null)])
  })

  it('pitfall 33: are evaluated in the order of versions, not of the record', () => {
    expect(intervals(range({ fixed: '1.10' }, { introduced: '1.9' }))).toEqual([closed('1.9', '1.10')])
    expect(
      intervals(range({ introduced: '3' }, { fixed: '4' }, { introduced: '0' }, { fixed: '2' })),
    ).toEqual([closed('0', '2'), closed('3', '4')])
    expect(intervals(range({ introduced: '2' }, { fixed: '1' }))).toEqual([closed('2', null)])
  })

  it('open once, however often something was introduced', () => {
    expect(
      intervals(range({ introduced: '0' }, { introduced: '1' }, { fixed: '2' }, { fixed: '3' })),
    ).toEqual([closed('0', '2')])
  })

  it('may begin again where they ended, and hold one version alone', () => {
    expect(
      intervals(range({ introduced: '0' }, { introduced: '2' }, { fixed: '2' }, { fixed: '3' })),
    ).toEqual([closed('0', '2'), closed('2', '3')])
    expect(intervals(range({ introduced: '2' }, { last_affected: '2' }))).toEqual([closed('2', null, '2')])
  })

  it('may have events with several fields, each of which counts', () => {
    expect(intervals(range({ introduced: '0', fixed: '1' }))).toEqual([closed('0', '1')])
    expect(intervals(range({ introduced: '0' }, { fixed: '2', limit: '3' }))).toEqual([closed('0', '2')])
    expect(intervals(range({ introduced: '1', fixed: '2' }, { introduced: '3' }))).toEqual([
      closed('1', '2'),
      closed('3', null),
    ])
  })

  it('know no limit outside GIT', () => {
    expect(intervals(range({ introduced: '0' }, { limit: '1' }))).toEqual([closed('0', null)])
  })

  it('stay in the record’s order where versions have none', () => {
    expect(intervals(range({ introduced: '1_0' }, { fixed: '2_0' }))).toEqual([closed('1_0', '2_0')])
    const npm = {
      id: 'X-1',
      affected: [
        { package: { ecosystem: 'npm', name: 'x' }, ranges: [range({ introduced: '1' }, { fixed: '2' })] },
      ],
    }
    expect(read(npm).affected[0]?.intervals).toEqual([closed('1', '2')])
  })
})
