import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { connectTo } from '../../apps/server/db/open.ts'

/** A thread that asks for the write lock of a database again and again, as a push does, and tells how long it waited. */
if (parentPort === null) throw new Error('this file is the start of a worker thread')
const port = parentPort
const db = connectTo((workerData as { dataDir: string }).dataDir)
const waits: number[] = []
let over = false
port.once('message', () => {
  over = true
})
while (!over) {
  const from = performance.now()
  db.$client.exec('begin immediate; rollback')
  waits.push(performance.now() - from)
  await pause(5)
}
db.$client.close()
waits.sort((a, b) => a - b)
port.postMessage({ longestMs: waits.at(-1) ?? 0, p95Ms: waits[Math.floor(waits.length * 0.95)] ?? 0 })
