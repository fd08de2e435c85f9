import type { Coverage, Distro, ImageReport, InstalledPackage, Layer, Match } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { enqueue, type LeasedScan, lease } from '../jobs/queue.ts'
import { recordReport } from '../jobs/record.ts'

export interface MadeResult {
  readonly matches?: readonly Match[]
  /** Source packages: name and version. */
  readonly packages?: Readonly<Record<string, string>>
  /** Packages of which more is to be said; the rest is made of the name and the version. */
  readonly installed?: readonly MadePackage[]
  readonly coverage?: Partial<Coverage>
  readonly architecture?: string
  readonly distro?: Distro
  /** diffIDs, bottom first. */
  readonly layers?: readonly string[]
  readonly source?: 'osv' | 'demonstration'
  readonly createdAt?: string
  readonly at?: string
}
type MadePackage = Pick<InstalledPackage, 'name' | 'version'> & Partial<InstalledPackage>

const bookworm: Distro = {
  id: 'debian',
  versionId: '12',
  idLike: [],
  prettyName: 'Debian GNU/Linux 12 (bookworm)',
}

/** A scan of this digest as leased by a worker. */
export function leasedScan(db: Db, repositoryId: number, digest: string): LeasedScan {
  const { id } = enqueue(db, { repositoryId, digest, trigger: 'push' }, '2024-03-01T00:00:00.000Z')
  const leased = lease(db, 'test', new Date('2024-03-01T00:00:00.000Z'))
  if (leased?.id !== id) throw new Error('another scan was leased')
  return leased
}

/** Records a made-up result for a digest, as the runner does. */
export const scanned = (db: Db, repositoryId: number, digest: string, result: MadeResult = {}): void =>
  recordMade(db, leasedScan(db, repositoryId, digest), result)

/** The same for a scan that was leased already. */
export function recordMade(db: Db, leased: LeasedScan, result: MadeResult): void {
  const { matches = [], packages = {}, architecture = 'amd64', distro = bookworm, layers = [] } = result
  const { source = 'osv', createdAt = null, at = '2024-03-01T00:00:00.000Z' } = result
  const named = Object.entries(packages).map(([name, version]) => ({ name, version }))
  const installed = [...named, ...(result.installed ?? [])].map(installedPackage)
  const read: Coverage = {
    status: 'complete',
    reasons: [],
    packages: { deb: installed.length },
    databases: [],
    release: null,
    feeds: [],
  }
  const report: ImageReport = {
    reference: 'made',
    digest: leased.digest,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    platform: { os: 'linux', architecture },
    sizeBytes: 1000,
    layers: layers.map(madeLayer),
    distro,
    coverage: { ...read, ...result.coverage },
    packages: installed,
    findings: matches.map(match => ({ ...match, kev: null, epss: null })),
  }
  const inventory = { distro, packages: installed, coverage: read }
  recordReport(db, leased, { report, inventory, createdAt }, { source, generation: 0 }, at)
}

const installedPackage = (facts: MadePackage): InstalledPackage => ({
  ecosystem: 'deb',
  sourceName: facts.name,
  sourceVersion: facts.version,
  arch: 'amd64',
  module: null,
  vendor: '',
  path: 'var/lib/dpkg/status',
  layer: null,
  ...facts,
})

const madeLayer = (diffId: string, at: number): Layer => ({
  digest: diffId,
  diffId,
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  sizeBytes: 100,
  createdBy: `RUN step ${at + 1}`,
})
