import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { databaseFile } from '../db/data-folder.ts'
import Database from 'better-sqlite3'
import { pushedBy } from './webhook-load-events.ts'

/** What came of a load. */
export interface LoadResult {
  /** Numbers of the events that were answered with 200. */
  readonly accepted: readonly number[]
  /** How many requests were answered how; `broken`: by a connection that ended. */
  readonly statuses: Readonly<Record<string, number>>
  /** Until the last was sent. */
  readonly seconds: number
  readonly p50Ms: number
  readonly p95Ms: number
}

/** Runs webhook-load.ts in a process of its own. @param onSent called when the last request was sent, not answered. */
export async function runLoad(
  to: { readonly url: string; readonly authorization: string },
  { rate, seconds, first = 0 }: { readonly rate: number; readonly seconds: number; readonly first?: number },
  onSent: () => void = () => undefined,
): Promise<LoadResult> {
  const program = fileURLToPath(new URL('webhook-load.ts', import.meta.url))
  const args = [to.url, to.authorization, rate, seconds, first].map(String)
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let result: LoadResult | null = null
  createInterface(child.stdout).on('line', line => {
    if (line === 'sent') onSent()
    else result = JSON.parse(line) as LoadResult
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (result === null) throw new Error(`the load ended with ${code}`)
  return result
}

/** Something that listens and never answers: scans of what it holds wait, and take no time from what is measured. */
export async function startSilentRegistry(): Promise<{ url: string; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** How many events wait in the inbox of a data folder. */
export const inboxLength = (dataDir: string): number =>
  reading(dataDir, db => db.prepare('select count(*) from event_inbox').pluck().get() as number)

/** Those of the accepted events that left no trace, or another than they should: their tag, and a scan of their image. */
export const lost = (dataDir: string, accepted: readonly number[]): number[] =>
  reading(dataDir, db => {
    const effects = db.prepare(
      `select rp.name || ':' || t.name || '@' || t.digest
       from repository rp
       join tag t on t.repository_id = rp.id
       join occurrence o on o.repository_id = rp.id and o.digest = t.digest
       join (select repository_id, digest from scan group by repository_id, digest having count(*) = 1) s
         on s.repository_id = rp.id and s.digest = t.digest`,
    )
    const seen = new Set(effects.pluck().all())
    return accepted.filter(number => {
      const { repository, tag, digest } = pushedBy(number)
      return !seen.has(`${repository}:${tag}@${digest}`)
    })
  })

function reading<T>(dataDir: string, read: (db: Database.Database) => T): T {
  const db = new Database(databaseFile(dataDir), { readonly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}
