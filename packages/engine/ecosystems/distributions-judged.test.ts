import { describe, expect, test } from 'vitest'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import type { TarEntry } from '../formats/tar-writer.ts'
import { findEvidence } from '../inventory/databases.ts'
import { packageHistory } from '../inventory/package-history.ts'
import { type PackageBatch, takeInventory } from '../inventory/take-inventory.ts'
import { defaultLimits } from '../layers/limits.ts'
import { mergeLayers } from '../layers/testdata/merged-view.ts'
import { match } from '../match/match.ts'
import { affected, inventoryOf, record, today } from '../match/testdata/records.ts'
import { ecosystems } from './index.ts'

/** From the files of an image to its findings, against advisories made for the test. */

const file = (path: string, content: string): TarEntry => ({ path, content })
const alpine = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"')
const debian = file(
  'etc/os-release',
  'ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
)
const installed = 'lib/apk/db/installed'
const openssl =
  'P:libssl3\nV:3.1.4-r5\nA:x86_64\no:openssl\n\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\no:openssl\n\n'

const about = (feed: string, id: string, name: string, events: readonly string[]) =>
  record(id, { affected: [affected(name, events, { package: { ecosystem: feed, name } })] })

async function judged(entries: TarEntry[], advisories: ReturnType<typeof record>[]) {
  const { root } = await mergeLayers([entries])
  const batches: PackageBatch[] = []
  const history = packageHistory(ecosystems, defaultLimits, () => undefined)
  const { distro, reasons, databases } = takeInventory(findEvidence(root, ecosystems), history, 1000, batch =>
    batches.push(batch),
  )
  const packages = batches.flatMap(({ ecosystem, path, packages: found }) =>
    found.map(one => ({ ...one, ecosystem, path, layer: null })),
  )
  const inventory = inventoryOf(packages, distro, {
    status: reasons.length > 0 ? 'partial' : 'complete',
    reasons: [...reasons],
  })
  const { findings, coverage } = match(inventory, advisoryIndex(advisories), { today })
  const rows = findings.map(
    one => `${one.vulnerabilityId} ${one.state} ${one.packages.map(({ name }) => name).join(' ')}`,
  )
  return { rows, findings, coverage, databases }
}

describe('Alpine', () => {
  test('pitfall 15: sub-packages are found by the origin that the advisory names', async () => {
    const advisory = about('Alpine:v3.19', 'ALPINE-CVE-2024-1', 'openssl', ['introduced 0', 'fixed 3.1.4-r6'])
    const { rows } = await judged([alpine, file(installed, openssl)], [advisory])
    expect(rows).toEqual([expect.stringMatching(/open (libssl3 libcrypto3|libcrypto3 libssl3)$/)])
  })

  test('pitfall 16: "fixed in 0" is never affected', async () => {
    const advisory = about('Alpine:v3.19', 'ALPINE-CVE-2024-1', 'openssl', ['introduced 0', 'fixed 0'])
    const { rows, coverage } = await judged([alpine, file(installed, openssl)], [advisory])
    expect(rows).toEqual([])
    expect(coverage.reasons).toEqual([])
  })

  test('pitfall 17: nothing found rests on a feed, which the ledger names with its size and age', async () => {
    const modifiedAt = '2024-05-01T00:00:00Z'
    const other = about('Alpine:v3.19', 'ALPINE-CVE-2024-1', 'curl', ['introduced 0', 'fixed 8.0-r0'])
    const { rows, coverage } = await judged([alpine, file(installed, openssl)], [{ ...other, modifiedAt }])
    expect(rows).toEqual([])
    expect(coverage.feeds).toEqual([
      { feed: 'Alpine:v3.19', advisories: 1, asOf: expect.stringMatching(/^2024-05-01/) },
    ])
  })

  test('pitfall 18: advisories for another release say nothing of it', async () => {
    const advisory = about('Alpine:v3.18', 'ALPINE-CVE-2024-1', 'openssl', ['introduced 0'])
    const { rows, coverage } = await judged([alpine, file(installed, openssl)], [advisory])
    expect(rows).toEqual([])
    expect(coverage.reasons.map(({ code }) => code)).toEqual(['no-advisories-for-release'])
  })

  test('pitfall 19: a version that is none costs its own record, which is undetermined, and no other', async () => {
    const bad = about('Alpine:v3.19', 'ALPINE-CVE-2024-1', 'openssl', ['introduced 0', 'fixed 3.1.4-ruff'])
    const good = about('Alpine:v3.19', 'ALPINE-CVE-2024-2', 'openssl', ['introduced 0', 'fixed 3.1.4-r6'])
    const { findings } = await judged([alpine, file(installed, openssl)], [bad, good])
    expect(findings.map(({ advisoryIds, state }) => `${advisoryIds.join()} ${state}`).toSorted()).toEqual([
      'ALPINE-CVE-2024-1 undetermined',
      'ALPINE-CVE-2024-2 open',
    ])
  })

  test('pitfall 20: a database that links lead to in several ways is read once', async () => {
    const link = (path: string, linkPath: string): TarEntry => ({ path, kind: 'symlink', linkPath })
    const entries = [
      file('usr/lib/apk/db/installed', openssl),
      link('lib', 'usr/lib'),
      link('var/lib/apk', '/lib/apk'),
    ]
    const { databases } = await judged([alpine, ...entries], [])
    expect(databases).toMatchObject([{ ecosystem: 'apk', path: 'usr/lib/apk/db/installed', packages: 2 }])
  })
})

describe('Wolfi', () => {
  test('is judged by the name of each package', async () => {
    const wolfi = file('etc/os-release', 'ID=wolfi\nNAME="Wolfi"\nPRETTY_NAME="Wolfi"\nVERSION_ID="20230201"')
    const advisories = [
      about('Wolfi', 'CGA-1', 'libssl3', ['introduced 0', 'fixed 3.1.4-r6']),
      about('Wolfi', 'CGA-2', 'libcrypto3', ['introduced 0', 'fixed 3.1.4-r5']),
      about('Chainguard', 'CGA-3', 'libssl3', ['introduced 0']),
    ]
    const { rows, coverage } = await judged([wolfi, file('usr/lib/apk/db/installed', openssl)], advisories)
    expect(rows).toEqual(['CGA-1 open libssl3'])
    expect(coverage).toMatchObject({ status: 'complete', release: { name: 'Wolfi', supported: true } })
  })
})

describe('Debian', () => {
  const status = (...stanzas: string[]): TarEntry => file('var/lib/dpkg/status', stanzas.join('\n\n'))
  const stanza = (name: string, version: string, ...more: string[]): string =>
    [`Package: ${name}`, 'Status: install ok installed', `Version: ${version}`, ...more].join('\n')

  test('pitfall 1: a package is looked up by its source, and compared in its version', async () => {
    const advisories = [
      about('Debian:12', 'DEBIAN-CVE-2024-1', 'glibc', ['introduced 0', 'fixed 2.36-9+deb12u8']),
      about('Debian:12', 'DEBIAN-CVE-2024-2', 'gcc-12', ['introduced 0', 'fixed 12.2.0-15']),
      about('Debian:12', 'DEBIAN-CVE-2024-3', 'libc6', ['introduced 0']),
    ]
    const packages = status(
      stanza('libc6', '2.36-9+deb12u7', 'Source: glibc'),
      // Its own version is beyond the fix, that of its source is not.
      stanza('libgcc-s1', '1:12.2.0-14+b1', 'Source: gcc-12 (12.2.0-14)'),
    )
    expect((await judged([debian, packages], advisories)).rows.toSorted()).toEqual([
      expect.stringMatching(/2024-1 open libc6$/),
      expect.stringMatching(/2024-2 open libgcc-s1$/),
    ])
  })

  test('pitfall 2 and 3: an epoch counts, and a version without a place in the order is undetermined', async () => {
    const advisory = (id: string, name: string) =>
      about('Debian:12', id, name, ['introduced 0', 'fixed 1:2.0-1'])
    const packages = status(stanza('a', '3.0-1'), stanza('b', '1:3.0-1'), stanza('c', '3_0'))
    const { rows } = await judged(
      [debian, packages],
      [
        advisory('DEBIAN-CVE-2024-1', 'a'),
        advisory('DEBIAN-CVE-2024-2', 'b'),
        advisory('DEBIAN-CVE-2024-3', 'c'),
      ],
    )
    expect(rows.toSorted()).toEqual([
      expect.stringMatching(/2024-1 open a$/),
      expect.stringMatching(/2024-3 undetermined c$/),
    ])
  })

  test('pitfall 10: a package that is gone but for its settings is not there', async () => {
    const gone = 'Package: a\nStatus: deinstall ok config-files\nVersion: 1.0-1'
    const advisory = about('Debian:12', 'DEBIAN-CVE-2024-1', 'a', ['introduced 0'])
    const { rows, coverage } = await judged([debian, status(gone, stanza('b', '1'))], [advisory])
    expect([rows, coverage.reasons]).toEqual([[], []])
  })

  test('pitfall 12: a distroless image is judged as others are', async () => {
    const advisory = about('Debian:12', 'DEBIAN-CVE-2024-1', 'tzdata', [
      'introduced 0',
      'fixed 2024b-0+deb12u1',
    ])
    const entries = [
      file(
        'usr/lib/os-release',
        'PRETTY_NAME="Distroless"\nNAME="Debian GNU/Linux"\nID="debian"\nVERSION_ID="12"',
      ),
      file('var/lib/dpkg/status.d/tzdata', 'Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n'),
      file('var/lib/dpkg/status.d/tzdata.md5sums', '0123  usr/share/zoneinfo/UTC\n'),
    ]
    const { rows, coverage } = await judged(entries, [advisory])
    expect(rows).toEqual([expect.stringMatching(/open tzdata$/)])
    expect(coverage).toMatchObject({ status: 'complete', release: { name: 'Debian 12 (bookworm)' } })
  })

  test('pitfall 14: of a derivative, what it took is judged and what it built is not', async () => {
    const devuan = file('etc/os-release', 'ID=devuan\nVERSION_ID="5"\nPRETTY_NAME="Devuan 5"')
    const advisories = ['a', 'b', 'c'].map((name, at) =>
      about('Debian:12', `DEBIAN-CVE-2024-${at}`, name, ['introduced 0']),
    )
    const docker = stanza('c', '5:27.3.1', 'Maintainer: Docker <support@docker.com>')
    const { rows, coverage } = await judged(
      [devuan, status(stanza('a', '1.0-1'), stanza('b', '1.0-1+devuan1'), docker)],
      advisories,
    )
    expect(rows).toEqual([expect.stringMatching(/open a$/)])
    expect(coverage.reasons.map(({ code }) => code).toSorted()).toEqual([
      'derived-distribution',
      'third-party-packages',
      'third-party-packages',
    ])
  })

  test('pitfall 14: of one whose parent cannot be told nothing is judged, and that is said', async () => {
    const kali = file(
      'etc/os-release',
      'ID=kali\nID_LIKE=debian\nVERSION_ID="2024.1"\nPRETTY_NAME="Kali GNU/Linux Rolling"',
    )
    const advisory = about('Debian:12', 'DEBIAN-CVE-2024-1', 'a', ['introduced 0'])
    const { rows, coverage } = await judged([kali, status(stanza('a', '1.0-1'))], [advisory])
    expect(rows).toEqual([])
    expect(coverage.reasons.map(({ code }) => code)).toEqual(['unsupported-distribution'])
  })
})
