import type { Distro } from '@plimsoll/types'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { getFinding } from '../findings/get.ts'
import { getImage } from '../posture/images.ts'
import { type Advised, startAdvised } from '../testdata/advised.ts'
import type { MadeAdvisory } from '../testdata/advisory-place.ts'
import { madeDigest } from '../testdata/fleet.ts'
import { scanned } from '../testdata/scanned.ts'
import { everyDay } from './days.ts'
import { askAtEndOfLife } from './end-of-life.ts'

let advised: Advised
beforeEach(() => {
  advised = startAdvised()
})
afterEach(() => advised.end())

const digest = madeDigest(1)
const image = () => getImage(advised.db, { registryId: 'reg', repository: 'team/api', digest })
const openssl: MadeAdvisory = { cve: 'CVE-2024-0001', name: 'openssl', fixed: '3.0.13-1' }

describe('a withdrawn advisory', () => {
  const scan = () => scanned(advised.db, advised.repositoryId, digest, { packages: { openssl: '3.0.11-1' } })
  const finding = (id: string) => getFinding(advised.db, id)

  test('closes its finding as withdrawn, which is open again, since its first day, when it is back', async () => {
    scan()
    await advised.advise(openssl)
    const [before] = advised.open()
    const id = before?.id ?? ''
    await advised.advise({ ...openssl, withdrawn: true })
    expect(advised.open()).toEqual([])
    expect(finding(id)).toMatchObject({ state: 'closed', closeReason: 'withdrawn' })
    await advised.advise(openssl)
    expect(finding(id)).toMatchObject({ state: 'open', closeReason: null, firstSeenAt: before?.firstSeenAt })
  })

  test('leaves a finding open that another advisory is about', async () => {
    scan()
    const notice: MadeAdvisory = { ...openssl, id: 'DSA-5000-1' }
    await advised.advise(openssl, notice)
    await advised.advise({ ...openssl, withdrawn: true }, notice)
    const [still] = advised.open()
    expect(finding(still?.id ?? '').match.advisoryIds).toEqual(['DSA-5000-1'])
    await advised.advise({ ...openssl, withdrawn: true }, { ...notice, withdrawn: true })
    expect(finding(still?.id ?? '')).toMatchObject({ state: 'closed', closeReason: 'withdrawn' })
  })
})

test('the first advisories for what was judged by nothing charge it; later ones, and those for others, nothing', async () => {
  const charged = () => advised.db.$client.prepare('select digest from charge order by digest').pluck().all()
  const [unjudged, judged] = [digest, madeDigest(2)]
  scanned(advised.db, advised.repositoryId, unjudged, {
    packages: { openssl: '3.0.11-1' },
    coverage: { status: 'partial', feeds: [] },
  })
  scanned(advised.db, advised.repositoryId, judged, { packages: { openssl: '3.0.11-1' } })
  expect(charged()).toEqual([judged])
  // As of what was scanned before there was a ledger: its next scan charges it, no matching.
  advised.db.$client.exec('delete from charge')
  await advised.advise(openssl)
  expect(charged()).toEqual([unjudged])
  await advised.advise({ ...openssl, fixed: '3.0.14-1' })
  expect(charged()).toEqual([unjudged])
})

describe('a changed advisory leads to the packages it concerns', () => {
  const rocky: Distro = {
    id: 'rocky',
    versionId: '9.3',
    idLike: [],
    prettyName: 'Rocky Linux 9.3 (Blue Onyx)',
  }
  const rpm = { ecosystem: 'rpm', arch: 'x86_64', path: 'var/lib/rpm/rpmdb.sqlite' }

  test('by the binary package’s name, where the feed has those', async () => {
    scanned(advised.db, advised.repositoryId, digest, {
      distro: rocky,
      installed: [
        {
          ...rpm,
          name: 'openssl-libs',
          version: '1:3.0.7-24.el9',
          sourceName: 'openssl',
          sourceVersion: '1:3.0.7-24.el9',
          vendor: 'Rocky Enterprise Software Foundation',
        },
      ],
    })
    const feed = 'Rocky Linux:9'
    const unrelated: MadeAdvisory = {
      cve: 'CVE-2024-0002',
      id: 'RLSA-2',
      name: 'curl',
      fixed: '1-1.el9',
      feed,
    }
    const libs: MadeAdvisory = {
      cve: 'CVE-2024-0001',
      id: 'RLSA-1',
      name: 'openssl-libs',
      fixed: '1:3.0.7-25.el9',
      feed,
    }
    expect(await advised.advise(unrelated)).toBe(1)
    expect(advised.open()).toEqual([])
    expect(await advised.advise(unrelated, libs)).toBe(1)
    expect(advised.open()).toMatchObject([{ vulnerabilityId: 'CVE-2024-0001', sourceName: 'openssl' }])
    expect(await advised.advise({ ...unrelated, fixed: '2-1.el9' }, libs)).toBe(0)
    expect(await advised.advise(unrelated, { ...libs, fixed: '1:3.0.7-23.el9' })).toBe(1)
    expect(advised.open()).toEqual([])
  })

  test('by the name alone of its source package, where the feed has those', async () => {
    scanned(advised.db, advised.repositoryId, digest, {
      installed: [{ name: 'libssl3', version: '3.0.11-1', sourceName: 'openssl', sourceVersion: '3.0.11-1' }],
    })
    await advised.advise(openssl)
    const binary: MadeAdvisory = { cve: 'CVE-2024-0002', name: 'libssl3', fixed: null }
    expect(await advised.advise(openssl, binary)).toBe(0)
    expect(await advised.advise({ ...openssl, fixed: '3.0.14-1' }, binary)).toBe(1)
  })

  test('through every feed of a release, the paid one too', async () => {
    const bionic: Distro = {
      id: 'ubuntu',
      versionId: '18.04',
      codename: 'bionic',
      idLike: ['debian'],
      prettyName: 'Ubuntu 18.04.6 LTS',
    }
    scanned(advised.db, advised.repositoryId, digest, {
      distro: bionic,
      packages: { openssl: '1.1.1-1ubuntu2.1~18.04.23' },
    })
    const free = { ...openssl, id: 'UBUNTU-CVE-2024-0001', fixed: null, feed: 'Ubuntu:18.04:LTS' }
    const paid = { ...free, id: 'USN-1', cve: 'CVE-2024-0002', feed: 'Ubuntu:Pro:18.04:LTS' }
    expect(await advised.advise(free)).toBe(1)
    expect(await advised.advise(free, paid)).toBe(1)
    expect(advised.open().map(row => row.vulnerabilityId)).toEqual(['CVE-2024-0001', 'CVE-2024-0002'])
  })
})

describe('the end of a release’s life', () => {
  // Debian 11's free updates end on 2024-08-14, those of its long-term support later.
  const bullseye: Distro = {
    id: 'alpine',
    versionId: '3.16.9',
    idLike: [],
    prettyName: 'Alpine Linux v3.16',
  }
  const feed = 'Alpine:v3.16'
  const endOfLifeOn = () => image().coverageLedger.release?.endOfLifeOn ?? ''
  const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

  beforeEach(async () => {
    scanned(advised.db, advised.repositoryId, digest, {
      distro: bullseye,
      installed: [{ ecosystem: 'apk', name: 'busybox', version: '1.35.0-r17', path: 'lib/apk/db/installed' }],
      at: '2024-03-01T00:00:00.000Z',
    })
    await advised.advise({ cve: 'CVE-2024-0001', name: 'zlib', fixed: '1.2.13-r0', feed })
  })

  test('makes what was complete partial on the day after, without an import', () => {
    expect(image()).toMatchObject({ coverage: 'complete', health: 'healthy' })
    const last = endOfLifeOn()
    expect(askAtEndOfLife(advised.db, last)).toBe(0)
    expect(askAtEndOfLife(advised.db, dayAfter(last))).toBe(1)
    advised.rematch(`${dayAfter(last)}T00:05:00.000Z`)
    expect(image()).toMatchObject({
      coverage: 'partial',
      health: 'undecided',
      coverageLedger: { reasons: [{ code: 'end-of-life' }] },
    })
    expect(image().healthReason).toContain(last)
    expect(askAtEndOfLife(advised.db, dayAfter(dayAfter(last)))).toBe(0)
  })

  test('is asked about when the server was away that day', () => {
    expect(askAtEndOfLife(advised.db, '2031-01-01')).toBe(1)
  })
})

test('every day is told of once, at the start and when it has begun', () => {
  vi.useFakeTimers({ now: new Date('2024-05-23T23:40:00Z') })
  try {
    const days: string[] = []
    const stop = everyDay(
      today => days.push(today),
      () => new Date(),
    )
    vi.advanceTimersByTime(15 * 60_000)
    expect(days).toEqual(['2024-05-23'])
    vi.advanceTimersByTime(15 * 60_000)
    vi.advanceTimersByTime(60 * 60_000)
    expect(days).toEqual(['2024-05-23', '2024-05-24'])
    stop()
    vi.advanceTimersByTime(48 * 60 * 60_000)
    expect(days).toHaveLength(2)
  } finally {
    vi.useRealTimers()
  }
})
