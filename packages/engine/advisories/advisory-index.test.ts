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

  it('leaves out what was withdrawn, and takes the newer of two with one id', () => {
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
})
