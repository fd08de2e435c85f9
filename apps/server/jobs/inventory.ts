import { ecosystemById } from '@plimsoll/engine'
import type { Coverage, Distro, InstalledPackage, Inventory, Layer, Platform } from '@plimsoll/types'
import { eq } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { image } from '../db/schema.ts'
import { prepared } from '../db/statements.ts'
import { coverageOf } from '../db/stored-coverage.ts'
import { chainIdsOf } from '../posture/chain.ts'

/** What is stored of an image's content: once for each digest, whatever registries it is in. */
export interface ImageContent {
  readonly digest: string
  readonly mediaType: string | null
  readonly platform: Platform | null
  readonly sizeBytes: number | null
  readonly layers: readonly Layer[]
  readonly distro: Distro | null
  /** When its configuration says it was made, RFC 3339. */
  readonly createdAt: string | null
  readonly packages: readonly InstalledPackage[]
  /** The ledger of reading it, before any advisory: what matching adds depends on the day, and is said anew each time. */
  readonly coverage: Coverage
}

/**
 * Counts what readers of images came to tell. Raise it when they tell more, or other things, of an image that was read
 * before: whatever an older one read is read again.
 */
export const readerVersion = 1

/** Stores an image's content in place of what was known of it. Within a transaction. @returns the row's id. */
export function storeImage(db: Db, content: ImageContent, at: string): number {
  const { digest, mediaType, platform, sizeBytes, layers, distro, createdAt, packages, coverage } = content
  const chainIds = chainIdsOf(layers)
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
    createdAt: timeOf(createdAt),
    inventoryCoverage: coverage,
    packageCount: packages.length,
    inventoriedAt: at,
    readerVersion,
    chainIds: chainIds.length > 0 ? chainIds : null,
    chainId: chainIds.at(-1) ?? null,
  }
  const { id } = db
    .insert(image)
    .values(row)
    .onConflictDoUpdate({ target: image.digest, set: row })
    .returning({ id: image.id })
    .get()
  if (distro !== null) storeFeedsOfRelease(db, distro, packages)
  const before = prepared(db, 'delete from image_package where image_id = ? returning package_id')
    .pluck()
    .all(id) as number[]
  const link = prepared(
    db,
    'insert into image_package (image_id, package_id, evidence_id) values (?, ?, ?) on conflict do nothing',
  )
  for (const one of packages) link.run(id, packageId(db, one, distro), evidenceId(db, one))
  for (const packageId of new Set(before)) dropUnused(db, packageId)
  return id
}

/**
 * Stores of a manifest that it is no image which can be read. The row is that of everybody who has the digest, and a
 * registry may deliver the same bytes under another media type: what was read of them before stays. Within a transaction.
 * @returns the row's id; null when its packages were read before.
 */
export function storeUnread(
  db: Db,
  content: Pick<ImageContent, 'digest' | 'mediaType' | 'platform' | 'coverage'>,
  at: string,
): number | null {
  const read = prepared(
    db,
    `select 1 from image where digest = ? and inventory_coverage ->> 'status' in ('complete', 'partial')`,
  ).get(content.digest)
  if (read !== undefined) return null
  const nothing = { sizeBytes: null, layers: [], distro: null, createdAt: null, packages: [] }
  return storeImage(db, { ...content, ...nothing }, at)
}

/** A package that another reading told of in other words is in use no more, unless another image has it. */
function dropUnused(db: Db, packageId: number): void {
  prepared(
    db,
    'delete from package where id = @packageId and not exists (select 1 from image_package where package_id = @packageId)',
  ).run({ packageId })
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
       nullif(pk.module, '') module, pk.vendor, e.path, nullif(e.layer, '') layer
     from image_package ip join package pk on pk.id = ip.package_id join evidence e on e.id = ip.evidence_id
     where ip.image_id = ? order by pk.id, e.id`,
  ).all(imageId) as InstalledPackage[]
  return { distro: row.distro, packages, coverage: coverageOf(row.coverage) }
}

/** The content known by this digest whose reading, by today's readers, left nothing out: it need not be read again. */
export const completeImage = (db: Db, digest: string): number | null => fullerImage(db, digest, Infinity)

/**
 * The content known by this digest that says more than a reading which left something out: it was read to the end by
 * today's readers, or they came further. One registry lacks a layer, one plan has a shorter time limit than others.
 * @param packages how many this reading found.
 */
export function fullerImage(db: Db, digest: string, packages: number): number | null {
  const row = prepared(
    db,
    `select id from image where digest = @digest and reader_version = @readerVersion
       and (inventory_coverage ->> 'status' = 'complete'
         or inventory_coverage ->> 'status' = 'partial' and package_count > @packages)`,
  ).get({ digest, readerVersion, packages }) as { id: number } | undefined
  return row?.id ?? null
}

/** Notes which advisory feeds there are for the release, so that a change of one leads to the image's packages. */
function storeFeedsOfRelease(db: Db, distro: Distro, packages: readonly InstalledPackage[]): void {
  const note = prepared(
    db,
    `insert into release_feed (release, feed, names) values (@release, @feed, @names)
     on conflict (release, feed) do update set names = excluded.names where names <> excluded.names`,
  )
  for (const id of new Set(packages.map(({ ecosystem }) => ecosystem))) {
    const ecosystem = ecosystemById(id)
    const feeds = ecosystem?.feeds(distro) ?? []
    const [release] = feeds
    const paid = feeds.map(feed => ecosystem?.paidFeed?.(feed) ?? null)
    for (const feed of new Set([...feeds, ...paid])) {
      if (feed !== null) note.run({ release, feed, names: ecosystem?.advisoryNames?.(feed) ?? 'source' })
    }
  }
}

/** Builds that leave the time out, so that the same source gives the same bytes, say 1970 or the like. */
const firstImagesAt = '2000-01-01T00:00:00.000Z'

function timeOf(createdAt: string | null): string | null {
  const at = createdAt === null ? null : (new Date(createdAt).toJSON() as string | null)
  return at !== null && at > firstImagesAt ? at : null
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
    one.module ?? '',
    one.vendor,
  ]
  return rowId(
    db,
    `select id from package where ecosystem = ? and feed = ? and name = ? and version = ? and source_name = ?
       and source_version = ? and arch = ? and module = ? and vendor = ?`,
    `insert into package (ecosystem, feed, name, version, source_name, source_version, arch, module, vendor)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
  (distro === null ? undefined : ecosystemById(ecosystemId)?.feeds(distro)[0]) ?? ''
