import { Worker, workerData } from 'node:worker_threads'
import { connectTo, type Db } from './open.ts'

const drizzleLoading = new URL('./drizzle-loading.ts', import.meta.url).href

/** What a thread is given. */
interface ThreadData {
  readonly dataDir: string
  /** 1 once it is connected, or could not be. */
  readonly connected: Int32Array
}

/** A thread with a connection of its own to the database. */
export interface DatabaseThread {
  readonly worker: Worker
  /** Ends it, whatever it is at. */
  end(): Promise<void>
}

/** @param file what runs in the thread, and calls `connectThread` first. */
export function startDatabaseThread(file: URL, dataDir: string): DatabaseThread {
  const connected = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const worker = new Worker(file, {
    workerData: { dataDir, connected } satisfies ThreadData,
    execArgv: ['--import', drizzleLoading],
  })
  const exited = new Promise(resolve => worker.once('exit', resolve))
  return {
    worker,
    async end() {
      // A thread that is ended while it loads SQLite's add-on takes the whole process with it.
      await Promise.race([exited, Atomics.waitAsync(connected, 0, 0).value])
      await worker.terminate()
    },
  }
}

/** In the thread: its connection. */
export function connectThread(): Db {
  const { dataDir, connected } = workerData as ThreadData
  try {
    return connectTo(dataDir)
  } finally {
    Atomics.store(connected, 0, 1)
    Atomics.notify(connected, 0)
  }
}
