import { parentPort } from 'node:worker_threads'
import { UnreadableFeed } from '@plimsoll/engine'
import type { AdvisorySource } from '../db/schema.ts'
import { connectThread } from '../db/thread.ts'
import { snapshotCveFacts, snapshotKev, snapshotRecords } from '../demo/snapshot.ts'
import { askAtEndOfLife } from './end-of-life.ts'
import { neededFolders } from './folders.ts'
import { importPlace, importSnapshot, snapshotLocation } from './import.ts'
import { askForRematches, rematchNext } from './rematch.ts'
import { noteImportFailed } from './store.ts'
import type { WorkerAnswer, WorkerRequest } from './work.ts'

/**
 * The thread that imports advisories and matches stored inventories again: both take the processor for long, and the
 * server's own thread answers people. It has its own connection; its write transactions are short.
 */

if (parentPort === null) throw new Error('this file is the start of a worker thread')
const port = parentPort
const db = connectThread()
const stopping = new AbortController()
const answer = (message: WorkerAnswer): void => port.postMessage(message)

let work: Promise<void> = Promise.resolve()
port.on('message', (request: WorkerRequest) => {
  if (request.do === 'stop') {
    stopping.abort()
    void work.finally(() => {
      db.$client.close()
      port.close()
    })
    return
  }
  work = work.then(() => (stopping.signal.aborted ? undefined : carryOut(request)))
})

function noteFailure(
  { source, location }: { source: AdvisorySource; location: string },
  error: string,
): void {
  try {
    noteImportFailed(db, source, { location, error, at: new Date().toISOString() })
  } catch {
    // The database may be what the import failed at; the log has that.
  }
}

/** What was looked for last, found or not. */
let lastImport: { readonly location: string; readonly folders: ReadonlySet<string> } | null = null

/** An image may be the first of its distribution: then its advisories are still to come. */
async function importWhatIsNeeded(): Promise<void> {
  if (lastImport === null || stopping.signal.aborted) return
  const { location, folders } = lastImport
  if (neededFolders(db).some(folder => !folders.has(folder))) await carryOut({ do: 'import', location })
}

async function carryOut(request: Exclude<WorkerRequest, { do: 'stop' }>): Promise<void> {
  try {
    if (request.do === 'import') {
      const { location } = request
      const folders = neededFolders(db)
      lastImport = { location, folders: new Set(folders) }
      const imported = await importPlace(db, location, new Date(), stopping.signal, folders)
      answer({ did: 'import', ...imported })
    }
    if (request.do === 'snapshot') {
      const kev = await snapshotKev(stopping.signal)
      await importSnapshot(db, { records: snapshotRecords(), cveFacts: snapshotCveFacts(), kev }, new Date())
      answer({ did: 'snapshot' })
    }
    if (request.do === 'day') askAtEndOfLife(db, request.today)
    // After a failed import too: what came in before it broke off counts.
  } catch (error) {
    if (stopping.signal.aborted) return
    const message = error instanceof Error ? error.message : String(error)
    const known = error instanceof UnreadableFeed
    if (request.do === 'import' || request.do === 'snapshot') {
      const imported =
        request.do === 'import'
          ? { source: 'osv' as const, location: request.location }
          : { source: 'demonstration' as const, location: snapshotLocation }
      noteFailure(
        imported,
        known ? message : 'Something went wrong in Plimsoll. The log has the whole story.',
      )
    }
    answer({ did: 'fail', request: request.do, message, known, stack: (error as Error).stack ?? '' })
  }
  await rematchAll()
  await importWhatIsNeeded()
}

const tellEveryMs = 500

async function rematchAll(): Promise<void> {
  try {
    askForRematches(db)
    let rematched = 0
    let toldAt = Date.now()
    while (!stopping.signal.aborted && rematchNext(db, new Date().toISOString())) {
      rematched += 1
      if (Date.now() - toldAt > tellEveryMs) {
        answer({ did: 'rematch', images: rematched, more: true })
        toldAt = Date.now()
      }
      await new Promise(resolve => setImmediate(resolve))
    }
    answer({ did: 'rematch', images: rematched, more: false })
  } catch (error) {
    const { message, stack = '' } = error as Error
    answer({ did: 'fail', request: 'rematch', message, known: false, stack })
  }
}
