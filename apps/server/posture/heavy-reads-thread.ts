import { parentPort, workerData } from 'node:worker_threads'
import { connectTo } from '../db/open.ts'
import { answerHeavy, type HeavyAnswer, type HeavyRequest } from './heavy-reads.ts'

/** The thread of heavy-reads.ts. What was asked before is answered from memory until the database changes. */

if (parentPort === null) throw new Error('this file is the start of a worker thread')
const port = parentPort
const db = connectTo((workerData as { dataDir: string }).dataDir)
db.$client.pragma('query_only = ON')

const maxKept = 50
let keptFor: unknown
const kept = new Map<string, unknown>()

port.on('message', ({ id, request }: { id: number; request: HeavyRequest }) => {
  let answer: HeavyAnswer
  try {
    answer = { id, ok: true, value: read(request) }
  } catch (error) {
    const { message, stack = '' } = error as Error
    answer = { id, ok: false, message, stack }
  }
  port.postMessage(answer)
})

function read(request: HeavyRequest): unknown {
  // Changes with every commit of another connection (sqlite.org/pragma.html#pragma_data_version).
  const version = db.$client.pragma('data_version', { simple: true })
  if (version !== keptFor || kept.size >= maxKept) kept.clear()
  keptFor = version
  const key = JSON.stringify(request)
  const known = kept.get(key)
  if (known !== undefined) return known
  const value = answerHeavy(db, request)
  kept.set(key, value)
  return value
}
