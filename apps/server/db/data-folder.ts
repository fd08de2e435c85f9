import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '../start-error.ts'

/** The data folder or the database in it cannot be used. */
export class DataFolderError extends StartError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'DataFolderError'
  }
}

/**
 * Makes the data folder if there is none. It is for its owner alone, and so is the database: they hold password hashes
 * and what is vulnerable where.
 * @throws DataFolderError when it cannot be written.
 */
export function prepareDataFolder(dataDir: string): void {
  const file = databaseFile(dataDir)
  try {
    makeFolder(dataDir)
    chmodSync(dataDir, 0o700)
    closeSync(openSync(file, 'a', 0o600))
    chmodSync(file, 0o600)
  } catch (error) {
    throw new DataFolderError(`The data folder ${dataDir} cannot be written: ${reason(error)}.`, {
      cause: error,
    })
  }
}

/** Not `recursive`: where a folder that is there refuses new ones with ENOENT (/proc), Node.js would try for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  mkdirSync(folder, { mode: 0o700 })
}

export const databaseFile = (dataDir: string): string => join(dataDir, 'plimsoll.db')

export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
