import type { Advisory, CveFacts } from '@plimsoll/engine'
import type {
  CloseReason,
  CoverageStatus,
  Distro,
  FindingClass,
  Layer,
  Match,
  Role,
  RuleCriteria,
  ScanErrorCode,
  ScanStage,
  ScanState,
  ScanTrigger,
} from '@plimsoll/types'
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { StoredCoverage } from './stored-coverage.ts'

/**
 * The tables in the order data flows through them. Content (image, package, match) is keyed by what it is and stored
 * once; posture (occurrence, finding, rule) is kept per place. Times are ISO 8601 in UTC with milliseconds, so that
 * they sort as text; leases and retries are in milliseconds since the epoch, because they are compared with a clock.
 */

// ---- Places: where images are.

export const subscription = sqliteTable('subscription', {
  id: text().primaryKey(),
  name: text().notNull(),
  createdAt: text().notNull(),
})

export const registry = sqliteTable('registry', {
  /** Short and stable: it stands in URLs and in the registry's own configuration. */
  id: text().primaryKey(),
  subscriptionId: text()
    .notNull()
    .references(() => subscription.id),
  name: text().notNull(),
  kind: text().$type<'distribution' | 'demonstration'>().notNull(),
  url: text(),
  connectionError: text(),
  /** When its repositories and tags were last listed to the end. */
  discoveredAt: text(),
  createdAt: text().notNull(),
})

export const repository = sqliteTable(
  'repository',
  {
    id: integer().primaryKey(),
    registryId: text()
      .notNull()
      .references(() => registry.id),
    name: text().notNull(),
  },
  t => [uniqueIndex('repository_name').on(t.registryId, t.name)],
)

/** What a tag points to: an image's digest or an index's. */
export const tag = sqliteTable(
  'tag',
  {
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    name: text().notNull(),
    digest: text().notNull(),
    /** The registry's time of the push that set it; null when it was found by listing. Orders events. */
    eventAt: text(),
    updatedAt: text().notNull(),
  },
  t => [primaryKey({ columns: [t.repositoryId, t.name] }), index('tag_digest').on(t.repositoryId, t.digest)],
)

/** Which images an index names. Content: the same in every repository. */
export const indexMember = sqliteTable(
  'index_member',
  { indexDigest: text().notNull(), digest: text().notNull() },
  t => [
    primaryKey({ columns: [t.indexDigest, t.digest] }),
    index('index_member_digest').on(t.digest, t.indexDigest),
  ],
)

/** Digests, of images and indexes, that lost their last tag to another: docs/decisions/0002-superseded-images.md. */
export const replaced = sqliteTable(
  'replaced',
  {
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    digest: text().notNull(),
    by: text().notNull(),
  },
  t => [primaryKey({ columns: [t.repositoryId, t.digest] })],
)

// ---- Content: what images are.

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
    lastPulledAt: text(),
    /** The registry's time of the newest push or delete taken in: older ones, delivered late, change nothing. */
    eventAt: text(),
    /** When what took its last tag was assessed; it counts nowhere from then on. See `replaced`. */
    supersededAt: text(),
    deletedAt: text(),
    coverageStatus: text().$type<CoverageStatus>().notNull().default('not-scanned'),
    coverage: text({ mode: 'json' }).$type<StoredCoverage>(),
    /** End of the last scan that gave a result. */
    scannedAt: text(),
    /** When it was last matched, by a scan or from its stored inventory; null: not since that is noted. */
    matchedAt: text(),
    /** The newest scan gave none; whatever stands here is from an older one. */
    scanFailed: integer({ mode: 'boolean' }).notNull().default(false),
  },
  t => [
    uniqueIndex('occurrence_digest').on(t.repositoryId, t.digest),
    index('occurrence_image').on(t.imageId),
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
    trigger: text().$type<ScanTrigger>().notNull(),
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

// ---- Advisories. `source` keeps the demonstration's snapshot and the imported feeds apart.

export const advisorySource = sqliteTable('advisory_source', {
  source: text().$type<AdvisorySource>().primaryKey(),
  location: text().notNull(),
  /** Of the last import that went to its end; empty before the first. */
  importedAt: text().notNull(),
  /** Why the last import did not go to its end, for people; null when it did. */
  error: text(),
  failedAt: text(),
  /** Counts the changes of its records: a result matched under an older one is matched again before it is kept. */
  generation: integer().notNull().default(0),
  /** The generation at which `alias` was worked out from its records; -1 when it never was. */
  aliasGeneration: integer().notNull().default(-1),
})
export type AdvisorySource = 'demonstration' | 'osv'

export const advisory = sqliteTable(
  'advisory',
  {
    id: integer().primaryKey(),
    source: text().$type<AdvisorySource>().notNull(),
    advisoryId: text().notNull(),
    /** The ecosystem folder it came from, so that what a later import lacks can be told from what it never covered. */
    folder: text().notNull(),
    /** SHA-256 of the record as stored. */
    hash: text().notNull(),
    modifiedAt: text(),
    withdrawnAt: text(),
    record: text({ mode: 'json' }).$type<Advisory>().notNull(),
  },
  t => [
    uniqueIndex('advisory_identity').on(t.source, t.advisoryId),
    index('advisory_folder').on(t.source, t.folder),
  ],
)

/** Which record names which package of which feed; `position` is the place in the record's `affected`. */
export const advisoryAffected = sqliteTable(
  'advisory_affected',
  {
    source: text().$type<AdvisorySource>().notNull(),
    feed: text().notNull(),
    name: text().notNull(),
    advisoryId: integer()
      .notNull()
      .references(() => advisory.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
  },
  t => [
    primaryKey({ columns: [t.source, t.feed, t.name, t.advisoryId, t.position] }),
    index('advisory_affected_advisory').on(t.advisoryId),
  ],
)

/**
 * Ids that stand for a vulnerability, beside the one it goes by: `name` is one more name of it, `about` is a bundle
 * (DSA, USN, RHSA) that is about several, `withdrawn` a record that was taken back and named that id: it says nothing
 * any more, and is found when someone asks. An id that is not here stands for itself.
 */
export const alias = sqliteTable(
  'alias',
  {
    source: text().$type<AdvisorySource>().notNull(),
    id: text().notNull(),
    canonical: text().notNull(),
    kind: text().$type<'name' | 'about' | 'withdrawn'>().notNull(),
  },
  t => [
    // The source chooses next to nothing, and last it misleads no plan.
    primaryKey({ columns: [t.id, t.canonical, t.source] }),
    index('alias_canonical').on(t.canonical, t.kind, t.source, t.id),
  ],
)

export const cveFact = sqliteTable(
  'cve_fact',
  {
    source: text().$type<AdvisorySource>().notNull(),
    cveId: text().notNull(),
    hash: text().notNull(),
    record: text({ mode: 'json' }).$type<CveFacts>().notNull(),
  },
  t => [primaryKey({ columns: [t.source, t.cveId] })],
)

export const feed = sqliteTable(
  'feed',
  {
    source: text().$type<AdvisorySource>().notNull(),
    feed: text().notNull(),
    advisories: integer().notNull(),
    /** Newest `modified` among its records. */
    asOf: text(),
    importedAt: text().notNull(),
  },
  t => [primaryKey({ columns: [t.source, t.feed] })],
)

// ---- What is known of attacks: facts about CVEs, whatever image has them, so these lists know no source of advisories.

export const kev = sqliteTable('kev', {
  cve: text().primaryKey(),
  addedOn: text().notNull(),
  dueOn: text(),
  ransomware: integer({ mode: 'boolean' }).notNull(),
  requiredAction: text(),
})

export const epss = sqliteTable('epss', {
  cve: text().primaryKey(),
  probability: real().notNull(),
  percentile: real().notNull(),
})

/** The lists that were imported. An imported one takes the place of the demonstration's, never the other way. */
export const threatList = sqliteTable('threat_list', {
  name: text().$type<'kev' | 'epss'>().primaryKey(),
  source: text().$type<AdvisorySource>().notNull(),
  /** The list's own day, `2024-03-29`; null when it does not say. */
  asOf: text(),
  entries: integer().notNull(),
  importedAt: text().notNull(),
})

/** Packages that an import changed something about and whose images are not matched again yet. `*` is every name. */
export const advisoryChange = sqliteTable(
  'advisory_change',
  { source: text().$type<AdvisorySource>().notNull(), feed: text().notNull(), name: text().notNull() },
  t => [primaryKey({ columns: [t.source, t.feed, t.name] })],
)

/** Occurrences to match again from their stored inventory. */
export const rematch = sqliteTable('rematch', {
  occurrenceId: integer()
    .primaryKey()
    .references(() => occurrence.id, { onDelete: 'cascade' }),
})

// ---- Findings and what is decided about them.

/**
 * A match as the engine works it out, stored once however many occurrences have it. Rules judge these, not findings:
 * all that a criterion asks for is here.
 */
export const matchFact = sqliteTable(
  'match_fact',
  {
    id: integer().primaryKey(),
    /** SHA-256 of the record. */
    hash: text().notNull().unique(),
    vulnerabilityId: text().notNull(),
    /** The id with its numbers padded, so that CVE-2024-999 sorts before CVE-2024-10000. */
    vulnerabilityOrder: text().notNull(),
    ecosystem: text().notNull(),
    feed: text().notNull(),
    sourceName: text().notNull(),
    sourceVersion: text().notNull(),
    state: text().$type<'open' | 'undetermined'>().notNull(),
    severityRank: integer().notNull(),
    cvssV3: real('cvss_v3'),
    patchable: integer({ mode: 'boolean' }).notNull(),
    category: text().notNull(),
    securityCheck: text().notNull(),
    publishedAt: text(),
    /** Lower-case; what free text and package names are looked for in. Its form is findings/search-text.ts's. */
    searchText: text().notNull(),
    categoryFolded: text().notNull(),
    securityCheckFolded: text().notNull(),
    record: text({ mode: 'json' }).$type<Match>().notNull(),
  },
  t => [
    index('match_fact_check').on(t.vulnerabilityId, t.securityCheck),
    // One for each order that lists of findings have.
    index('match_fact_vulnerability_order').on(t.vulnerabilityOrder),
    index('match_fact_source').on(t.sourceName),
    index('match_fact_cvss').on(t.cvssV3),
    index('match_fact_cvss_up').on(sql`cvss_v3 is null`, t.cvssV3),
    index('match_fact_published').on(t.publishedAt),
  ],
)

/** The CVEs of a match, upper-case. */
export const matchCve = sqliteTable(
  'match_cve',
  {
    cve: text().notNull(),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
  },
  t => [primaryKey({ columns: [t.cve, t.matchId] }), index('match_cve_match').on(t.matchId)],
)

/** The layers (diffIDs) that brought the packages of a match. */
export const matchLayer = sqliteTable(
  'match_layer',
  {
    layer: text().notNull(),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
  },
  t => [primaryKey({ columns: [t.layer, t.matchId] }), index('match_layer_match').on(t.matchId)],
)

/**
 * What `kev` and `epss` say of a match's vulnerability, for choosing and ordering. A row for each match; an import of
 * the lists brings them up to date. Apart from the matches, whose rows are wide and do not change with the days.
 */
export const matchThreat = sqliteTable(
  'match_threat',
  {
    matchId: integer()
      .primaryKey()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
    kev: integer({ mode: 'boolean' }).notNull(),
    epss: real(),
  },
  t => [index('match_threat_epss').on(t.epss), index('match_threat_kev').on(t.kev)],
)

/** Columns after `matchId` that stand in the match too are copies for the indexes that lists and counts are read from. */
export const finding = sqliteTable(
  'finding',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    occurrenceId: integer()
      .notNull()
      .references(() => occurrence.id),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id),
    state: text().$type<'open' | 'undetermined' | 'closed'>().notNull(),
    class: text().$type<FindingClass>().notNull(),
    severityRank: integer().notNull(),
    patchable: integer({ mode: 'boolean' }).notNull(),
    firstSeenAt: text().notNull(),
    closedAt: text(),
    closeReason: text().$type<CloseReason>(),
  },
  t => [
    uniqueIndex('finding_identity').on(t.occurrenceId, t.matchId),
    index('finding_counts').on(t.occurrenceId, t.state, t.class, t.severityRank, t.patchable, t.matchId),
    index('finding_match').on(t.matchId, t.state, t.occurrenceId, t.class, t.severityRank, t.patchable),
    index('finding_order').on(t.state, t.class, t.severityRank, t.id),
  ],
)

export const disableRule = sqliteTable(
  'disable_rule',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    subscriptionId: text()
      .notNull()
      .references(() => subscription.id),
    name: text().notNull(),
    criteria: text({ mode: 'json' }).$type<RuleCriteria>().notNull(),
    justification: text().notNull(),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
  },
  t => [index('disable_rule_subscription').on(t.subscriptionId)],
)

/** Which matches a rule's criteria hold for: worked out when either of the two is new, so that lists only look it up. */
export const disableRuleMatch = sqliteTable(
  'disable_rule_match',
  {
    ruleId: integer()
      .notNull()
      .references(() => disableRule.id, { onDelete: 'cascade' }),
    matchId: integer()
      .notNull()
      .references(() => matchFact.id, { onDelete: 'cascade' }),
  },
  t => [
    primaryKey({ columns: [t.ruleId, t.matchId] }),
    index('disable_rule_match_match').on(t.matchId, t.ruleId),
  ],
)

/** Counts of an occurrence's findings, written in the transaction that changes a finding or a rule. */
export const posture = sqliteTable('posture', {
  occurrenceId: integer()
    .primaryKey()
    .references(() => occurrence.id, { onDelete: 'cascade' }),
  openCritical: integer().notNull(),
  openHigh: integer().notNull(),
  openMedium: integer().notNull(),
  openLow: integer().notNull(),
  openUnknown: integer().notNull(),
  patchableCritical: integer().notNull(),
  patchableHigh: integer().notNull(),
  patchableMedium: integer().notNull(),
  patchableLow: integer().notNull(),
  patchableUnknown: integer().notNull(),
  disabled: integer().notNull(),
  undetermined: integer().notNull(),
  unimportant: integer().notNull(),
  kernelHeaders: integer().notNull(),
})

// ---- People. The first four tables have the shape better-auth's adapter asks for.

const authDate = () => integer({ mode: 'timestamp_ms' })

export const user = sqliteTable('user', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: integer({ mode: 'boolean' }).notNull().default(false),
  image: text(),
  role: text().$type<Role>().notNull(),
  createdAt: authDate().notNull(),
  updatedAt: authDate().notNull(),
})

export const session = sqliteTable(
  'session',
  {
    id: text().primaryKey(),
    token: text().notNull().unique(),
    userId: text()
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    expiresAt: authDate().notNull(),
    ipAddress: text(),
    userAgent: text(),
    createdAt: authDate().notNull(),
    updatedAt: authDate().notNull(),
  },
  t => [index('session_user').on(t.userId)],
)

export const account = sqliteTable(
  'account',
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: text()
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: authDate(),
    refreshTokenExpiresAt: authDate(),
    scope: text(),
    /** A salted hash (scrypt), for local users. */
    password: text(),
    createdAt: authDate().notNull(),
    updatedAt: authDate().notNull(),
  },
  t => [index('account_user').on(t.userId)],
)

export const verification = sqliteTable('verification', {
  id: text().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: authDate().notNull(),
  createdAt: authDate().notNull(),
  updatedAt: authDate().notNull(),
})

/** One-time links. The token itself is known to its holder alone. */
export const invitation = sqliteTable('invitation', {
  tokenHash: text().primaryKey(),
  role: text().$type<Role>().notNull(),
  createdBy: text().notNull(),
  createdAt: text().notNull(),
  expiresAt: text().notNull(),
  usedAt: text(),
})

// ---- The rest.

/** Events that were taken in already: a registry delivers some of them more than once. */
export const webhookEvent = sqliteTable(
  'webhook_event',
  {
    registryId: text()
      .notNull()
      .references(() => registry.id),
    eventId: text().notNull(),
    receivedAt: text().notNull(),
  },
  t => [primaryKey({ columns: [t.registryId, t.eventId] }), index('webhook_event_age').on(t.receivedAt)],
)

export const setting = sqliteTable('setting', { key: text().primaryKey(), value: text().notNull() })
