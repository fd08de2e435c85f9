import { describe, expect, it } from 'vitest'
import { dpkg } from '../ecosystems/dpkg.ts'
import { judge } from './ranges.ts'
import { affected, record } from './testdata/records.ts'

function verdict(version: string, ...entries: { events?: string[]; versions?: string[] }[]) {
  const ranges = entries.flatMap(({ events = [] }) => affected('openssl', events).ranges)
  const versions = entries.flatMap(entry => entry.versions ?? [])
  const advisory = record('CVE-2024-0001', { affected: [{ ...affected(), ranges, versions }] })
  const [entry] = advisory.affected
  if (entry === undefined) throw new Error('the record affects nothing')
  return judge(advisory, entry, version, dpkg)
}

const isAffected = (version: string, ...events: string[]): boolean =>
  verdict(version, { events }).kind === 'affected'

describe('a range', () => {
  it('begins with what introduced it, inclusive, and ends before what fixed it', () => {
    const events = ['introduced 1.0-1', 'fixed 2.0-1']
    expect(
      ['0.9-9', '1.0-1', '1.5', '2.0-1~', '2.0-1', '3.0'].map(version => isAffected(version, ...events)),
    ).toEqual([false, true, true, true, false, false])
  })

  it('ends with the last affected version, inclusive', () => {
    const events = ['introduced 0', 'last_affected 2.0-1']
    expect(['2.0-1', '2.0-1+b1'].map(version => isAffected(version, ...events))).toEqual([true, false])
  })

  it('from 0 holds everything, even what sorts before 0', () => {
    expect(isAffected('0~rc1', 'introduced 0')).toBe(true)
    expect(isAffected('0~rc1', 'introduced 0', 'fixed 1.0')).toBe(true)
    expect(isAffected('99:9.9', 'introduced 0')).toBe(true)
  })

  it('may have several pairs, in any order', () => {
    const events = ['introduced 3.0', 'fixed 2.0', 'introduced 0', 'fixed 4.0']
    expect(['1.0', '2.0', '2.5', '3.0', '3.9', '4.0'].map(version => isAffected(version, ...events))).toEqual(
      [true, false, false, true, true, false],
    )
  })

  it('may stand beside others, and beside a list of versions', () => {
    const entries = [
      { events: ['introduced 0', 'fixed 1.0'] },
      { events: ['introduced 2.0', 'fixed 3.0'] },
      { versions: ['5.0'] },
    ]
    const kinds = ['0.5', '1.5', '2.5', '4.0', '5.0'].map(version => verdict(version, ...entries).kind)
    expect(kinds).toEqual(['affected', 'not-affected', 'affected', 'not-affected', 'affected'])
  })
})

describe('the explanation of a match', () => {
  it('names the range that holds the version and what was compared', () => {
    const result = verdict('2.5', { events: ['introduced 0', 'fixed 1.0', 'introduced 2.0', 'fixed 3.0'] })
    expect(result).toEqual({
      kind: 'affected',
      explanations: [
        {
          advisoryId: 'CVE-2024-0001',
          feed: 'Debian:12',
          packageName: 'openssl',
          module: null,
          comparator: 'deb',
          installed: '2.5',
          introduced: '2.0',
          fixed: '3.0',
          lastAffected: null,
          listed: false,
        },
      ],
    })
  })

  it('says of a listed version that it is listed, and which fixed version is next', () => {
    const events = ['introduced 7.0', 'fixed 9.0', 'introduced 0', 'fixed 1.0', 'introduced 11', 'fixed 12']
    const result = verdict('5.0', { events, versions: ['5.0'] })
    expect(result).toMatchObject({
      kind: 'affected',
      explanations: [{ listed: true, introduced: null, fixed: '9.0' }],
    })
    const inRange = verdict('8.0', { events, versions: ['8.0'] })
    expect(inRange).toMatchObject({
      kind: 'affected',
      explanations: [{ listed: true, introduced: '7.0', fixed: '9.0' }],
    })
  })
})

describe('a version without a place in the order', () => {
  it('is undetermined', () => {
    expect(verdict('1_0', { events: ['introduced 0', 'fixed 2.0'] })).toMatchObject({
      kind: 'undetermined',
      explanations: [{ fixed: '2.0' }],
    })
    expect(verdict('1.0', { events: ['introduced 0', 'fixed 2_0'] }).kind).toBe('undetermined')
    expect(verdict('1.0', { events: ['introduced 0_5', 'fixed 2.0'] }).kind).toBe('undetermined')
  })

  it('is not needed where another bound already decides', () => {
    expect(verdict('3.0', { events: ['introduced 0_5', 'fixed 2.0'] }).kind).toBe('not-affected')
    expect(verdict('1.0', { events: ['introduced 2.0', 'fixed 9_9'] }).kind).toBe('not-affected')
    expect(verdict('1_0', { events: ['introduced 0'] }).kind).toBe('affected')
    expect(verdict('1_0', { events: ['introduced 0', 'fixed 2.0'], versions: ['1_0'] }).kind).toBe('affected')
    const known = verdict(
      '1.0',
      { events: ['introduced 0', 'fixed 2_0'] },
      { events: ['introduced 0', 'fixed 2.0'] },
    )
    expect(known.kind).toBe('affected')
  })
})
