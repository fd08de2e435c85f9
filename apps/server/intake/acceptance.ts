import { type FileHandle, open } from 'node:fs/promises'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { RegistryEvent } from './event.ts'
import type { Room } from './room.ts'

interface Delivery {
  readonly registryId: string
  readonly events: readonly RegistryEvent[]
  readonly at: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** How many of its events are stored. */
  stored: number
}

/** The part of a delivery that goes into one transaction. */
interface Piece {
  readonly delivery: Delivery
  readonly events: readonly RegistryEvent[]
}

/** How long a delivery waits for others that share its transaction. */
const groupMs = 3
/** One transaction stores as many events, so that it stays short: some milliseconds. A longer delivery takes several. */
const maxGroup = 1000

/** Stores deliveries. Those that come within a few milliseconds of each other share a transaction and a write to disk. */
export interface Acceptance {
  accept(registryId: string, events: readonly RegistryEvent[], at: string): Promise<void>
  /** Events that wait for their transaction. */
  waiting(): number
  /** Stores what waits. */
  stop(): Promise<void>
}

export interface AcceptanceDeps {
  readonly db: Db
  /** Of events, from their acceptance until they leave the inbox; those that came before leave it here. */
  readonly events: Room
  /** Of deliveries that are not answered yet. */
  readonly unanswered: Room
  /** Says that there is something new in the inbox. */
  readonly onStored: () => void
}

export function createAcceptance({ db, events: room, unanswered, onStored }: AcceptanceDeps): Acceptance {
  const disk = writeAheadLog(db)
  let deliveries: Delivery[] = []
  let waiting = 0
  let storing: Promise<void> | null = null

  const storeAll = async (): Promise<void> => {
    await pause(groupMs)
    while (deliveries.length > 0) {
      const pieces = nextPieces()
      let whole = pieces
      try {
        storePieces(pieces)
        onStored()
        whole = pieces.filter(({ delivery }) => delivery.stored === delivery.events.length)
        // A sign of life may be lost; a registry tells of much that is no event to us, layers and our own reading.
        if (whole.some(({ delivery }) => delivery.events.length > 0)) await disk.sync()
        // Others have their turn between the parts of a long one.
        else await turn()
        for (const { delivery } of whole) delivery.resolve()
      } catch (error) {
        // What is stored of a delivery takes effect; when it is repeated, the rest is added.
        whole = pieces
        for (const { delivery } of pieces) fail(delivery, error)
      }
      for (const { delivery } of whole) unanswered.leave(delivery.registryId, 1)
      deliveries = deliveries.slice(whole.length)
    }
    storing = null
  }
  /** The next events, in the order they came; of the last delivery maybe a part. */
  const nextPieces = (): Piece[] => {
    const pieces: Piece[] = []
    let size = 0
    for (const delivery of deliveries) {
      if (size === maxGroup) break
      const { events, stored } = delivery
      const rest = events.slice(stored, stored + maxGroup - size)
      pieces.push({ delivery, events: rest })
      size += rest.length
    }
    return pieces
  }
  const storePieces = (pieces: readonly Piece[]): void => {
    const news = inTransaction(db, () => pieces.map(piece => store(db, piece)))
    for (const [index, { delivery, events }] of pieces.entries()) {
      delivery.stored += events.length
      waiting -= events.length
      room.leave(delivery.registryId, events.length - (news[index] ?? 0))
    }
  }
  const fail = ({ registryId, events, stored, reject }: Delivery, error: unknown): void => {
    const rest = events.length - stored
    waiting -= rest
    room.leave(registryId, rest)
    reject(error)
  }
  return {
    accept: (registryId, events, at) =>
      new Promise((resolve, reject) => {
        deliveries.push({ registryId, events, at, resolve, reject, stored: 0 })
        waiting += events.length
        room.take(registryId, events.length)
        unanswered.take(registryId, 1)
        storing ??= storeAll()
      }),
    waiting: () => waiting,
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
function store(db: Db, { delivery: { registryId, at }, events }: Piece): number {
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

const turn = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(resolve)
  })

const pause = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms)
  })
