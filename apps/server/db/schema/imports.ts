import type { ImageImportState, ScanErrorCode } from '@plimsoll/types'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { registry } from './places.ts'

/** Copies of images into connected registries; the table is their queue as well. */
export const imageImport = sqliteTable(
  'image_import',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** As it was asked for, in its canonical spelling. */
    source: text().notNull(),
    /** Sealed by registries/vault.ts; gone when the import is done, or a week after it ended otherwise. */
    sourceCredentials: text(),
    registryId: text()
      .notNull()
      .references(() => registry.id),
    repository: text().notNull(),
    tag: text(),
    /** `linux/amd64`, where one platform of an index was asked for. */
    platform: text(),
    state: text().$type<ImageImportState>().notNull(),
    bytesDone: integer().notNull().default(0),
    bytesTotal: integer().notNull().default(0),
    /** Of those, bytes that were there already or were mounted from another repository. */
    bytesSpared: integer().notNull().default(0),
    /** What the target names now; null until it is done. */
    digest: text(),
    errorCode: text().$type<ScanErrorCode>(),
    errorMessage: text(),
    errorHint: text(),
    attempts: integer().notNull().default(0),
    notBefore: integer().notNull().default(0),
    requestedBy: text().notNull(),
    queuedAt: text().notNull(),
    startedAt: text(),
    finishedAt: text(),
  },
  t => [index('image_import_state').on(t.state, t.id)],
)
