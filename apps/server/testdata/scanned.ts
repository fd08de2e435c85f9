import type { Coverage, ImageReport, InstalledPackage, Match } from '@plimsoll/types'
import type { Db } from '../db/open.ts'
import { enqueue, lease, type LeasedScan } from '../jobs/queue.ts'
import { recordReport } from '../jobs/record.ts'

export interface MadeResult {
  readonly matches?: readonly Match[]
  /** Source packages: name and version. */
  readonly packages?: Readonly<Record<string, string>>
  readonly coverage?: Partial<Coverage>
  readonly architecture?: string
  readonly at?: string
}

/** A scan of this digest as leased by a worker. */
export function leasedScan(db: Db, repositoryId: number, digest: string): LeasedScan {
  const { id } = enqueue(db, { repositoryId, digest, trigger: 'push' }, '2024-03-01T00:00:00.000Z')
  const leased = lease(db, 'test', new Date('2024-03-01T00:00:00.000Z'))
  if (leased?.id !== id) throw new Error('another scan was leased')
  return leased
}

const complete: Coverage = {
  status: 'complete',
  reasons: [],
  packages: {},
  databases: [],
  release: null,
  feeds: [],
}

/** Records a made-up result for a digest, as the runner does. */
export function scanned(db: Db, repositoryId: number, digest: string, result: MadeResult = {}): void {
  const { matches = [], packages = {}, architecture = 'amd64', at = '2024-03-01T00:00:00.000Z' } = result
  const installed: InstalledPackage[] = Object.entries(packages).map(([name, version]) => ({
    ecosystem: 'deb',
    name,
    version,
    sourceName: name,
    sourceVersion: version,
    arch: 'amd64',
    module: null,
    vendor: '',
    path: 'var/lib/dpkg/status',
    layer: null,
  }))
  const report: ImageReport = {
    reference: 'made',
    digest,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    platform: { os: 'linux', architecture },
    sizeBytes: 1000,
    layers: [],
    distro: { id: 'debian', versionId: '12', idLike: [], prettyName: 'Debian GNU/Linux 12 (bookworm)' },
    coverage: { ...complete, packages: { deb: installed.length }, ...result.coverage },
    packages: installed,
    findings: matches.map(match => ({ ...match, kev: null, epss: null })),
  }
  recordReport(db, leasedScan(db, repositoryId, digest), report, { source: 'osv', generation: 0 }, at)
}
