import type {
  Cloud,
  ConnectionCode,
  CredentialKind,
  EventIdentity,
  Plan,
  RegistryKind,
} from '@plimsoll/types'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Places: where images are. */

/** The tenant is the one without a parent: its id is `tenantId` of packages/types. */
export const managementGroup = sqliteTable('management_group', {
  id: text().primaryKey(),
  name: text().notNull(),
  parentId: text(),
  createdAt: text().notNull(),
})

export const subscription = sqliteTable('subscription', {
  id: text().primaryKey(),
  name: text().notNull(),
  createdAt: text().notNull(),
  /** A management group's id. SQLite cannot add a reference with a default, so scopes/ sees to it that it is there. */
  managementGroupId: text().notNull().default('tenant'),
  /** The plan "Defender for container registries". */
  plan: text().$type<Plan>().notNull().default('on'),
  planChangedAt: text(),
  planChangedBy: text(),
  cloud: text().$type<Cloud>().notNull().default('commercial'),
  /** Which triggers are set; what of them holds depends on plan and cloud (plans/plan.ts). */
  triggerPush: integer({ mode: 'boolean' }).notNull().default(true),
  triggerPull: integer({ mode: 'boolean' }).notNull().default(true),
  triggerImport: integer({ mode: 'boolean' }).notNull().default(true),
  triggerRunning: integer({ mode: 'boolean' }).notNull().default(true),
  rescanEveryDays: integer().notNull().default(7),
  scanLimitMinutes: integer().notNull().default(40),
})

export const registry = sqliteTable('registry', {
  /** Short and stable: it stands in URLs and in the registry's own configuration. */
  id: text().primaryKey(),
  subscriptionId: text()
    .notNull()
    .references(() => subscription.id),
  name: text().notNull(),
  kind: text().$type<RegistryKind>().notNull(),
  url: text(),
  resourceGroup: text(),
  credentialKind: text().$type<CredentialKind>(),
  /** Sealed by registries/vault.ts, whose key is not in this database. Null: asked for anonymously. */
  credentials: text(),
  /** PEM, trusted beside the public ones. */
  certificateAuthority: text(),
  /** `http://host:port` of a proxy that it is reached through; without credentials. */
  proxy: text(),
  /** Repositories to watch, where the registry gives no catalogue; null: all of its catalogue. */
  repositories: text({ mode: 'json' }).$type<readonly string[]>(),
  /** How events prove who sends them, where that is more than the webhook's secret. */
  eventIdentity: text({ mode: 'json' }).$type<EventIdentity>(),
  /** What the webhook's secret is made of beside id and installation's key; null: those alone, as before rotation. */
  webhookNonce: text(),
  connectionError: text(),
  /** What kind of trouble `connectionError` tells of; null when it works. */
  connectionCode: text().$type<ConnectionCode>(),
  /** When the connection last worked. */
  connectedAt: text(),
  /** When the newest pass over what it holds ended, and how that pass went. */
  reconciledAt: text(),
  /** When a scan of it was last started, in milliseconds since the epoch: registries take turns. */
  lastTurnAt: integer().notNull().default(0),
  /** When it was taken out; it is shown nowhere from then on, and what it holds is removed bit by bit. */
  removedAt: text(),
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
    /** What the registry gave to ask later whether the list of tags has changed (ETag); null where it gives none. */
    tagsEtag: text(),
    /** When its tags were last listed to the end. */
    listedAt: text(),
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
  t => [primaryKey({ columns: [t.repositoryId, t.name] }), index('tag_digest').on(t.digest, t.repositoryId)],
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

/**
 * Digests that lost their last tag to another, images also those of an index that led to them:
 * docs/decisions/0002-superseded-images.md.
 */
export const replaced = sqliteTable(
  'replaced',
  {
    repositoryId: integer()
      .notNull()
      .references(() => repository.id),
    digest: text().notNull(),
    by: text().notNull(),
  },
  t => [
    primaryKey({ columns: [t.repositoryId, t.digest] }),
    index('replaced_digest').on(t.digest),
    index('replaced_by').on(t.by, t.repositoryId),
  ],
)
