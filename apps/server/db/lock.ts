import { join } from 'node:path'
import Database from 'better-sqlite3'
import { DataFolderError } from './data-folder.ts'

/**
 * Takes the data folder for this process, until `release` or its end, however it comes. Two servers on one folder would
 * take each other's scans for those of a dead one. An exclusive lock of SQLite on a file of its own: the system lets
 * go of it when the process is killed, which a file with a number in it would not.
 * @throws DataFolderError when another server has it.
 */
export function lockDataFolder(dataDir: string): { release(): void } {
  const lock = new Database(join(dataDir, 'plimsoll.lock'))
  try {
    lock.pragma('busy_timeout = 0')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw new DataFolderError(
      `Another Plimsoll is running with the data folder ${dataDir}. Stop it, or give another folder with --data.`,
      { cause: error },
    )
  }
  return {
    release() {
      lock.close()
    },
  }
}
