import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { importPlace } from '../../apps/server/advisories/import.ts'
import { openDatabase } from '../../apps/server/db/open.ts'

/**
 * Imports the advisories of the place given into a new database, and a second time when nothing changed. Prints how
 * long each took, and how long another connection had to wait for its turn to write meanwhile.
 */
const place = process.argv[2]!
const dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
try {
  const db = openDatabase(dataDir)
  const timed = async () => {
    const startedAt = performance.now()
    const { read } = await importPlace(db, place, new Date(), new AbortController().signal)
    return { ms: performance.now() - startedAt, read }
  }
  const writer = new Worker(new URL('write-waits.ts', import.meta.url), { workerData: { dataDir } })
  await once(writer, 'online')
  const first = await timed()
  const again = await timed()
  writer.postMessage('over')
  const [waits] = (await once(writer, 'message')) as [{ longestMs: number; p95Ms: number }]
  const bytes = Number(db.$client.pragma('page_count', { simple: true })) * 4096
  db.$client.close()
  console.log(JSON.stringify({ ms: first.ms, againMs: again.ms, ...waits, records: first.read, bytes }))
} finally {
  rmSync(dataDir, { recursive: true })
}
