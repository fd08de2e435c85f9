import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advisoryIndex } from './advisory-index.ts'
import { aliasGroups } from './aliases.ts'
import { parseCveFile } from './cve-facts.ts'
import { InvalidRecord, parseOsvRecord } from './osv.ts'

/** A record that says everything there is to say. */
const record = {
  schema_version: '1.7.0',
  id: 'ALSA-2024:1',
  aliases: ['GHSA-a'],
  upstream: ['CVE-2024-0001'],
  related: ['CVE-2024-0002'],
  published: '2024-01-02T03:04:05Z',
  modified: '2024-02-03T04:05:06.789123Z',
  withdrawn: null,
  summary: 'Moderate: nodejs:12 security update',
  details: 'text',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  references: [{ type: 'REPORT', url: 'https://example.com/' }],
  affected: [
    {
      package: { ecosystem: 'AlmaLinux:8', name: 'bash', purl: 'pkg:rpm/almalinux/bash' },
      severity: [{ type: 'Ubuntu', score: 'low' }],
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1-1.module_el8.5.0+1+2' }] }],
      versions: ['1-0'],
      ecosystem_specific: { urgency: 'low', status: 'deferred' },
      database_specific: { severity: 'Important' },
    },
  ],
  database_specific: { severity: 'Important' },
}

/** The record with one value, anywhere in it, replaced by another. */
function withReplaced(value: unknown, choose: () => number, replacement: unknown): unknown {
  if (typeof value !== 'object' || value === null || choose() % 4 === 0) return replacement
  const keys = Object.keys(value)
  const key = keys[choose() % keys.length]!
  if (Array.isArray(value))
    return value.with(Number(key), withReplaced(value[Number(key)], choose, replacement))
  return { ...value, [key]: withReplaced((value as Record<string, unknown>)[key], choose, replacement) }
}

/** JSON's values, those that other fields of a record would have among them. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    ...Object.values(record),
    '__proto__',
    'constructor',
    JSON.parse('{"__proto__": {"id": "X"}}'),
  ),
)

/** Reads a record and asks for it, as a scan does. */
function readAndAsk(json: unknown): void {
  try {
    const { advisory, notes } = parseOsvRecord(json)
    const index = advisoryIndex([advisory])
    for (const { feed, name } of advisory.affected.slice(0, 3)) {
      expect([...index.find(feed, name)].length > 0).toBe(advisory.withdrawnAt === null)
    }
    expect(index.vulnerabilities(advisory).length).toBeGreaterThan(0)
    expect([...index.named(advisory.id)]).toContain(advisory)
    expect(notes.every(note => note.length < 1000)).toBe(true)
    expect(JSON.parse(JSON.stringify(advisory))).toEqual(advisory)
  } catch (error) {
    if (!(error instanceof InvalidRecord)) throw error
    expect(error.message.length).toBeLessThan(1000)
  }
}

describe('a record that is no record', () => {
  it('is refused with a reason or read, whatever it is', () => {
    fc.assert(fc.property(fc.jsonValue(), json => readAndAsk(json)))
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), anything, (numbers, replacement) =>
        readAndAsk(withReplaced(record, () => numbers.next().value as number, replacement)),
      ),
      { numRuns: 3000 },
    )
    expect(({} as Record<string, unknown>)['id']).toBeUndefined()
  })

  it('has facts of a CVE or none, whatever it is', () => {
    const cve = { cveMetadata: { cveId: 'CVE-2024-0001' }, containers: { cna: { metrics: [{}] } } }
    const nvd = { vulnerabilities: [{ cve: { id: 'CVE-2024-0001', metrics: { cvssMetricV31: [{}] } } }] }
    const numbers = fc.infiniteStream(fc.nat())
    fc.assert(
      fc.property(fc.constantFrom(cve, nvd), numbers, anything, (from, choices, replacement) => {
        const json = withReplaced(from, () => choices.next().value as number, replacement)
        for (const facts of parseCveFile(json)) expect(facts.id).toMatch(/^CVE-/)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['deep', { ...record, affected: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) }],
    [
      'deep inside',
      { ...record, database_specific: JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) },
    ],
    ['of many packages', { ...record, affected: Array.from({ length: 20_000 }, () => record.affected[0]) }],
    [
      'of many names',
      { ...record, upstream: Array.from({ length: 20_000 }, (_, at) => `CVE-2024-${10_000 + at}`) },
    ],
    [
      'of many modules',
      { ...record, summary: Array.from({ length: 20_000 }, (_, at) => `a:${at}`).join(' ') },
    ],
    ['of a long title', { ...record, summary: 'a+'.repeat(1_000_000) }],
    [
      'of a long word',
      {
        ...record,
        affected: [{ ...record.affected[0], ecosystem_specific: { urgency: `${'*'.repeat(1_000_000)}x` } }],
      },
    ],
    [
      'of a long vector',
      { ...record, severity: [{ type: 'CVSS_V3', score: `CVSS:3.1/${'AV:N/'.repeat(1_000_000)}` }] },
    ],
    [
      'of many vectors',
      {
        ...record,
        severity: Array.from({ length: 20_000 }, (_, at) => ({
          type: 'CVSS_V3',
          score: `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:${at}`,
        })),
      },
    ],
    [
      'of many events',
      {
        ...record,
        affected: [
          {
            ...record.affected[0],
            ranges: [
              {
                type: 'ECOSYSTEM',
                events: Array.from({ length: 20_000 }, (_, at) => ({ introduced: `${at}` })),
              },
            ],
          },
        ],
      },
    ],
    ['of a long date', { ...record, published: `2024-01-01T00:00:00.${'0'.repeat(1_000_000)}` }],
    [
      'of a long version',
      {
        ...record,
        affected: [
          {
            ...record.affected[0],
            ranges: [
              { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.module'.repeat(100_000) }] },
            ],
          },
        ],
      },
    ],
  ])('is read in no time, %s', (_what, json) => {
    const startedAt = performance.now()
    readAndAsk(json)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })

  it('ties up nobody with ids that are no ids', () => {
    const ids = ['__proto__', 'constructor', 'toString', 'CVE-2024-0001', 'CVE-', '*']
    const records = ids.flatMap(id =>
      ids.map(other => ({ id, aliases: [other], upstream: [], withdrawnAt: null })),
    )
    const groups = aliasGroups(records)
    expect(groups.of('__proto__')).toEqual(groups.of('*'))
    expect(groups.of('CVE-2024-0001')[0]?.canonical).toBe('CVE-2024-0001')
  })
})
