import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UnreadableFeed } from '@plimsoll/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zipArchive } from '../../../packages/engine/formats/testdata/zip-writer.ts'
import { type Db, openInMemory } from '../db/open.ts'
import { getFinding } from '../findings/get.ts'
import { listFindings } from '../findings/list.ts'
import { ensureRegistry, ensureRepository, ensureSubscription } from '../intake/places.ts'
import { getImage } from '../posture/images.ts'
import { type MadeAdvisory, writeAdvisoryPlace } from '../testdata/advisory-place.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { importPlace } from './import.ts'
import { advisoryLookup } from './lookup.ts'
import { askForRematches, rematchNext } from './rematch.ts'
import { listFeeds } from './status.ts'

let db: Db
let place: string
const at = new Date('2024-03-01T00:00:00.000Z')
const never = new AbortController().signal

beforeEach(async () => {
  db = openInMemory()
  place = await mkdtemp(join(tmpdir(), 'plimsoll-place-'))
})
afterEach(async () => {
  await rm(place, { recursive: true, force: true })
})

const openssl: MadeAdvisory = { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' }
const curl: MadeAdvisory = { cve: 'CVE-2024-0002', name: 'curl', fixed: null }
const importThese = async (...advisories: MadeAdvisory[]) => {
  await writeAdvisoryPlace(place, advisories)
  return await importPlace(db, place, at, never)
}
const found = (name: string) =>
  [...advisoryLookup(db, 'osv').find('Debian:12', name)].map(({ advisory }) => advisory.id)

describe('an import', () => {
  test('lists releases in the order of their numbers', async () => {
    const feeds = ['Alpine:v3.19', 'Alpine:v3.2', 'Debian:9', 'Debian:12']
    await importThese(...feeds.map((feed, at) => ({ ...curl, cve: `CVE-2024-100${at}`, feed })))
    expect(listFeeds(db).map(({ feed }) => feed)).toEqual([
      'Alpine:v3.2',
      'Alpine:v3.19',
      'Debian:9',
      'Debian:12',
    ])
  })

  test('brings records in, by feed and package, and says how many', async () => {
    expect(await importThese(openssl, curl)).toMatchObject({ read: 2, changed: 2, removed: 0, rejected: 0 })
    expect(found('openssl')).toEqual(['DEBIAN-CVE-2024-0001'])
    expect(listFeeds(db)).toEqual([
      {
        feed: 'Debian:12',
        advisories: 2,
        asOf: '2026-11-20T00:00:00.000Z',
        source: 'osv',
        importedAt: at.toISOString(),
        location: place,
      },
    ])
    expect(found('nginx')).toEqual([])
    expect([...advisoryLookup(db, 'demonstration').find('Debian:12', 'openssl')]).toEqual([])
  })

  test('writes what changed alone, and takes away what the place has no more', async () => {
    await importThese(openssl, curl)
    expect(await importThese(openssl, curl)).toMatchObject({ read: 2, changed: 0, removed: 0 })
    expect(await importThese({ ...openssl, fixed: '3.0.14-1' })).toMatchObject({
      read: 1,
      changed: 1,
      removed: 1,
    })
    expect(found('curl')).toEqual([])
  })

  test('finds nothing in a record that was withdrawn', async () => {
    await importThese(openssl)
    await importThese({ ...openssl, withdrawn: true })
    expect(found('openssl')).toEqual([])
    expect(listFeeds(db)).toEqual([])
  })

  test('passes over records that make no sense, and says which', async () => {
    await mkdir(join(place, 'Alpine'))
    await writeFile(
      join(place, 'Alpine/all.zip'),
      zipArchive([
        { name: 'a.json', content: '{"id": 7}' },
        { name: 'b.json', content: 'nonsense' },
      ]),
    )
    const { rejected, rejections } = await importThese(openssl)
    expect(rejected).toBe(2)
    expect(rejections[0]).toMatch(/^Alpine\/a\.json: /)
    expect(found('openssl')).toHaveLength(1)
  })

  test('that breaks off keeps what there was', async () => {
    await importThese(openssl, curl)
    const file = join(place, 'Debian/all.zip')
    await writeFile(file, (await readFile(file)).subarray(0, 100))
    await expect(importPlace(db, place, at, never)).rejects.toThrow(UnreadableFeed)
    expect([found('openssl'), found('curl')]).toEqual([['DEBIAN-CVE-2024-0001'], ['DEBIAN-CVE-2024-0002']])
  })

  test('from a place without a feed says what it looked for', async () => {
    await expect(importPlace(db, place, at, never)).rejects.toThrow(
      /holds no advisories: none of Debian\/all\.zip/,
    )
  })

  test('takes an address as well as a folder', async () => {
    await writeAdvisoryPlace(place, [openssl])
    const server = createServer((request, response) => {
      readFile(join(place, decodeURIComponent(request.url ?? ''))).then(
        bytes => response.end(bytes),
        () => response.writeHead(404).end(),
      )
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await importPlace(db, `http://127.0.0.1:${port}/`, at, never)
    expect(found('openssl')).toHaveLength(1)
    server.close()
    server.closeAllConnections()
  })
})

describe('after an import, images are matched again without being read', () => {
  const digest = madeDigest(1)
  const other = madeDigest(2)
  const image = (of: string) => getImage(db, { registryId: 'reg', repository: 'team/api', digest: of })
  const open = () => listFindings(db, { filter: { status: 'open' }, sort: 'cve', page: 1, size: 50 }).rows
  const rematchAll = (): number => {
    const asked = askForRematches(db)
    while (rematchNext(db, at.toISOString()));
    return asked
  }

  beforeEach(() => {
    ensureSubscription(db, { id: 'main', name: 'Main' }, at.toISOString())
    ensureRegistry(
      db,
      { id: 'reg', subscriptionId: 'main', name: 'reg', kind: 'distribution', url: null },
      at.toISOString(),
    )
    const repositoryId = ensureRepository(db, 'reg', 'team/api')
    const partial = {
      status: 'partial' as const,
      reasons: [{ code: 'no-advisories-for-release' as const, message: 'There are none.' }],
      packages: { deb: 1 },
      feeds: [],
    }
    scanned(db, repositoryId, digest, { packages: { openssl: '3.0.11-1' }, coverage: partial })
    scanned(db, repositoryId, other, { packages: { curl: '7.88.1-10' }, coverage: partial })
  })

  test('all of a release when its feed is new, and their ledger says that they are covered', async () => {
    await importThese(openssl)
    expect(rematchAll()).toBe(2)
    expect(open()).toMatchObject([{ vulnerabilityId: 'CVE-2024-0001', digest, severity: 'High' }])
    expect(image(digest).health).toBe('unhealthy')
    expect(image(other)).toMatchObject({
      health: 'healthy',
      coverage: 'complete',
      coverageLedger: { reasons: [], feeds: [{ feed: 'Debian:12', advisories: 1 }] },
    })
  })

  test('later only those that a changed record concerns', async () => {
    await importThese(openssl)
    rematchAll()
    await importThese(openssl, curl)
    expect(rematchAll()).toBe(1)
    expect(open().map(row => row.vulnerabilityId)).toEqual(['CVE-2024-0001', 'CVE-2024-0002'])
    expect(rematchAll()).toBe(0)
  })

  test('a record that is gone, or says something else now, closes its findings as withdrawn', async () => {
    await importThese(openssl, curl)
    rematchAll()
    const [first, second] = open()
    await importThese({ ...openssl, fixed: '3.0.10-1' })
    rematchAll()
    expect(open()).toEqual([])
    for (const row of [first, second]) {
      expect(getFinding(db, row?.id ?? '')).toMatchObject({ state: 'closed', closeReason: 'withdrawn' })
    }
    expect(image(digest).health).toBe('healthy')
  })

  test('a finding keeps its id and its first day while its facts change', async () => {
    await importThese(openssl)
    rematchAll()
    const [before] = open()
    await importThese({
      ...openssl,
      fixed: '3.0.20-1',
      vector: 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N',
    })
    rematchAll()
    expect(open()).toMatchObject([
      { id: before?.id, firstSeenAt: before?.firstSeenAt, fixedVersion: '3.0.20-1', severity: 'Medium' },
    ])
  })

  test('facts of a CVE that come later change the severity of what was found', async () => {
    const plain = { ...openssl, vector: 'none' }
    await importThese(plain)
    rematchAll()
    expect(open()).toMatchObject([{ severity: 'Unknown' }])
    await mkdir(join(place, 'cve'))
    const facts = {
      dataType: 'CVE_RECORD',
      cveMetadata: { cveId: 'CVE-2024-0001', state: 'PUBLISHED' },
      containers: {
        cna: { metrics: [{ cvssV3_1: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } }] },
      },
    }
    await writeFile(
      join(place, 'cve/all.zip'),
      zipArchive([{ name: 'CVE-2024-0001.json', content: JSON.stringify(facts) }]),
    )
    await importPlace(db, place, at, never)
    expect(rematchAll()).toBe(1)
    expect(open()).toMatchObject([{ severity: 'Critical', cvssV3BaseScore: 9.8 }])
  })
})
