import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { UnreadableFeed } from '@plimsoll/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { snapshotCveFacts, snapshotKev, snapshotRecords } from '../demo/snapshot.ts'
import { getFinding } from '../findings/get.ts'
import { listFindings } from '../findings/list.ts'
import { getOverview } from '../posture/overview.ts'
import { type Advised, advisedAt, startAdvised } from '../testdata/advised.ts'
import { type MadeAdvisory, writeThreatLists } from '../testdata/advisory-place.ts'
import { madeDigest, madeMatch } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { importPlace, importSnapshot } from './import.ts'
import { listImports } from './status.ts'
import { noteImportFailed } from './store.ts'
import { threatLists } from './threats.ts'

let advised: Advised
const openssl: MadeAdvisory = { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' }
const other: MadeAdvisory = { cve: 'CVE-2024-0002', name: 'openssl', fixed: null }
beforeEach(async () => {
  advised = startAdvised()
  scanned(advised.db, advised.repositoryId, madeDigest(1), {
    packages: { openssl: '3.0.11-1' },
    matches: [openssl, other].map(({ cve }) => madeMatch({ vulnerabilityId: cve })),
  })
})
afterEach(() => advised.end())

const never = new AbortController().signal
const lists = { kev: { 'CVE-2024-0001': '2024-03-04' }, epss: { 'CVE-2024-0001': 0.9, 'CVE-2024-0002': 0.1 } }
const threats = () => advised.open().map(({ vulnerabilityId, kev, epss }) => ({ vulnerabilityId, kev, epss }))
const sorted = () =>
  listFindings(advised.db, { filter: { status: 'open' }, sort: '-epss', page: 1, size: 50 }).rows.map(
    row => row.vulnerabilityId,
  )

describe('lists of attacks', () => {
  test('say what they say beside the findings, with their days, and change no match', async () => {
    await advised.advise(openssl, other)
    const hashes = () => advised.db.$client.prepare('select hash from match_fact order by id').pluck().all()
    const before = hashes()
    await writeThreatLists(advised.place, lists)
    expect(await advised.advise(openssl, other)).toBe(0)
    expect(hashes()).toEqual(before)
    expect(threats()).toEqual([
      {
        vulnerabilityId: 'CVE-2024-0001',
        kev: { addedOn: '2024-03-04', dueOn: '2024-04-01', ransomware: true, requiredAction: 'Update it.' },
        epss: { probability: 0.9, percentile: 0.5, asOf: '2024-03-06' },
      },
      {
        vulnerabilityId: 'CVE-2024-0002',
        kev: null,
        epss: { probability: 0.1, percentile: 0.5, asOf: '2024-03-06' },
      },
    ])
    expect(sorted()).toEqual(['CVE-2024-0001', 'CVE-2024-0002'])
    const days = { kev: '2024-03-05', epss: '2024-03-06' }
    expect(getFinding(advised.db, advised.open()[0]?.id ?? '').threatLists).toEqual(days)
    expect(getOverview(advised.db).threatLists).toEqual(days)
  })

  test('are read for a CVE that a record has in its id alone, with what is known of it, from the first import on', async () => {
    scanned(advised.db, advised.repositoryId, madeDigest(2), { packages: { zlib: '1.2.13' } })
    await writeThreatLists(advised.place, { epss: { 'CVE-2024-0003': 0.7 } })
    await mkdir(join(advised.place, 'cve'))
    const facts = { id: 'CVE-2024-0003', cvssV3_1: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }
    await writeFile(join(advised.place, 'cve/cve-severity.ndjson.gz'), gzipSync(JSON.stringify(facts)))
    await advised.advise({ cve: 'CVE-2024-0003', upstream: [], name: 'zlib', fixed: null, vector: 'none' })
    expect(advised.open()).toMatchObject([
      { vulnerabilityId: 'CVE-2024-0003', severity: 'Critical', epss: { probability: 0.7 } },
    ])
  })

  test('that are not there are no failure, and are said to be missing', async () => {
    await advised.advise(openssl, other)
    expect(threatLists(advised.db)).toEqual({ kev: null, epss: null })
    expect(threats().map(({ kev, epss }) => [kev, epss])).toEqual([
      [null, null],
      [null, null],
    ])
    await writeThreatLists(advised.place, { kev: {} })
    await advised.advise(openssl, other)
    expect(threatLists(advised.db)).toEqual({ kev: '2024-03-05', epss: null })
  })

  test('follow the newest edition: what it takes away is gone, in every order and filter', async () => {
    await writeThreatLists(advised.place, lists)
    await advised.advise(openssl, other)
    await writeThreatLists(advised.place, {
      kev: { 'CVE-2024-0002': '2024-03-05' },
      epss: { 'CVE-2024-0002': 0.2 },
    })
    await advised.advise(openssl, other)
    expect(threats()).toMatchObject([
      { kev: null, epss: null },
      { kev: { addedOn: '2024-03-05' }, epss: { probability: 0.2 } },
    ])
    expect(sorted()).toEqual(['CVE-2024-0002', 'CVE-2024-0001'])
    const filter = { status: 'open' as const, kev: true, epssAtLeast: 0.2 }
    expect(listFindings(advised.db, { filter, sort: 'cve', page: 1, size: 50 })).toMatchObject({
      rows: [{ vulnerabilityId: 'CVE-2024-0002' }],
      total: 1,
    })
  })

  test('stay with their day when a place has them no more', async () => {
    await writeThreatLists(advised.place, lists)
    await advised.advise(openssl, other)
    for (const folder of ['kev', 'epss']) await rm(join(advised.place, folder), { recursive: true })
    await advised.advise(openssl, other)
    expect(threatLists(advised.db)).toEqual({ kev: '2024-03-05', epss: '2024-03-06' })
    expect(threats()).toMatchObject([{ kev: { addedOn: '2024-03-04' } }, { kev: null }])
  })

  test('that cannot be read leave the advisories as they were imported', async () => {
    await writeThreatLists(advised.place, lists)
    await advised.advise(openssl, other)
    await writeFile(join(advised.place, 'kev/known_exploited_vulnerabilities.json'), 'nonsense')
    await expect(importPlace(advised.db, advised.place, new Date(advisedAt), never)).rejects.toThrow(
      UnreadableFeed,
    )
    expect(threats()).toMatchObject([{ kev: { addedOn: '2024-03-04' } }, { kev: null }])
  })

  test('of the demonstration give way to those that were imported', async () => {
    const kev = await snapshotKev(never)
    const importDemonstration = () =>
      importSnapshot(
        advised.db,
        { records: snapshotRecords(), cveFacts: snapshotCveFacts(), kev },
        new Date(advisedAt),
      )
    const known = () => advised.db.$client.prepare('select cve from kev order by cve').pluck().all()
    await importDemonstration()
    expect(known()).toEqual([...(kev?.entries.keys() ?? [])].toSorted())
    await writeThreatLists(advised.place, lists)
    await advised.advise(openssl, other)
    expect(known()).toEqual(['CVE-2024-0001'])
    await importDemonstration()
    expect(known()).toEqual(['CVE-2024-0001'])
  })
})

test('an import that breaks off says so until one goes to its end', async () => {
  const { db, place } = advised
  noteImportFailed(db, 'osv', { location: place, error: 'It is not there.', at: '2024-02-01T00:00:00.000Z' })
  expect(listImports(db)).toEqual([
    {
      source: 'osv',
      location: place,
      importedAt: null,
      error: 'It is not there.',
      failedAt: '2024-02-01T00:00:00.000Z',
    },
  ])
  await advised.advise(openssl)
  expect(listImports(db)).toMatchObject([{ importedAt: advisedAt, error: null, failedAt: null }])
  noteImportFailed(db, 'osv', {
    location: '/elsewhere',
    error: 'It is damaged.',
    at: '2024-04-01T00:00:00.000Z',
  })
  expect(getOverview(db).imports).toMatchObject([
    { location: place, importedAt: advisedAt, error: 'It is damaged.' },
  ])
})
