import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Distro, InstalledPackage, Inventory } from '@plimsoll/types'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AdvisoryLookup } from '../advisories/advisory.ts'
import { advisoryIndex } from '../advisories/advisory-index.ts'
import { parseOsvRecord } from '../advisories/osv.ts'
import { ecosystemById } from '../ecosystems/index.ts'
import { readZip } from '../formats/zip.ts'
import { shared } from '../testdata/shared.ts'
import { match } from './match.ts'
import { matchNaively, type RawRecord } from './testdata/naive-matcher.ts'

/** Real package lists against real advisories, and beside it the naive matcher: none missing, none extra. */
describe('matching real package lists', { timeout: 120_000 }, () => {
  const advisories = shared('advisories')
  const fixtures = shared('fixtures')
  const data = new Map<string, { records: RawRecord[]; lookup: AdvisoryLookup }>()

  beforeAll(async () => {
    for (const folder of advisories === null ? [] : ['Debian', 'Ubuntu', 'Alpine']) {
      const records: RawRecord[] = []
      const limits = { maxEntries: 1e6, maxEntryBytes: 1e8, maxTotalBytes: 1e10 }
      for await (const { content } of readZip(join(advisories ?? '', folder, 'all.zip'), limits)) {
        records.push(JSON.parse(content.toString()))
      }
      data.set(folder, {
        records,
        lookup: advisoryIndex(records.map(record => parseOsvRecord(record).advisory)),
      })
    }
  }, 120_000)

  /** Our findings and the naive ones, as lines. */
  function both(list: string, ecosystemId: 'deb' | 'apk', distro: Distro) {
    const packages = readList(join(fixtures ?? '', list), ecosystemId)
    const feed = ecosystemById(ecosystemId)?.feeds(distro)[0] ?? ''
    const { records, lookup } = data.get(feed.split(':')[0] ?? '') ?? {
      records: [],
      lookup: advisoryIndex([]),
    }
    const coverage = {
      status: 'complete' as const,
      reasons: [],
      packages: { [ecosystemId]: packages.length },
      databases: [],
      release: null,
      feeds: [],
    }
    const inventory: Inventory = { distro, packages, coverage }
    const result = match(inventory, lookup, { today: '2024-06-01' })
    const ours = result.findings.map(one => {
      expect(one.state).toBe('open')
      const fixed = one.fixState === 'available' ? one.fixedVersion : '-'
      return `${one.vulnerabilityId} ${one.sourceName} ${one.sourceVersion} ${fixed} ${one.advisoryIds.join(',')}`
    })
    const sources = new Map(packages.map(one => [`${one.sourceName} ${one.sourceVersion}`, one]))
    const naive = matchNaively(
      records.filter(record => record.affected?.some(one => one.package.ecosystem === feed)),
      feed,
      [...sources.values()],
    )
    return { ours: ours.toSorted(), naive, result }
  }

  it.each([
    ['Debian 12', 'dpkg/rootfs-bookworm-minbase/var/lib/dpkg/status', 'deb', debian('12')],
    ['Ubuntu 18.04', 'dpkg/trivy__valid__var__lib__dpkg__status', 'deb', ubuntu('18.04')],
    ['Alpine 3.10', 'apk/image-alpine-3.10/lib/apk/db/installed', 'apk', alpine('3.10.2')],
  ] as const)('%s gives what the naive matcher gives', (_name, list, ecosystemId, distro) => {
    if (advisories === null || fixtures === null) return
    const { ours, naive, result } = both(list, ecosystemId, distro)
    expect(ours.length).toBeGreaterThan(0)
    expect(ours).toEqual(naive)
    expect(result.coverage.status).toBe('complete')
  })

  const dpkgLists = [
    'claircore__debian-only.status',
    'claircore__postgresql.status',
    'claircore__texlive.status',
    'osv-scalibr__dpkg__trailingnewlines',
    'rootfs-bookworm-minbase/var/lib/dpkg/status',
    'syft__var__lib__dpkg__status.d__coreutils-relationships',
    'syft__var__lib__dpkg__status.d__deinstall',
    'trivy__corrupsed__var__lib__dpkg__status',
    'trivy__md5sums__var__lib__dpkg__status',
    'trivy__only-apt__var__lib__dpkg__status',
    'trivy__valid__var__lib__dpkg__status',
  ]
  it.each(dpkgLists)('%s, as every release of Debian and Ubuntu', list => {
    if (advisories === null || fixtures === null) return
    const releases = [
      ...['3.0', '6.0', '7', '8', '9', '10', '11', '12', '13'].map(debian),
      ...['14.04', '16.04', '18.04', '20.04', '22.04', '23.04', '23.10'].map(ubuntu),
    ]
    for (const distro of releases) {
      const { ours, naive } = both(`dpkg/${list}`, 'deb', distro)
      expect(ours).toEqual(naive)
    }
  })

  const apkLists = [
    'grype__image-alpine-match-coverage__lib__apk__db__installed',
    'image-alpine-3.10/lib/apk/db/installed',
    'osv-scalibr__cache',
    'osv-scalibr__different-arch',
    'osv-scalibr__installed',
    'syft__corrupt__lib__apk__db__installed',
    'syft__extra-file-attributes',
    'syft__image-pkg-coverage__pkgs__lib__apk__db__installed',
    'syft__multiple-2__lib__apk__db__installed',
    'trivy__alpine__lib__apk__db__installed',
    'trivy__apk',
  ]
  it.each(apkLists)('%s, as every release of Alpine', list => {
    if (advisories === null || fixtures === null) return
    const releases = Array.from({ length: 20 }, (_, at) => `3.${at + 2}.0`)
    for (const distro of [...releases, 'edge'].map(alpine)) {
      const { ours, naive } = both(`apk/${list}`, 'apk', distro)
      expect(ours).toEqual(naive)
    }
  })
})

function readList(file: string, ecosystemId: 'deb' | 'apk'): InstalledPackage[] {
  const path = ecosystemId === 'deb' ? 'var/lib/dpkg/status' : 'lib/apk/db/installed'
  const packages: InstalledPackage[] = []
  try {
    for (const record of ecosystemById(ecosystemId)?.packages(readFileSync(file), path) ?? []) {
      packages.push({ module: null, vendor: '', ecosystem: ecosystemId, ...record, path, layer: null })
    }
  } catch {
    // Some lists are damaged on purpose: what could be read of them counts.
  }
  return packages
}

function distro(id: string, name: string) {
  return (versionId: string): Distro => ({ id, versionId, idLike: [], prettyName: `${name} ${versionId}` })
}
function debian(versionId: string): Distro {
  return distro('debian', 'Debian GNU/Linux')(versionId)
}
function ubuntu(versionId: string): Distro {
  return distro('ubuntu', 'Ubuntu')(versionId)
}
function alpine(versionId: string): Distro {
  return distro('alpine', 'Alpine Linux')(versionId)
}
