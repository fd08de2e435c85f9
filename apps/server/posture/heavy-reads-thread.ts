import { parentPort } from 'node:worker_threads'
import { connectThread } from '../db/thread.ts'
import { Refusal } from '../refusal.ts'
import { answerHeavy } from './heavy-reads.ts'
import type { HeavyAnswer, HeavyRequest } from './read-thread.ts'

/** A thread of heavy-reads.ts. What was asked before is answered from memory until the database changes. */

if (parentPort === null) throw new Error('this file is the start of a worker thread')
const port = parentPort
const db = connectThread()
db.$client.pragma('query_only = ON')

const maxKept = 50
let keptFor: unknown
const kept = new Map<string, unknown>()

port.on('message', ({ id, request }: { id: number; request: HeavyRequest }) => {
  let answer: HeavyAnswer
  const begun = process.threadCpuUsage()
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage(begun)
    return (user + system) / 1000
  }
  try {
    const value = read(request)
    answer = { id, cpuMs: cpuMs(), ok: true, value }
  } catch (error) {
    const { message, stack = '' } = error as Error
    const refusal = error instanceof Refusal ? { code: error.code, hint: error.hint } : null
    answer = { id, cpuMs: cpuMs(), ok: false, message, stack, refusal }
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
  // Within a transaction the database stands still: the parts of an answer fit together.
  const value = db.$client.transaction(() => answerHeavy(db, request))()
  kept.set(key, value)
  return value
}
