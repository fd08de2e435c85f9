import type Database from 'better-sqlite3'
import type { Db } from './open.ts'

const caches = new WeakMap<Database.Database, Map<string, Database.Statement>>()

/** A prepared statement, prepared once per connection and text: for what runs in a loop. */
export function prepared(db: Db, text: string): Database.Statement {
  const cache = caches.getOrInsertComputed(db.$client, () => new Map<string, Database.Statement>())
  let statement = cache.get(text)
  if (statement === undefined) cache.set(text, (statement = db.$client.prepare(text)))
  return statement
}

/**
 * Runs `change` in one write transaction, or within the one that is open. It takes the write lock at its start: one
 * that began by reading could not wait for another writer, SQLite would refuse it.
 */
export function inTransaction<T>(db: Db, change: () => T): T {
  return db.$client.transaction(change).immediate()
}
