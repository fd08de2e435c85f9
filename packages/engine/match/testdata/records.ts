import type { Coverage, Distro, InstalledPackage, Inventory } from '@plimsoll/types'
import type { Advisory, CveFacts } from '../../advisories/advisory.ts'
import { advisoryIndex } from '../../advisories/advisory-index.ts'
import { parseOsvRecord } from '../../advisories/osv.ts'
import { match } from '../match.ts'

/** A day on which the releases of the tests are maintained. */
export const today = '2024-06-01'

export const bookworm: Distro = {
  id: 'debian',
  versionId: '12',
  idLike: [],
  prettyName: 'Debian GNU/Linux 12 (bookworm)',
}
export const bionic: Distro = { id: 'ubuntu', versionId: '18.04', idLike: ['debian'], prettyName: 'Ubuntu 18.04.6 LTS' }

/** A Debian package whose source has its name and version, unless said otherwise. */
export function installed(name: string, version: string, more: Partial<InstalledPackage> = {}): InstalledPackage {
  const path = 'var/lib/dpkg/status'
  return {
    ecosystem: 'deb',
    name,
    version,
    sourceName: name,
    sourceVersion: version,
    arch: 'amd64',
    module: null,
    vendor: '',
    path,
    layer: null,
    ...more,
  }
}

/** A package of rpm's database; its source has its name and version without the epoch, unless said otherwise. */
export const installedRpm = (
  name: string,
  version: string,
  more: Partial<InstalledPackage> = {},
): InstalledPackage =>
  installed(name, version, {
    ecosystem: 'rpm',
    arch: 'x86_64',
    sourceVersion: version.replace(/^\d+:/, ''),
    path: 'var/lib/rpm/rpmdb.sqlite',
    ...more,
  })

/** `AlmaLinux 8.10`. */
export const release = (id: string, versionId: string, prettyName = `${id} ${versionId}`): Distro => ({
  id,
  versionId,
  idLike: [],
  prettyName,
})

export function inventoryOf(
  packages: readonly InstalledPackage[],
  distro: Distro | null = bookworm,
  coverage: Partial<Coverage> = {},
): Inventory {
  const counted = { deb: packages.length }
  const ledger: Coverage = {
    status: 'complete',
    reasons: [],
    packages: counted,
    databases: [],
    release: null,
    feeds: [],
    ...coverage,
  }
  return { distro, packages: [...packages], coverage: ledger }
}

/** An OSV record about `openssl` in Debian 12 that is fixed in 2.0-1, unless said otherwise. */
export function record(id: string, more: Record<string, unknown> = {}): Advisory {
  return parseOsvRecord({ id, affected: [affected()], ...more }).advisory
}

/** What a record says of one package: `events` as `['introduced 0', 'fixed 2.0-1']`. */
export function affected(
  name = 'openssl',
  events: readonly string[] = ['introduced 0', 'fixed 2.0-1'],
  more: Record<string, unknown> = {},
) {
  const parsed = events.map(event => {
    const [kind = '', version] = event.split(' ')
    return { [kind]: version }
  })
  const ranges = parsed.length === 0 ? [] : [{ type: 'ECOSYSTEM', events: parsed }]
  return { package: { ecosystem: 'Debian:12', name }, ranges, ...more }
}

/** The same in another feed: `inFeed('AlmaLinux:8', 'bash', 'introduced 0', 'fixed 5.0-1.el8')`. */
export const inFeed = (ecosystem: string, name: string, ...events: string[]) => ({
  ...affected(name, events),
  package: { ecosystem, name },
})

/** Findings of Debian 12 with these packages against these records. */
export function findingsOf(
  packages: readonly InstalledPackage[],
  advisories: readonly Advisory[],
  cves: readonly CveFacts[] = [],
) {
  return match(inventoryOf(packages), advisoryIndex(advisories, cves), { today }).findings
}
