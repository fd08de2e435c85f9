import type { InstalledPackage, Match } from '@plimsoll/types'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Db, openInMemory } from '../db/open.ts'
import { madeDigest, madeMatch, madeOccurrence } from '../testdata/fleet.ts'
import { recordFindings } from './record.ts'

let db: Db
let occurrence: number
beforeEach(() => {
  db = openInMemory()
  occurrence = madeOccurrence(db, { digest: madeDigest(1) })
})

const days = ['2024-03-01', '2024-03-02', '2024-03-03', '2024-03-04'].map(day => `${day}T00:00:00.000Z`)
const openssl = madePackage('openssl', '3.0.11-1')
const record = (matches: readonly Match[], packages: readonly InstalledPackage[] = [openssl], day = 0) =>
  recordFindings(db, occurrence, matches, packages, days[day] ?? '')

interface Stored {
  readonly id: number
  readonly vulnerability: string
  readonly state: string
  readonly reason: string | null
  readonly seen: string
}
/** All findings, in the order in which they were made. */
const stored = (): Stored[] =>
  db.$client
    .prepare(
      `select f.id, m.vulnerability_id vulnerability, f.state, f.close_reason reason, substr(f.first_seen_at, 1, 10) seen
       from finding f join match_fact m on m.id = f.match_id order by f.id`,
    )
    .all() as Stored[]
const briefly = () =>
  stored().map(({ vulnerability, state, reason, seen }) => [vulnerability, state, reason, seen])

function madePackage(name: string, version: string): InstalledPackage {
  return {
    ecosystem: 'deb',
    name,
    version,
    sourceName: name,
    sourceVersion: version,
    arch: 'amd64',
    module: null,
    vendor: '',
    path: 'var/lib/dpkg/status',
    layer: null,
  }
}

describe('a finding that is there no more closes', () => {
  test.each([
    ['fixed', 'the package is there in another version', [madePackage('openssl', '3.0.13-1')]],
    ['withdrawn', 'the package is there in that version', [openssl]],
    ['package-gone', 'the package is not there', [madePackage('curl', '7.88.1-10')]],
    ['package-gone', 'nothing is', []],
  ])('as %s when %s', (reason, _when, packages) => {
    record([madeMatch()])
    expect(record([], packages, 1)).toEqual({ opened: 0, closed: 1 })
    expect(briefly()).toEqual([['CVE-2024-0001', 'closed', reason, '2024-03-01']])
  })

  test('once: later days change neither its reason nor its end', () => {
    record([madeMatch()])
    record([], [madePackage('openssl', '3.0.13-1')], 1)
    expect(record([], [], 2)).toEqual({ opened: 0, closed: 0 })
    expect(briefly()).toEqual([['CVE-2024-0001', 'closed', 'fixed', '2024-03-01']])
    expect(db.$client.prepare('select closed_at from finding').pluck().get()).toBe(days[1])
  })

  test('and is open again, since its first day, when it comes back', () => {
    record([madeMatch()])
    record([], [openssl], 1)
    expect(record([madeMatch()], [openssl], 2)).toEqual({ opened: 1, closed: 0 })
    expect(briefly()).toEqual([['CVE-2024-0001', 'open', null, '2024-03-01']])
  })
})

describe('a finding whose vulnerability goes by another id', () => {
  const notice = madeMatch({ vulnerabilityId: 'DSA-5000-1', advisoryIds: ['DSA-5000-1'] })
  const cve = madeMatch({
    vulnerabilityId: 'CVE-2024-0001',
    aliases: ['DSA-5000-1'],
    advisoryIds: ['DSA-5000-1'],
  })

  test('goes on under it: the same finding, since its first day', () => {
    record([notice])
    const [before] = stored()
    expect(record([cve], [openssl], 1)).toEqual({ opened: 0, closed: 0 })
    expect(stored()).toEqual([{ ...before, vulnerability: 'CVE-2024-0001' }])
  })

  test('and goes back when that was wrong', () => {
    record([cve])
    record([notice], [openssl], 1)
    expect(briefly()).toEqual([['DSA-5000-1', 'open', null, '2024-03-01']])
  })

  test('goes on also when it was closed', () => {
    record([notice])
    record([], [openssl], 1)
    expect(record([cve], [openssl], 2)).toEqual({ opened: 1, closed: 0 })
    expect(briefly()).toEqual([['CVE-2024-0001', 'open', null, '2024-03-01']])
  })

  test('is folded into the one that has that id already, which was seen first when either was', () => {
    record([notice])
    record([notice, madeMatch()], [openssl], 1)
    expect(record([cve], [openssl], 2)).toEqual({ opened: 0, closed: 1 })
    expect(briefly()).toEqual([
      ['DSA-5000-1', 'closed', 'folded', '2024-03-01'],
      ['CVE-2024-0001', 'open', null, '2024-03-01'],
    ])
    record([cve], [openssl], 3)
    expect(stored().map(({ reason }) => reason)).toEqual(['folded', null])
  })

  test('of several that are one the first goes on', () => {
    const other = madeMatch({ vulnerabilityId: 'DLA-3000-1', advisoryIds: ['DLA-3000-1'] })
    record([other])
    record([other, notice], [openssl], 1)
    const both = madeMatch({ ...cve, aliases: ['DLA-3000-1', 'DSA-5000-1'] })
    record([both], [openssl], 2)
    expect(briefly()).toEqual([
      ['CVE-2024-0001', 'open', null, '2024-03-01'],
      ['DSA-5000-1', 'closed', 'folded', '2024-03-02'],
    ])
  })

  test('of a notice that turns out to be about two, one goes on and the other began with it', () => {
    record([notice])
    const about = ['CVE-2024-0001', 'CVE-2024-0002'].map(vulnerabilityId =>
      madeMatch({ vulnerabilityId, advisoryIds: ['DSA-5000-1'] }),
    )
    expect(record(about, [openssl], 1)).toEqual({ opened: 1, closed: 0 })
    expect(briefly()).toEqual([
      ['CVE-2024-0001', 'open', null, '2024-03-01'],
      ['CVE-2024-0002', 'open', null, '2024-03-01'],
    ])
  })

  test('has nothing to do with another package version, or with another CVE of the same notice', () => {
    record([notice, madeMatch({ vulnerabilityId: 'CVE-2024-0009', advisoryIds: ['DSA-5000-1'] })])
    record([madeMatch({ ...cve, sourceVersion: '3.0.12-1' })], [madePackage('openssl', '3.0.12-1')], 1)
    expect(briefly()).toEqual([
      ['DSA-5000-1', 'closed', 'fixed', '2024-03-01'],
      ['CVE-2024-0009', 'closed', 'fixed', '2024-03-01'],
      ['CVE-2024-0001', 'open', null, '2024-03-02'],
    ])
  })
})

test('a match is kept as long as a finding has it, and the layers of its packages with it', () => {
  const [one] = madeMatch().packages
  if (one === undefined) throw new Error('a made match has a package')
  const layers = [madeDigest(11), madeDigest(12), madeDigest(11)]
  record([madeMatch({ packages: layers.map((layer, at) => ({ ...one, name: `lib${at}`, layer })) })])
  const kept = () => db.$client.prepare('select layer from match_layer order by layer').pluck().all()
  expect(kept()).toEqual([madeDigest(11), madeDigest(12)])
  record([madeMatch({ packages: [{ ...one, layer: madeDigest(13) }] })], [openssl], 1)
  expect(kept()).toEqual([madeDigest(13)])
  expect(db.$client.prepare('select count(*) from match_threat').pluck().get()).toBe(1)
})
