import { describe, expect, it } from 'vitest'
import { advisoryIndex } from './advisory-index.ts'
import { cvssOf } from './cvss.ts'
import { parseOsvRecord } from './osv.ts'

const read = (id: string, feeds: readonly string[], more: Record<string, unknown> = {}) => {
  const affected = feeds.map(feed => ({ package: { ecosystem: feed, name: 'bash' } }))
  return parseOsvRecord({ id, affected, ...more }).advisory
}

describe('an index of advisories', () => {
  it('finds by feed and package', () => {
    const index = advisoryIndex([read('A-1', ['Debian:12', 'Debian:11']), read('A-2', ['Debian:12'])])
    const ids = (feed: string, name: string) => [...index.find(feed, name)].map(({ advisory }) => advisory.id)
    expect(ids('Debian:12', 'bash')).toEqual(['A-1', 'A-2'])
    expect(ids('Debian:11', 'bash')).toEqual(['A-1'])
    expect(ids('Debian:12', 'zsh')).toEqual([])
    expect(ids('Debian:10', 'bash')).toEqual([])
    expect(ids('__proto__', 'constructor')).toEqual([])
  })

  it('counts a record once for each feed, and knows the newest', () => {
    const index = advisoryIndex([
      read('A-1', ['Debian:12', 'Debian:12'], { modified: '2024-05-01T00:00:00Z' }),
      read('A-2', ['Debian:12'], { modified: '2024-04-01T00:00:00Z' }),
      read('A-3', ['Debian:11']),
    ])
    expect(index.feed('Debian:12')).toEqual({ advisories: 2, asOf: '2024-05-01T00:00:00.000Z' })
    expect(index.feed('Debian:11')).toEqual({ advisories: 1, asOf: null })
    expect(index.feed('Debian:10')).toBeNull()
  })

  it('pitfall 32: leaves out what was withdrawn, and takes the newer of two with one id', () => {
    const index = advisoryIndex([
      read('A-1', ['Debian:12'], { modified: '2024-05-01T00:00:00Z', withdrawn: '2024-05-01T00:00:00Z' }),
      read('A-1', ['Debian:12'], { modified: '2024-04-01T00:00:00Z' }),
      read('A-2', ['Debian:12'], { details: 'new', modified: '2024-05-01T00:00:00Z' }),
      read('A-2', ['Debian:12'], { details: 'old' }),
    ])
    expect([...index.find('Debian:12', 'bash')].map(({ advisory }) => advisory.details)).toEqual(['new'])
  })

  it('puts together what several lists say of a CVE', () => {
    const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
    const other = 'AV:N/AC:L/Au:N/C:C/I:C/A:C'
    const facts = (source: string, vectors: string[], description: string | null) => ({
      id: 'CVE-2024-0001',
      publishedAt: null,
      description,
      cvss: vectors.flatMap(one => cvssOf(one, source) ?? []),
    })
    const index = advisoryIndex(
      [],
      [facts('first', [vector], null), facts('second', [vector, other], 'text')],
    )
    expect(index.cve('CVE-2024-0001')).toMatchObject({
      description: 'text',
      cvss: [{ source: 'first' }, { source: 'second', vector: other }],
    })
    expect(index.cve('CVE-2024-0002')).toBeNull()
  })

  it('says which vulnerabilities a record is about, and which records name an id, withdrawn ones too', () => {
    const bundle = read('DSA-1-1', ['Debian:12'], { upstream: ['CVE-2024-0001', 'CVE-2024-0002'] })
    const single = read('DEBIAN-CVE-2024-0001', ['Debian:12'], { upstream: ['CVE-2024-0001'] })
    const alone = read('DSA-2-1', ['Debian:12'])
    const withdrawn = read('GHSA-a', ['npm'], {
      aliases: ['CVE-2024-0001'],
      withdrawn: '2024-05-01T00:00:00Z',
    })
    const index = advisoryIndex([bundle, single, alone, withdrawn])
    const first = { canonical: 'CVE-2024-0001', ids: ['CVE-2024-0001', 'DEBIAN-CVE-2024-0001'] }
    expect(index.vulnerabilities(bundle)).toEqual([
      first,
      { canonical: 'CVE-2024-0002', ids: ['CVE-2024-0002'] },
    ])
    expect(index.vulnerabilities(single)).toEqual([first])
    expect(index.vulnerabilities(alone)).toEqual([{ canonical: 'DSA-2-1', ids: ['DSA-2-1'] }])
    expect(index.vulnerabilities(withdrawn)).toEqual([{ canonical: 'GHSA-a', ids: ['GHSA-a'] }])

    const named = (id: string) => Array.from(index.named(id), record => record.id).toSorted()
    expect(named('CVE-2024-0001')).toEqual(['DEBIAN-CVE-2024-0001', 'DSA-1-1', 'GHSA-a'])
    expect(named('DEBIAN-CVE-2024-0001')).toEqual(['DEBIAN-CVE-2024-0001', 'DSA-1-1'])
    expect(named('CVE-2024-0002')).toEqual(['DSA-1-1'])
    expect(named('DSA-1-1')).toEqual(['DSA-1-1'])
    expect(named('GHSA-a')).toEqual(['GHSA-a'])
    expect(named('CVE-1999-0001')).toEqual([])
    expect(named('__proto__')).toEqual([])
  })

  it('knows a feed by a notice that affects nothing', () => {
    const index = advisoryIndex([read('ALBA-2024:1', ['AlmaLinux:10'], { modified: '2024-05-01T00:00:00Z' })])
    expect(index.feed('AlmaLinux:10')).toEqual({ advisories: 1, asOf: '2024-05-01T00:00:00.000Z' })
    expect([...index.find('AlmaLinux:10', 'bash')]).toEqual([])
  })
})
