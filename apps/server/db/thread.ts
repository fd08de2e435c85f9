import { Worker } from 'node:worker_threads'

const drizzleLoading = new URL('./drizzle-loading.ts', import.meta.url).href

/** Starts a thread that opens a connection of its own to the database: its `workerData` is `{ dataDir }`. */
export const startDatabaseThread = (file: URL, dataDir: string): Worker =>
  new Worker(file, { workerData: { dataDir }, execArgv: ['--import', drizzleLoading] })
