import { sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Settings of the whole installation, by name, as JSON. */
export const setting = sqliteTable('setting', { key: text().primaryKey(), value: text().notNull() })
