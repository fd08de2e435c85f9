import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shared } from '../testdata/shared.ts'
import type { AliasGroup } from './advisory.ts'
import { type AliasAssertion, aliasGroups } from './aliases.ts'
import { readOsvZip } from './read.ts'

const record = (
  id: string,
  aliases: string[],
  upstream: string[] = [],
  withdrawn = false,
): AliasAssertion => ({
  id,
  aliases,
  upstream,
  withdrawnAt: withdrawn ? '2024-01-01T00:00:00.000Z' : null,
})

const said = (groups: Iterable<AliasGroup>) =>
  Array.from(groups, ({ canonical, ids }) => `${canonical}: ${ids.join(' ')}`).toSorted()

describe('ids of one vulnerability', () => {
  it('pitfall 31: are one group, whoever says so, with the CVE as its name', () => {
    const groups = aliasGroups([
      record('GHSA-a', ['CVE-2024-0001']),
      record('GO-1', ['GHSA-a']),
      record('PYSEC-1', ['CVE-2024-0001', 'SNYK-1']),
      record('DEBIAN-CVE-2024-0001', [], ['CVE-2024-0001']),
    ])
    const ids = ['CVE-2024-0001', 'DEBIAN-CVE-2024-0001', 'GHSA-a', 'GO-1', 'PYSEC-1', 'SNYK-1']
    for (const id of ids) expect(groups.of(id)).toEqual([{ canonical: 'CVE-2024-0001', ids }])
    expect([...groups]).toEqual([{ canonical: 'CVE-2024-0001', ids }])
  })

  it('pitfall 27: a notice of one CVE is one more name of it; one of several is about each and merges none', () => {
    const groups = aliasGroups([
      record('RHSA-2024:1', [], ['CVE-2024-0001']),
      record('ALSA-2024:2', [], ['CVE-2024-0001', 'CVE-2024-0002']),
      record('DSA-3-1', ['CVE-2024-0002', 'CVE-2024-0003', 'GHSA-x']),
    ])
    expect(said(groups.of('CVE-2024-0001'))).toEqual(['CVE-2024-0001: CVE-2024-0001 RHSA-2024:1'])
    expect(said(groups.of('ALSA-2024:2'))).toEqual([
      'CVE-2024-0001: CVE-2024-0001 RHSA-2024:1',
      'CVE-2024-0002: CVE-2024-0002',
    ])
    expect(said(groups.of('DSA-3-1'))).toEqual([
      'CVE-2024-0002: CVE-2024-0002',
      'CVE-2024-0003: CVE-2024-0003',
    ])
    expect(said(groups.of('GHSA-x'))).toEqual(['GHSA-x: GHSA-x'])
  })

  it('a notice may name the vendor’s ids alone, as USNs do, and is about what these stand for', () => {
    const records = [
      record('UBUNTU-CVE-2024-0001', [], ['CVE-2024-0001']),
      record('UBUNTU-CVE-2024-0002', [], ['CVE-2024-0002']),
      record('USN-1-1', [], ['UBUNTU-CVE-2024-0001', 'UBUNTU-CVE-2024-0002', 'UBUNTU-CVE-2024-0003']),
      record('USN-2-1', [], ['UBUNTU-CVE-2024-0001']),
      record('USN-3-1', [], ['CVE-2024-0002', 'UBUNTU-CVE-2024-0002']),
    ]
    const groups = aliasGroups(records)
    expect(said(groups.of('USN-1-1'))).toEqual([
      'CVE-2024-0001: CVE-2024-0001 UBUNTU-CVE-2024-0001 USN-2-1',
      'CVE-2024-0002: CVE-2024-0002 UBUNTU-CVE-2024-0002 USN-3-1',
      'CVE-2024-0003: CVE-2024-0003 UBUNTU-CVE-2024-0003',
    ])
  })

  it('an id with a CVE in it is that CVE, unless somebody says otherwise', () => {
    const groups = aliasGroups([
      record('USN-1-1', [], ['UBUNTU-CVE-2024-0001']),
      record('DEBIAN-CVE-2024-0002', [], ['CVE-2024-0003']),
    ])
    expect(said(groups)).toEqual([
      'CVE-2024-0001: CVE-2024-0001 UBUNTU-CVE-2024-0001 USN-1-1',
      'CVE-2024-0003: CVE-2024-0003 DEBIAN-CVE-2024-0002',
    ])
  })

  it('pitfall 31: are not merged through an id that stands for two problems, nor through one that hangs on it', () => {
    const groups = aliasGroups([
      record('GHSA-a', ['CVE-2024-0001']),
      record('GO-1', ['GHSA-a', 'CVE-2024-0002']),
      record('PYSEC-x', ['GHSA-a']),
      record('SNYK-x', ['PYSEC-x']),
    ])
    expect(said(groups)).toEqual([
      'CVE-2024-0001: CVE-2024-0001 GHSA-a PYSEC-x SNYK-x',
      'CVE-2024-0002: CVE-2024-0002 GHSA-a GO-1 PYSEC-x SNYK-x',
    ])
    expect(said(groups.of('PYSEC-x'))).toEqual(said(groups))
    expect(said(groups.of('GO-1'))).toEqual(['CVE-2024-0002: CVE-2024-0002 GHSA-a GO-1 PYSEC-x SNYK-x'])
  })

  it('what is said directly outweighs what follows from a link', () => {
    const groups = aliasGroups([
      record('GHSA-a', ['CVE-2024-0001']),
      record('PYSEC-1', ['CVE-2024-0002']),
      record('GO-1', ['GHSA-a', 'PYSEC-1']),
    ])
    expect(said(groups)).toEqual([
      'CVE-2024-0001: CVE-2024-0001 GHSA-a GO-1',
      'CVE-2024-0002: CVE-2024-0002 GO-1 PYSEC-1',
    ])
  })

  it('two CVEs stay two, even if a record of one names the other', () => {
    const groups = aliasGroups([
      record('CVE-2024-0001', ['CVE-2024-0002', 'GHSA-a']),
      record('CVE-2024-0002', ['GHSA-b']),
    ])
    expect(said(groups)).toEqual([
      'CVE-2024-0001: CVE-2024-0001',
      'CVE-2024-0002: CVE-2024-0002 GHSA-b',
      'GHSA-a: GHSA-a',
    ])
  })

  it('pitfall 32: a withdrawn record says nothing of them', () => {
    const groups = aliasGroups([record('GHSA-a', ['CVE-2024-0001'], [], true), record('GO-1', ['GHSA-a'])])
    expect(said(groups.of('GHSA-a'))).toEqual(['GHSA-a: GHSA-a GO-1'])
    expect(said(groups.of('CVE-2024-0001'))).toEqual(['CVE-2024-0001: CVE-2024-0001'])
  })

  it.each([
    [['PYSEC-1', 'GHSA-z', 'GO-1'], 'GHSA-z'],
    [['DSA-1-1', 'TEMP-1'], 'TEMP-1'],
    [['RHSA-2024:1', 'ALSA-2024:1'], 'ALSA-2024:1'],
    [['RUSTSEC-1', 'OSV-1'], 'OSV-1'],
  ])('without a CVE go by one of them: %j', (ids, canonical) => {
    const [first = '', ...others] = ids
    const groups = aliasGroups([record(first, others)])
    expect(groups.of(first)).toEqual([{ canonical, ids: ids.toSorted() }])
  })

  it('stand alone where nobody says anything', () => {
    const groups = aliasGroups([record('DSA-1720-1', [])])
    for (const id of ['DSA-1720-1', 'CVE-1999-0001', '__proto__', 'constructor'])
      expect(groups.of(id)).toEqual([{ canonical: id, ids: [id] }])
  })
})

const cves = ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']
const others = ['UBUNTU-CVE-2024-0003', 'GHSA-a', 'GHSA-b', 'GO-1', 'PYSEC-1', 'USN-1-1', 'DSA-1-1']
const someId = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...cves) },
  { weight: 5, arbitrary: fc.constantFrom(...others) },
)
const someRecord = fc
  .record({
    id: someId,
    aliases: fc.array(someId, { maxLength: 2 }),
    upstream: fc.array(someId, { maxLength: 3 }),
    withdrawn: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ id, aliases, upstream, withdrawn }) => record(id, aliases, upstream, withdrawn === 0))
const someRecords = fc.array(someRecord, { maxLength: 7 })

describe('groups of any records', () => {
  it('are what the definition says, read word by word', () => {
    fc.assert(
      fc.property(someRecords, records => {
        const groups = aliasGroups(records)
        for (const id of [...cves, ...others]) {
          expect([id, said(groups.of(id))]).toEqual([id, said(definedGroups(records, id))])
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('do not depend on the order of records, and never hold two CVEs', () => {
    const shuffled = fc.tuple(someRecords, fc.infiniteStream(fc.nat())).map(([records, keys]) => {
      const keyed = records.map(one => ({ one, key: keys.next().value as number }))
      return [records, keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one)] as const
    })
    fc.assert(
      fc.property(shuffled, ([records, reordered]) => {
        const groups = said(aliasGroups(records))
        expect(said(aliasGroups(reordered))).toEqual(groups)
        expect(new Set(groups).size).toBe(groups.length)
        for (const { canonical, ids } of aliasGroups(records)) {
          expect(ids.filter(id => id.startsWith('CVE-'))).toEqual(
            canonical.startsWith('CVE-') ? [canonical] : [],
          )
          for (const id of ids)
            expect(said(aliasGroups(records).of(id)).join('\n')).toContain(`${canonical}: `)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('cost no more than the names they have, however those are tied', () => {
    const many = 20_000
    const cve = (at: number) => `CVE-2024-${10_000 + at}`
    const chain = Array.from({ length: many }, (_, at) => record(`X-${at}`, [`X-${at + 1}`]))
    const hub = Array.from({ length: many }, (_, at) => record(`H-${at}`, ['HUB', cve(at)]))
    const hanging = Array.from({ length: many }, (_, at) => record(`P-${at}`, ['HUB']))
    const nested = Array.from({ length: many }, (_, at) => record(`N-${at}`, [], [`N-${at + 1}`, `M-${at}`]))
    const startedAt = performance.now()
    expect(aliasGroups(chain).of('X-7')[0]?.ids).toHaveLength(many + 1)
    const tied = aliasGroups([...hub, ...hanging])
    expect(tied.of('P-7')).toHaveLength(many)
    expect(tied.of('H-7')).toEqual([{ canonical: cve(7), ids: [cve(7), 'H-7'] }])
    expect([...tied]).toHaveLength(many)
    expect(said(aliasGroups(nested).of('N-7'))).toEqual(['M-7: M-7'])
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  it('of the shared data are found at once, and none of it is merged wrongly', async () => {
    const place = shared('advisories')
    if (place === null) return
    const records = []
    for (const folder of ['Debian', 'AlmaLinux', 'PyPI', 'Go', 'npm'])
      for await (const one of readOsvZip(place, folder, new AbortController().signal))
        if (one.kind === 'advisory') records.push(one.advisory)
    const groups = aliasGroups(records)
    expect(groups.of('DEBIAN-CVE-2023-44487')).toMatchObject([
      { canonical: 'CVE-2023-44487', ids: expect.arrayContaining(['GHSA-qppj-fm5r-hxr3']) },
    ])
    // 1068 of AlmaLinux's notices name one CVE, 4 name none and stand for themselves; the others are bundles.
    const named = [...groups].flatMap(({ ids }) => ids).filter(id => id.startsWith('ALSA-'))
    expect(named).toHaveLength(1072)
    const ambiguous = new Map<string, number>()
    for (const { ids } of groups) for (const id of ids) ambiguous.set(id, (ambiguous.get(id) ?? 0) + 1)
    // Two CVEs of 2021 share one id of GitHub's in PyPI's records.
    expect([...ambiguous].filter(([, count]) => count > 1)).toEqual([['GHSA-qcx9-j53g-ccgf', 2]])
  })
})

/** The definition, word by word and without any care for time. */
function definedGroups(records: readonly AliasAssertion[], asked: string): AliasGroup[] {
  const counted = records.filter(({ withdrawnAt }) => withdrawnAt === null)
  const isCve = (id: string) => id.startsWith('CVE-')
  const cvesOf = ({ id, aliases, upstream }: AliasAssertion) =>
    new Set([id, ...aliases, ...upstream].filter(isCve))
  const everyId = new Set([
    asked,
    ...cves,
    ...counted.flatMap(one => [one.id, ...one.aliases, ...one.upstream]),
  ])
  const upstreamOf = (one: AliasAssertion) => new Set(one.upstream.filter(id => id !== one.id && !isCve(id)))

  const names = (id: string) => {
    const cve = /^[A-Z]+-(CVE-.*)$/.exec(id)?.[1]
    const isMentioned = counted.some(one => [one.id, ...one.aliases, ...one.upstream].includes(id))
    const isImplied = isMentioned && toldNames(id).size + bundles(id).size + about(id).size === 0
    return cve !== undefined && isImplied ? new Set([cve]) : toldNames(id)
  }
  const toldNames = (id: string) =>
    new Set(
      counted.flatMap(one => {
        const named = cvesOf(one)
        const same = [one.id, ...one.aliases, ...(isCve(one.id) ? one.upstream : [])]
        return named.size === 1 && !isCve(id) && same.includes(id) ? [...named] : []
      }),
    )
  const bundles = (id: string) =>
    new Set(
      counted.flatMap(one => (one.id === id && !isCve(id) && cvesOf(one).size > 1 ? [...cvesOf(one)] : [])),
    )
  const about = (id: string) =>
    new Set(
      counted.flatMap(one =>
        one.id === id && cvesOf(one).size === 0 && upstreamOf(one).size > 1 ? [...upstreamOf(one)] : [],
      ),
    )
  const isLinked = (a: string, b: string) =>
    counted.some(one => {
      const linked =
        cvesOf(one).size === 1
          ? isCve(one.id)
            ? []
            : [...upstreamOf(one)]
          : cvesOf(one).size === 0
            ? [...one.aliases, ...(upstreamOf(one).size === 1 ? upstreamOf(one) : [])]
            : []
      return (one.id === a && linked.includes(b)) || (one.id === b && linked.includes(a))
    })
  const isSettled = (id: string) => names(id).size + bundles(id).size + about(id).size > 0
  /** The id, those like it that links reach from it, and those at the ends. */
  const reach = (id: string) => {
    const like = new Set([id])
    const ends = new Set<string>()
    for (const at of like)
      for (const next of everyId) if (isLinked(at, next)) (isSettled(next) ? ends : like).add(next)
    const said = [...ends].filter(end => names(end).size + bundles(end).size > 0)
    return { like, ends: said }
  }
  /** The CVEs, or where there is none the ids, of the groups an id is a name of. */
  const named = (id: string): string[] => {
    if (isSettled(id)) return [...names(id)]
    const { like, ends } = reach(id)
    return ends.length === 0 ? [[...like].toSorted().join(' ')] : ends.flatMap(end => [...names(end)])
  }
  const standsFor = (id: string): string[] => {
    if (isSettled(id)) return [...names(id), ...bundles(id)]
    const { ends } = reach(id)
    return ends.length === 0 ? named(id) : ends.flatMap(end => [...names(end), ...bundles(end)])
  }
  const keys = new Set([asked, ...about(asked)].flatMap(standsFor))
  if (keys.size === 0) return [{ canonical: asked, ids: [asked] }]
  return Array.from(keys, key => {
    const ids = [...everyId, ...(isCve(key) ? [key] : [])].filter(id => named(id).includes(key) || id === key)
    const sorted = [...new Set(ids)].toSorted()
    const ranked = [/^CVE-/, /^GHSA-/, /^(?!USN|DSA)/, /^/].map(like => sorted.find(id => like.test(id)))
    return { canonical: ranked.find(id => id !== undefined)!, ids: sorted }
  })
}
