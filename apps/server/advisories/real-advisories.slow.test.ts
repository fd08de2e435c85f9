import {
  type Advisory,
  type AdvisoryLookup,
  advisoryFolders,
  advisoryIndex,
  readOsvZip,
} from '@plimsoll/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shared } from '../../../packages/engine/testdata/shared.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { importPlace } from './import.ts'
import { advisoryLookup } from './lookup.ts'

/** What is stored of real advisories answers as the index in memory does, of which the engine's tests hold every word. */

const place = shared('advisories')
const never = new AbortController().signal
const all: Advisory[] = []
let db: Db
let memory: AdvisoryLookup
let stored: AdvisoryLookup
beforeAll(async () => {
  db = openInMemory()
  if (place === null) return
  for (const folder of advisoryFolders) {
    for await (const record of readOsvZip(place, folder, never)) {
      if (record.kind === 'advisory') all.push(record.advisory)
    }
  }
  memory = advisoryIndex(all)
  await importPlace(db, place, new Date('2026-11-20T00:00:00Z'), never)
  stored = advisoryLookup(db, 'osv')
})
afterAll(() => {
  db.$client.close()
})

test('which records name a package of a feed', () => {
  if (place === null) return
  for (const feed of [
    'Debian:12',
    'Debian:11',
    'Debian:99',
    'Ubuntu:22.04:LTS',
    'AlmaLinux:9',
    'Rocky Linux:9',
  ]) {
    expect(stored.feed(feed)).toEqual(memory.feed(feed))
    for (const name of ['openssl', 'expat', 'rsync', 'linux', 'perl', 'curl', 'no-such-package']) {
      const found = (lookup: AdvisoryLookup) =>
        [...lookup.find(feed, name)].map(one => JSON.stringify(one)).toSorted()
      expect(found(stored)).toEqual(found(memory))
    }
  }
  expect(stored.cve('CVE-2023-0286')?.cvss.length).toBeGreaterThan(0)
})

test('which vulnerabilities every record is about', () => {
  if (place === null) return
  const said = (lookup: AdvisoryLookup) =>
    all.map(one => JSON.stringify([one.id, lookup.vulnerabilities(one)]))
  expect(all.length).toBeGreaterThan(20_000)
  const expected = said(memory)
  expect(said(stored).filter((one, at) => one !== expected[at])).toEqual([])
})

test('which records an id leads to', () => {
  if (place === null) return
  const ids = new Set(
    all
      .filter((_, at) => at % 20 === 0)
      .flatMap(({ id, aliases, upstream }) => [id, ...aliases, ...upstream]),
  )
  const led = (lookup: AdvisoryLookup) =>
    [...ids].map(id => [id, ...[...lookup.named(id)].map(record => record.id).toSorted()].join(' '))
  expect(led(stored)).toEqual(led(memory))
})
