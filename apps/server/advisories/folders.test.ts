import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Distro } from '@plimsoll/types'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Db, openDatabase } from '../db/open.ts'
import { createEventBus } from '../events.ts'
import { listFindings } from '../findings/list.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { writeAdvisoryPlace } from '../testdata/advisory-place.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { until } from '../testdata/server-process.ts'
import { neededFolders } from './folders.ts'
import { listFeeds } from './status.ts'
import { type AdvisoryWork, startAdvisoryWork } from './work.ts'

const at = '2024-03-01T00:00:00.000Z'
const alma9: Distro = { id: 'almalinux', versionId: '9.4', idLike: [], prettyName: 'AlmaLinux 9.4' }

let folder: string
let db: Db
let work: AdvisoryWork
let repositoryId: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-folders-'))
  db = openDatabase(folder)
  work = startAdvisoryWork(folder, { events: createEventBus(), log: pino({ level: 'silent' }) })
  ensureSubscription(db, { id: 'main', name: 'Main' }, at)
  const registry = {
    id: 'reg',
    subscriptionId: 'main',
    name: 'reg',
    kind: 'distribution',
    url: null,
  } as const
  ensureRegistry(db, registry, at)
  repositoryId = ensureRepository(db, 'reg', 'team/api')
})
afterEach(async () => {
  await work.stop()
  db.$client.close()
  rmSync(folder, { recursive: true })
})

const feeds = () => listFeeds(db).map(({ feed }) => feed)
const pushAlma = () => {
  const openssl = { name: 'openssl-libs', version: '1:3.0.7-24.el9', ecosystem: 'rpm', sourceName: 'openssl' }
  scanned(db, repositoryId, madeDigest(1), { distro: alma9, installed: [openssl] })
  // As after every scan.
  work.rematch()
}

describe('advisories of a distribution', () => {
  test('come once an image is of it, and the image is judged by them', async () => {
    const place = join(folder, 'place')
    await writeAdvisoryPlace(place, [
      { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' },
      {
        cve: 'CVE-2024-0002',
        name: 'openssl-libs',
        fixed: '1:3.0.7-27.el9',
        feed: 'AlmaLinux:9',
        id: 'ALSA-1',
      },
    ])
    await work.importPlace(place)
    expect(feeds()).toEqual(['Debian:12'])

    pushAlma()
    const [finding] = await until('the finding', () => {
      const { rows } = listFindings(db, { filter: { status: 'open' }, sort: '-severity', page: 1, size: 50 })
      return rows.length > 0 ? rows : null
    })
    expect(finding?.vulnerabilityId).toBe('CVE-2024-0002')
    expect(feeds().toSorted()).toEqual(['AlmaLinux:9', 'Debian:12'])
  })

  test('come at once where a place has no others', async () => {
    const place = join(folder, 'place')
    await writeAdvisoryPlace(place, [
      { cve: 'CVE-2024-0002', name: 'curl', fixed: '1-1', feed: 'AlmaLinux:9' },
    ])
    await work.importPlace(place)
    expect(feeds()).toEqual(['AlmaLinux:9'])
  })

  test('are looked for once where the place has none', async () => {
    const place = join(folder, 'place')
    await writeAdvisoryPlace(place, [{ cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' }])
    await work.importPlace(place)
    pushAlma()
    const importedAt = () => listFeeds(db)[0]?.importedAt
    const before = importedAt()
    const again = await until('the second import', () => (importedAt() === before ? null : importedAt()))
    // A thread that went on importing would not answer this one before its own.
    await work.importPlace(place)
    expect(neededFolders(db)).toContain('AlmaLinux')
    expect(importedAt()).not.toBe(again)
    expect(feeds()).toEqual(['Debian:12'])
  })
})
