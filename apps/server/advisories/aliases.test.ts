import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Advised, startAdvised } from '../testdata/advised.ts'
import type { MadeAdvisory } from '../testdata/advisory-place.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { storeAliases } from './aliases.ts'
import { advisoryLookup } from './lookup.ts'

let advised: Advised
beforeEach(() => {
  advised = startAdvised()
  const { db, repositoryId } = advised
  scanned(db, repositoryId, madeDigest(1), { packages: { openssl: '3.0.11-1' } })
  scanned(db, repositoryId, madeDigest(2), { packages: { curl: '7.88.1-10' } })
})
afterEach(() => advised.end())

const notice: MadeAdvisory = {
  cve: 'CVE-2024-0001',
  id: 'DSA-5000-1',
  upstream: [],
  name: 'openssl',
  fixed: '3.0.13-1',
}
const record: MadeAdvisory = { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.14-1' }
const curl: MadeAdvisory = { cve: 'CVE-2024-0002', name: 'curl', fixed: null }
const found = () =>
  advised.open().map(({ id, vulnerabilityId, aliases }) => ({ id, vulnerabilityId, aliases }))
const lookup = () => advisoryLookup(advised.db, 'osv')

describe('records of one vulnerability', () => {
  test('are one finding under the CVE, with all ids on it', async () => {
    await advised.advise({ ...notice, upstream: ['CVE-2024-0001'] }, record, curl)
    expect(found()).toMatchObject([
      { vulnerabilityId: 'CVE-2024-0001', aliases: ['DEBIAN-CVE-2024-0001', 'DSA-5000-1'] },
      { vulnerabilityId: 'CVE-2024-0002' },
    ])
    expect([...lookup().named('DSA-5000-1')].map(({ id }) => id)).toEqual([
      'DEBIAN-CVE-2024-0001',
      'DSA-5000-1',
    ])
    expect([...lookup().named('CVE-2024-0001')]).toHaveLength(2)
    expect([...lookup().named('CVE-2024-0009')]).toEqual([])
  })

  test('become one finding, the older of them, when a record says so', async () => {
    await advised.advise(notice, curl)
    const [before] = advised.open()
    expect(before?.vulnerabilityId).toBe('CVE-2024-0002')
    const [, old] = advised.open()
    expect(old?.vulnerabilityId).toBe('DSA-5000-1')
    // Only the image that the notice concerns is matched again.
    expect(await advised.advise({ ...notice, upstream: ['CVE-2024-0001'] }, curl)).toBe(1)
    expect(found()).toMatchObject([
      { id: old?.id, vulnerabilityId: 'CVE-2024-0001', aliases: ['DSA-5000-1'] },
      { vulnerabilityId: 'CVE-2024-0002' },
    ])
  })

  test('of another package too are matched again when a third record links them', async () => {
    // The record that links the ids names curl alone; openssl's finding gets another id by it.
    await advised.advise(notice, curl)
    const link: MadeAdvisory = { ...curl, id: 'X-1', upstream: ['CVE-2024-0001'], aliases: ['DSA-5000-1'] }
    expect(await advised.advise(notice, curl, link)).toBe(2)
    expect(found().map(({ vulnerabilityId }) => vulnerabilityId)).toEqual([
      'CVE-2024-0001',
      'CVE-2024-0001',
      'CVE-2024-0002',
    ])
    expect(await advised.advise(notice, curl)).toBe(2)
    expect(found().map(({ vulnerabilityId }) => vulnerabilityId)).toEqual(['CVE-2024-0002', 'DSA-5000-1'])
  })

  test('of a notice about several are several findings', async () => {
    await advised.advise({ ...notice, upstream: ['CVE-2024-0001', 'CVE-2024-0003'] })
    expect(found()).toMatchObject([
      { vulnerabilityId: 'CVE-2024-0001', aliases: ['DSA-5000-1'] },
      { vulnerabilityId: 'CVE-2024-0003', aliases: ['DSA-5000-1'] },
    ])
    expect([...lookup().named('CVE-2024-0003')].map(({ id }) => id)).toEqual(['DSA-5000-1'])
  })
})

test('a withdrawn record is found by every id it named, and is none of them any more', async () => {
  await advised.advise({ ...notice, upstream: ['CVE-2024-0001'], aliases: ['X-1'], withdrawn: true }, record)
  const named = (id: string) => [...lookup().named(id)].map(one => one.id)
  expect(named('CVE-2024-0001')).toEqual(['DEBIAN-CVE-2024-0001', 'DSA-5000-1'])
  expect([named('X-1'), named('DSA-5000-1')]).toEqual([['DSA-5000-1'], ['DSA-5000-1']])
  const [taken] = lookup().named('DSA-5000-1')
  expect(taken === undefined ? [] : lookup().vulnerabilities(taken)).toEqual([
    { canonical: 'DSA-5000-1', ids: ['DSA-5000-1'] },
  ])
})

describe('working aliases out', () => {
  const rows = () => advised.db.$client.prepare('select id, canonical, kind from alias order by id').all()

  test('is not done again while no record changes', async () => {
    await advised.advise({ ...notice, upstream: ['CVE-2024-0001'] }, curl)
    const before = rows()
    expect(before).toContainEqual({ id: 'DSA-5000-1', canonical: 'CVE-2024-0001', kind: 'name' })
    expect(await storeAliases(advised.db, 'osv', async () => undefined)).toBe(0)
    expect(await advised.advise({ ...notice, upstream: ['CVE-2024-0001'] }, curl)).toBe(0)
    expect(rows()).toEqual(before)
  })

  test('is made up for after a server was killed in between', async () => {
    await advised.advise({ ...notice, upstream: ['CVE-2024-0001'] }, curl)
    const before = rows()
    advised.db.$client.exec(
      `delete from alias where id = 'DSA-5000-1'; update advisory_source set alias_generation = 0`,
    )
    expect(await advised.advise({ ...notice, upstream: ['CVE-2024-0001'] }, curl)).toBe(1)
    expect(rows()).toEqual(before)
  })
})
