import { type FileHandle, open } from 'node:fs/promises'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { RegistryEvent } from './event.ts'

interface Delivery {
  readonly registryId: string
  readonly events: readonly RegistryEvent[]
  readonly at: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** How long a delivery waits for others that share its transaction. */
const groupMs = 3
/** One transaction stores as many events, so that it stays short. */
const maxGroup = 1000

/** Stores deliveries. Those that come within a few milliseconds of each other share a transaction and a write to disk. */
export interface Acceptance {
  accept(registryId: string, events: readonly RegistryEvent[], at: string): Promise<void>
  /** Events that wait for their transaction. */
  waiting(): number
  /** Deliveries that are not answered yet. */
  unanswered(): number
  /** Stores what waits. */
  stop(): Promise<void>
}

/** @param onStored with the number of events that are new in the inbox. */
export function createAcceptance(db: Db, onStored: (count: number) => void): Acceptance {
  const disk = writeAheadLog(db)
  let deliveries: Delivery[] = []
  let waiting = 0
  let unanswered = 0
  let storing: Promise<void> | null = null

  const storeAll = async (): Promise<void> => {
    await pause(groupMs)
    while (deliveries.length > 0) {
      const group = takeGroup()
      try {
        const count = inTransaction(db, () => group.reduce((sum, delivery) => sum + store(db, delivery), 0))
        onStored(count)
        // A sign of life may be lost; a registry tells of much that is no event to us, layers and our own reading.
        if (group.some(({ events }) => events.length > 0)) await disk.sync()
        for (const { resolve } of group) resolve()
        unanswered -= group.length
      } catch (error) {
        for (const { reject } of group) reject(error)
        unanswered -= group.length
      }
    }
    storing = null
  }
  const takeGroup = (): Delivery[] => {
    let size = 0
    const end = deliveries.findIndex(({ events }) => (size += events.length) > maxGroup)
    const group = end === -1 ? deliveries : deliveries.slice(0, Math.max(end, 1))
    deliveries = deliveries.slice(group.length)
    for (const { events } of group) waiting -= events.length
    return group
  }
  return {
    accept: (registryId, events, at) =>
      new Promise((resolve, reject) => {
        deliveries.push({ registryId, events, at, resolve, reject })
        waiting += events.length
        unanswered += 1
        storing ??= storeAll()
      }),
    waiting: () => waiting,
    unanswered: () => unanswered,
    async stop() {
      await storing
      await disk.close()
    },
  }
}

/** The id of what is no event, and says that the registry can reach us. */
const signOfLife = ''
/** It is written no more often. */
const signEveryMs = 60_000

/** @returns how many of its events are new. Within a transaction. */
function store(db: Db, { registryId, events, at }: Delivery): number {
  // Removed while the body came: it must not spoil the deliveries of others in the same transaction.
  if (prepared(db, 'select 1 from registry where id = ?').get(registryId) === undefined) return 0
  if (events.length === 0) {
    prepared(
      db,
      `insert into webhook_event (registry_id, event_id, received_at) values (?, ?, ?)
       on conflict do update set received_at = excluded.received_at where received_at < ?`,
    ).run(registryId, signOfLife, at, new Date(Date.parse(at) - signEveryMs).toISOString())
  }
  const seen = prepared(
    db,
    'insert into webhook_event (registry_id, event_id, received_at) values (?, ?, ?) on conflict do nothing',
  )
  const keep = prepared(db, 'insert into event_inbox (registry_id, event, received_at) values (?, ?, ?)')
  let stored = 0
  for (const event of events) {
    if (seen.run(registryId, event.id, at).changes === 0) continue
    keep.run(registryId, JSON.stringify(event), at)
    stored += 1
  }
  return stored
}

/**
 * The database is committed to without waiting for the disk, which a killed server bears and a power cut does not. What
 * was accepted is waited for here, beside the event loop: a commit is whole once the log it was written to is on disk
 * (sqlite.org/wal.html). A checkpoint that moves it on before that waits for the disk itself.
 */
function writeAheadLog(db: Db): { sync(): Promise<void>; close(): Promise<void> } {
  const { memory, name } = db.$client
  let file: FileHandle | null = null
  return {
    async sync() {
      if (memory) return
      file ??= await open(`${name}-wal`, 'r+')
      await file.datasync()
    },
    async close() {
      await file?.close()
      file = null
    },
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms)
  })
