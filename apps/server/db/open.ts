import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { DataFolderError, databaseFile, reason } from './data-folder.ts'
import * as schema from './schema.ts'

/** The database as the server's parts are given it; `$client` is the connection below. */
export type Db = BetterSQLite3Database<typeof schema> & { $client: Database.Database }

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

/**
 * Opens the database of a data folder and brings its tables up to date.
 * @throws DataFolderError when a newer version of Plimsoll has written to it, or it is no database.
 */
export function openDatabase(dataDir: string): Db {
  const file = databaseFile(dataDir)
  try {
    const db = connect(file)
    refuseNewer(db, dataDir)
    migrate(db, { migrationsFolder })
    return db
  } catch (error) {
    if (error instanceof DataFolderError) throw error
    throw new DataFolderError(`The database ${file} cannot be opened: ${reason(error)}.`, { cause: error })
  }
}

/** A further connection to a database that is open already, for a worker thread. */
export const connectTo = (dataDir: string): Db => connect(databaseFile(dataDir))

let migrated: Buffer | null = null

/** A database in memory with all tables, for tests: migrated once in a process, and copied. */
export function openInMemory(): Db {
  if (migrated !== null) return connect(migrated)
  const db = connect(':memory:')
  migrate(db, { migrationsFolder })
  migrated = db.$client.serialize()
  return db
}

/** @param file its path, or what it holds: then it is in memory. */
function connect(file: string | Buffer): Db {
  const client = new Database(file)
  client.pragma('journal_mode = WAL')
  // With a write-ahead log NORMAL loses nothing that was committed when the process is killed, and at a power cut
  // only the newest commits, which the next listing of the registry makes up for; the database stays whole
  // (sqlite.org/pragma.html#pragma_synchronous).
  client.pragma('synchronous = NORMAL')
  client.pragma('foreign_keys = ON')
  client.pragma('busy_timeout = 5000')
  client.pragma('cache_size = -32768')
  return drizzle(client, { schema, casing: 'snake_case' })
}

/** Drizzle applies what is missing and does not look at what it does not know; a newer database must not be written. */
function refuseNewer(db: Db, dataDir: string): void {
  const known = newestMigration()
  const applied = db.$client
    .prepare(`select 1 from sqlite_master where type = 'table' and name = '__drizzle_migrations'`)
    .get()
  if (applied === undefined) return
  const newest = db.$client.prepare('select max(created_at) as at from __drizzle_migrations').get() as {
    at: number | null
  }
  if (newest.at === null || newest.at <= known) return
  db.$client.close()
  throw new DataFolderError(
    `The data folder ${dataDir} was written by a newer version of Plimsoll. Start that version, or give another folder with --data.`,
  )
}

function newestMigration(): number {
  const journal = JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number }[]
  }
  return Math.max(...journal.entries.map(entry => entry.when))
}
