import { ecosystems } from '@plimsoll/engine'
import type {
  Coverage,
  CoverageReason,
  Distro,
  InstalledPackage,
  Inventory,
  Layer,
  Platform,
} from '@plimsoll/types'
import { eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { image } from '../db/schema.ts'
import { prepared } from '../db/statements.ts'
import { coverageOf } from '../db/stored-coverage.ts'

/** What is stored of an image's content: once for each digest, whatever registries it is in. */
export interface ImageContent {
  readonly digest: string
  readonly mediaType: string | null
  readonly platform: Platform | null
  readonly sizeBytes: number | null
  readonly layers: readonly Layer[]
  readonly distro: Distro | null
  readonly packages: readonly InstalledPackage[]
  readonly coverage: Coverage
}

/** Stores an image's content in place of what was known of it. Within a transaction. @returns the row's id. */
export function storeImage(db: Db, content: ImageContent, at: string): number {
  const { digest, mediaType, platform, sizeBytes, layers, distro, packages, coverage } = content
  const row = {
    digest,
    mediaType,
    os: platform?.os ?? null,
    architecture: platform?.architecture ?? null,
    variant: platform?.variant ?? null,
    osVersion: platform?.osVersion ?? null,
    sizeBytes,
    layers,
    distro,
    inventoryCoverage: beforeMatching(coverage),
    packageCount: packages.length,
    inventoriedAt: at,
  }
  const { id } = db
    .insert(image)
    .values(row)
    .onConflictDoUpdate({ target: image.digest, set: row })
    .returning({ id: image.id })
    .get()
  prepared(db, 'delete from image_package where image_id = ?').run(id)
  const link = prepared(
    db,
    'insert into image_package (image_id, package_id, evidence_id) values (?, ?, ?) on conflict do nothing',
  )
  for (const one of packages) link.run(id, packageId(db, one, distro), evidenceId(db, one))
  return id
}

/** The stored inventory of an image, to be matched again; null when it was never read. */
export function loadInventory(db: Db, imageId: number): Inventory | null {
  const row = db
    .select({ distro: image.distro, coverage: image.inventoryCoverage })
    .from(image)
    .where(eq(image.id, imageId))
    .get()
  if (row === undefined || row.coverage === null) return null
  const packages = prepared(
    db,
    `select pk.ecosystem, pk.name, pk.version, pk.source_name sourceName, pk.source_version sourceVersion, pk.arch,
       e.path, nullif(e.layer, '') layer
     from image_package ip join package pk on pk.id = ip.package_id join evidence e on e.id = ip.evidence_id
     where ip.image_id = ? order by pk.id, e.id`,
  ).all(imageId) as Omit<InstalledPackage, 'module' | 'vendor'>[]
  return {
    distro: row.distro,
    packages: packages.map(one => ({ ...one, module: null, vendor: '' })),
    coverage: coverageOf(row.coverage),
  }
}

/** The content known by this digest whose reading left nothing out, so that it need not be read again. */
export function completeImage(db: Db, digest: string): number | null {
  const row = prepared(
    db,
    `select id from image where digest = ? and inventory_coverage ->> 'status' = 'complete'`,
  ).get(digest) as { id: number } | undefined
  return row?.id ?? null
}

// What matching says depends on the advisories of the day and is said anew by each match.
const ofMatching: ReadonlySet<CoverageReason['code']> = new Set([
  'unsupported-distribution',
  'no-advisories-for-release',
  'version-not-comparable',
])

function beforeMatching(coverage: Coverage): Coverage {
  if (coverage.status === 'not-applicable') return coverage
  const reasons = coverage.reasons.filter(({ code }) => !ofMatching.has(code))
  return { ...coverage, status: reasons.length > 0 ? 'partial' : 'complete', reasons, feeds: [] }
}

function packageId(db: Db, one: InstalledPackage, distro: Distro | null): number {
  const identity = [
    one.ecosystem,
    feedOf(one.ecosystem, distro),
    one.name,
    one.version,
    one.sourceName,
    one.sourceVersion,
    one.arch,
  ]
  return rowId(
    db,
    `select id from package where ecosystem = ? and feed = ? and name = ? and version = ? and source_name = ?
       and source_version = ? and arch = ?`,
    `insert into package (ecosystem, feed, name, version, source_name, source_version, arch)
     values (?, ?, ?, ?, ?, ?, ?)`,
    identity,
  )
}

const evidenceId = (db: Db, one: InstalledPackage): number =>
  rowId(
    db,
    'select id from evidence where layer = ? and path = ?',
    'insert into evidence (layer, path) values (?, ?)',
    [one.layer ?? '', one.path],
  )

function rowId(db: Db, select: string, insert: string, identity: readonly string[]): number {
  const known = prepared(db, select).get(...identity) as { id: number } | undefined
  return known?.id ?? Number(prepared(db, insert).run(...identity).lastInsertRowid)
}

const feedOf = (ecosystemId: string, distro: Distro | null): string =>
  (distro !== null && ecosystems.find(one => one.id === ecosystemId)?.feeds(distro)[0]) || ''
