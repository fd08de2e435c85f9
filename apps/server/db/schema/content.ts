import type {
  CoverageStatus,
  Distro,
  Layer,
  ScanErrorCode,
  ScanStage,
  ScanState,
  ScanTrigger,
} from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { StoredCoverage } from '../stored-coverage.ts'
import { repository } from './places.ts'

/** Content: what images are. */

export const image = sqliteTable(
  'image',
  {
    id: integer().primaryKey(),
    digest: text().notNull().unique(),
    mediaType: text(),
    os: text(),
    architecture: text(),
    variant: text(),
    osVersion: text(),
    sizeBytes: integer(),
    layers: text({ mode: 'json' }).$type<readonly Layer[]>().notNull(),
    distro: text({ mode: 'json' }).$type<Distro>(),
    /** When its configuration says it was made. */
    createdAt: text(),
    /** The ledger of reading it, before any advisory; null while only its manifest is known. */
    inventoryCoverage: text({ mode: 'json' }).$type<StoredCoverage>(),
    packageCount: integer().notNull().default(0),
    inventoriedAt: text(),
    /** The engine's `readerVersion` when it was read; 0 before there was one. */
    readerVersion: integer().notNull().default(0),
    /** Chain ids of its layers, bottom first, and the last of them: see posture/chain.ts. Null without layers. */
    chainIds: text({ mode: 'json' }).$type<readonly string[]>(),
    chainId: text(),
  },
  t => [index('image_chain').on(t.chainId)],
)

/** A digest in a repository, and how it stands: rights, rules and score are about this. */
export const occurrence = sqliteTable(
  'occurrence',
  {
    id: integer().primaryKey(),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    digest: text().notNull(),
    imageId: integer().references(() => image.id),
    pushedAt: text().notNull(),
    /** The newest pull by anybody but us. */
    lastPulledAt: text(),
    /** When we last read its manifest from the registry, which its own record of pulls cannot tell from other pulls. */
    readAt: text(),
    /** The registry's time of the newest push or delete taken in: older ones, delivered late, change nothing. */
    eventAt: text(),
    /** When what took its last tag was assessed; it counts nowhere from then on. See `replaced`. */
    supersededAt: text(),
    deletedAt: text(),
    /**
     * Who deleted it by way of the portal, API or CLI; the digest of the index that it went with, when it was not deleted
     * itself; null when that was done in the registry.
     */
    deletedBy: text(),
    coverageStatus: text().$type<CoverageStatus>().notNull().default('not-scanned'),
    coverage: text({ mode: 'json' }).$type<StoredCoverage>(),
    /** End of the last scan that gave a result. */
    scannedAt: text(),
    /** When it was last matched, by a scan or from its stored inventory; null: not since that is noted. */
    matchedAt: text(),
    /** The newest scan gave none; whatever stands here is from an older one. */
    scanFailed: integer({ mode: 'boolean' }).notNull().default(false),
    /** The disable rules that hold for it (rule_set); null: none. */
    ruleSetId: integer(),
  },
  t => [
    uniqueIndex('occurrence_digest').on(t.repositoryId, t.digest),
    index('occurrence_image').on(t.imageId),
    index('occurrence_pulled').on(t.lastPulledAt),
    index('occurrence_rule_set').on(t.ruleSetId, t.id),
  ],
)

/** The scans, which are also the queue: see docs/decisions/0001-the-scan-table-is-the-queue.md. */
export const scan = sqliteTable(
  'scan',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    digest: text().notNull(),
    /** Its repository's registry: a copy, so that taking turns needs no look elsewhere. */
    registryId: text().notNull().default(''),
    /** 0: what somebody waits for, 1: background work, 2: what is read again after an update. */
    lane: integer().notNull().default(1),
    trigger: text().$type<ScanTrigger>().notNull(),
    /** Who asked for it; null when nobody in particular did. */
    requestedBy: text(),
    state: text().$type<ScanState>().notNull(),
    stage: text().$type<ScanStage>().notNull().default('queued'),
    layersDone: integer().notNull().default(0),
    layersTotal: integer().notNull().default(0),
    bytesDone: integer().notNull().default(0),
    bytesTotal: integer().notNull().default(0),
    packages: integer(),
    errorCode: text().$type<ScanErrorCode>(),
    errorMessage: text(),
    errorHint: text(),
    attempts: integer().notNull().default(0),
    /** Milliseconds since the epoch: not to be leased before, and the lease's end. */
    notBefore: integer().notNull().default(0),
    leaseUntil: integer(),
    leaseOwner: text(),
    queuedAt: text().notNull(),
    startedAt: text(),
    finishedAt: text(),
  },
  t => [
    // A digest never changes its content, so one scan that has not ended is enough for it.
    uniqueIndex('scan_active').on(t.repositoryId, t.digest).where(sql`state in ('queued', 'running')`),
    index('scan_state').on(t.state, t.notBefore, t.id),
    index('scan_turn').on(t.state, t.lane, t.registryId, t.id),
    index('scan_image').on(t.repositoryId, t.digest, t.id),
  ],
)

/** A package version in use: one row however many images have it. */
export const packageVersion = sqliteTable(
  'package',
  {
    id: integer().primaryKey(),
    ecosystem: text().notNull(),
    /** The first advisory feed of the release it was found in; empty where there is none by that name. */
    feed: text().notNull(),
    name: text().notNull(),
    version: text().notNull(),
    sourceName: text().notNull(),
    sourceVersion: text().notNull(),
    arch: text().notNull(),
    /** Empty outside modules. */
    module: text().notNull().default(''),
    vendor: text().notNull().default(''),
  },
  t => [
    uniqueIndex('package_identity').on(
      t.ecosystem,
      t.feed,
      t.name,
      t.version,
      t.sourceName,
      t.sourceVersion,
      t.arch,
      t.module,
      t.vendor,
    ),
    index('package_source').on(t.feed, t.sourceName),
    index('package_name').on(t.feed, t.name),
  ],
)

/**
 * All advisory feeds that the packages of a release are judged by, so that a change of an advisory leads to them. A
 * release goes by its first feed, as in `package`.
 */
export const releaseFeed = sqliteTable(
  'release_feed',
  {
    release: text().notNull(),
    feed: text().notNull(),
    names: text().$type<'source' | 'binary' | 'both'>().notNull(),
  },
  t => [primaryKey({ columns: [t.release, t.feed] }), index('release_feed_feed').on(t.feed)],
)

/** Where packages were found: a database file's path, and the diffID of its layer (empty for a root file system). */
export const evidence = sqliteTable(
  'evidence',
  { id: integer().primaryKey(), path: text().notNull(), layer: text().notNull() },
  t => [uniqueIndex('evidence_place').on(t.layer, t.path)],
)

export const imagePackage = sqliteTable(
  'image_package',
  {
    imageId: integer()
      .notNull()
      .references(() => image.id, { onDelete: 'cascade' }),
    packageId: integer()
      .notNull()
      .references(() => packageVersion.id),
    evidenceId: integer()
      .notNull()
      .references(() => evidence.id),
  },
  t => [
    primaryKey({ columns: [t.imageId, t.packageId, t.evidenceId] }),
    index('image_package_package').on(t.packageId, t.imageId),
  ],
)

/** Clusters whose pods are listed, by the name of their context. */
export const cluster = sqliteTable('cluster', {
  name: text().primaryKey(),
  listedAt: text(),
  error: text(),
  pods: integer().notNull().default(0),
  images: integer().notNull().default(0),
})

/** Occurrences that a cluster ran when its pods were last listed. */
export const runningImage = sqliteTable(
  'running_image',
  {
    occurrenceId: integer()
      .notNull()
      .references(() => occurrence.id, { onDelete: 'cascade' }),
    cluster: text()
      .notNull()
      .references(() => cluster.name, { onDelete: 'cascade' }),
    /** `namespace/kind/name` of what runs it; at most 20. */
    workloads: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
    seenAt: text().notNull(),
  },
  t => [primaryKey({ columns: [t.occurrenceId, t.cluster] })],
)
