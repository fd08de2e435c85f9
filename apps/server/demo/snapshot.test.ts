import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseCveFacts, parseOsvRecord, readCveFacts, readKev, readZip } from '@plimsoll/engine'
import { beforeAll, describe, expect, test } from 'vitest'
import { snapshotCveFacts, snapshotFolders, snapshotKev, snapshotRecords } from './snapshot.ts'

interface Osv {
  readonly id: string
  readonly affected: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string }
    readonly ranges?: readonly { readonly type: string; readonly events: readonly unknown[] }[]
    readonly versions?: readonly string[]
  }[]
  readonly [field: string]: unknown
}

const records = [...snapshotRecords()] as Osv[]
const facts = [...snapshotCveFacts()] as { readonly id: string }[]

test('the records are a few hundred, and each can be read whole', () => {
  expect(records.length).toBeGreaterThan(200)
  expect(records.length).toBeLessThan(600)
  expect(records.flatMap(record => parseOsvRecord(record).notes)).toEqual([])
  expect(new Set(records.map(record => record.id)).size).toBe(records.length)
})

test('the snapshot stays small', () => {
  const folder = path.join(import.meta.dirname, 'advisories')
  const sizes = readdirSync(folder).map(name => statSync(path.join(folder, name)).size)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(400_000)
})

test('a record holds facts and no text of its feed', () => {
  const fields = new Set(records.flatMap(Object.keys))
  const allowed = new Set([
    'id',
    'modified',
    'published',
    'aliases',
    'upstream',
    'severity',
    'affected',
    'references',
  ])
  expect([...fields.difference(allowed)]).toEqual([])
  const longest = Math.max(...records.flatMap(textsOf).map(text => text.length))
  expect(longest, 'no fact is as long as a sentence').toBeLessThan(160)
})

/** Every text of a record but its links. */
const textsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value.startsWith('https://') ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

const location = path.join(import.meta.dirname, '../../../../shared/advisories')

describe('against the feeds the snapshot was made from', () => {
  const originals = new Map<string, Osv>()
  beforeAll(async () => {
    const limits = { maxEntries: 1e6, maxEntryBytes: 2 ** 26, maxTotalBytes: 2 ** 32 }
    if (!existsSync(location)) {
      console.log('../shared/advisories is not here: where the snapshot comes from was not tested.')
      return
    }
    const wanted = new Set(records.map(record => `${record.id}.json`))
    for (const folder of snapshotFolders)
      for await (const { name, content } of readZip(path.join(location, folder, 'all.zip'), limits))
        if (wanted.has(name)) originals.set(name, JSON.parse(content.toString()) as Osv)
  })

  test.each(['id', 'modified', 'published', 'aliases', 'upstream', 'severity', 'references'])(
    'every "%s" is the original’s',
    field => {
      if (originals.size === 0) return
      for (const record of records)
        expect([record.id, record[field]]).toEqual([record.id, originals.get(`${record.id}.json`)?.[field]])
    },
  )

  test('every affected package has the original’s ranges and versions', () => {
    if (originals.size === 0) return
    for (const { id, affected } of records) {
      const original = originals.get(`${id}.json`)?.affected.map(each => JSON.stringify(rangesOf(each)))
      for (const each of affected) expect(original, id).toContain(JSON.stringify(rangesOf(each)))
    }
  })

  test('what is said of a CVE is the original’s', async () => {
    if (originals.size === 0) return
    const wanted = new Set(facts.map(each => each.id))
    const original = new Map<string, unknown>()
    for await (const each of readCveFacts(location, new AbortController().signal, wanted))
      original.set(each.id, each)
    expect(
      Object.fromEntries(facts.flatMap(each => parseCveFacts(each) ?? []).map(each => [each.id, each])),
    ).toEqual(Object.fromEntries(original))
  })
})

test('what is known of attacks is dates alone, and CISA’s', async () => {
  const { signal } = new AbortController()
  const kev = await snapshotKev(signal)
  const named = new Set(facts.map(({ id }) => id))
  expect(kev?.entries.size).toBeGreaterThan(0)
  for (const [cve, { requiredAction }] of kev?.entries ?? []) {
    expect([cve, named.has(cve), requiredAction]).toEqual([cve, true, null])
  }
  const original = existsSync(location) ? await readKev(location, signal) : null
  if (original === null) return
  expect(kev?.asOf).toBe(original.asOf)
  for (const [cve, entry] of kev?.entries ?? []) {
    expect(entry).toEqual({ ...original.entries.get(cve), requiredAction: null })
  }
})

const rangesOf = ({ package: { ecosystem, name }, ranges, versions }: Osv['affected'][number]) => [
  ecosystem,
  name,
  (ranges ?? []).map(({ type, events }) => [type, events]),
  versions ?? [],
]
