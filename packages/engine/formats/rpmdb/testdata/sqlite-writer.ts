import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface SqliteOptions {
  readonly pageBytes?: number
  /** Statements to be run on the finished table. */
  readonly change?: (database: DatabaseSync) => void
}

export interface SqliteFiles {
  readonly content: Buffer
  /** Null unless there is one. */
  readonly log: Buffer | null
}

/** A database with rpm's table of packages, written by SQLite itself. */
export function sqliteFile(blobs: readonly Uint8Array[], options: SqliteOptions = {}): Buffer {
  return withDatabase(options, database => {
    insert(database, blobs)
    options.change?.(database)
  }).content
}

/**
 * A database as it is found when nobody came to move what its write-ahead log has into it: `before` stands in the
 * database, `after` in the log only.
 */
export function sqliteFilesWithLog(
  before: readonly Uint8Array[],
  after: readonly Uint8Array[],
  options: SqliteOptions = {},
): SqliteFiles {
  return withDatabase(options, database => {
    insert(database, before)
    database.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; PRAGMA wal_checkpoint(truncate)')
    insert(database, after)
    options.change?.(database)
  })
}

export function insert(database: DatabaseSync, blobs: readonly Uint8Array[]): void {
  const statement = database.prepare('INSERT INTO Packages (blob) VALUES (?)')
  database.exec('BEGIN')
  for (const blob of blobs) statement.run(blob)
  database.exec('COMMIT')
}

function withDatabase(
  { pageBytes = 4096 }: SqliteOptions,
  work: (database: DatabaseSync) => void,
): SqliteFiles {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-rpmdb-'))
  const file = join(folder, 'rpmdb.sqlite')
  const database = new DatabaseSync(file)
  try {
    database.exec(`PRAGMA page_size = ${pageBytes}`)
    database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)')
    database.exec("CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)")
    work(database)
    // Read while it is open: closing it would move the log's pages into the database.
    return { content: readFileSync(file), log: readIfThere(`${file}-wal`) }
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}
