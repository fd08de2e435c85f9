import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { RegistryEvent } from './event.ts'
import type { PushedTag } from './tag-lookup.ts'
import { nothingTaken, sumOf, type Taken, takeEvents } from './take-event.ts'

export interface DrainDeps {
  readonly db: Db
  readonly log: Logger
  readonly tell: (taken: Taken) => void
  /** Whether events come that fast that accepting them comes first. */
  readonly isPressed: () => boolean
  /** Says that an event of the registry left the inbox. */
  readonly left: (registryId: string) => void
  /** Takes over a push whose digest has to be asked for; it stays in the inbox until then. */
  readonly lookUp: (pushed: PushedTag) => void
}

export interface Drain {
  /** Says that there may be something. */
  wake(): void
  /** Resolves when nothing is being taken in. */
  idle(): Promise<void>
  stop(): Promise<void>
}

interface Row {
  readonly id: number
  readonly registryId: string
  readonly event: string
  readonly receivedAt: string
}

/** A batch ends after this time, and requests have their turn: for twice as long, while they come in a burst. */
const batchMs = 12
const restMs = 2 * batchMs
const maxBatch = 200
/** While more is there, those who watch are told no more often than this. */
const tellEveryMs = 250
const retryMs = 1000
const rememberedMs = 7 * 24 * 60 * 60 * 1000

/** Takes events in from the inbox, in the order they came, in short transactions. */
export function startDrain(deps: DrainDeps): Drain {
  const { db, log, tell, left, lookUp, isPressed } = deps
  let stopped = false
  let draining: Promise<void> | null = null
  // What is being looked up stays behind it.
  let after = 0

  const drainAll = async (): Promise<void> => {
    let untold = nothingTaken
    let toldAt = performance.now()
    // After those who woke it are done.
    await turn()
    while (!stopped) {
      const batch = takeNext()
      if (batch === null) {
        await pause(retryMs)
        continue
      }
      after = batch.lastId
      for (const registryId of batch.done) left(registryId)
      for (const pushed of batch.unresolved) lookUp(pushed)
      untold = sumOf([untold, batch.taken])
      if (batch.rows === 0 || performance.now() - toldAt > tellEveryMs) {
        tell(untold)
        untold = nothingTaken
        toldAt = performance.now()
      }
      if (batch.rows === 0) break
      await (isPressed() ? pause(restMs) : turn())
    }
    draining = null
  }
  /** @returns null when the database takes nothing at the moment. */
  const takeNext = (): Batch | null => {
    try {
      return takeBatch(db, after, log)
    } catch (error) {
      log.error({ err: error }, 'events could not be taken in, and are tried again')
      return null
    }
  }
  const forgetting = setInterval(() => {
    try {
      forgetOld(db)
    } catch (error) {
      log.error({ err: error }, 'which events were taken in long ago could not be forgotten')
    }
  }, 60_000).unref()
  forgetOld(db)
  return {
    wake() {
      if (!stopped) draining ??= drainAll()
    },
    async idle() {
      await draining
    },
    async stop() {
      stopped = true
      clearInterval(forgetting)
      await draining
    },
  }
}

interface Batch {
  readonly rows: number
  /** Of those that left the inbox, the registries. */
  readonly done: readonly string[]
  readonly lastId: number
  readonly taken: Taken
  readonly unresolved: readonly PushedTag[]
}

function takeBatch(db: Db, after: number, log: Logger): Batch {
  return inTransaction(db, () => {
    const rows = prepared(
      db,
      'select id, registry_id registryId, event, received_at receivedAt from event_inbox where id > ? order by id limit ?',
    ).all(after, maxBatch) as Row[]
    const remove = prepared(db, 'delete from event_inbox where id = ?')
    const begunAt = performance.now()
    const taken: Taken[] = []
    const unresolved: PushedTag[] = []
    const done: string[] = []
    let lastId = after
    let seen = 0
    for (const row of rows) {
      if (performance.now() - begunAt > batchMs) break
      seen += 1
      lastId = row.id
      const pushed = pushedTag(row)
      if (pushed !== null) unresolved.push(pushed)
      else {
        taken.push(takeRow(db, row, log))
        remove.run(row.id)
        done.push(row.registryId)
      }
    }
    return { rows: seen, done, lastId, taken: sumOf(taken), unresolved }
  })
}

/** An event that nobody thought of must not hold up the others for ever: what is to be known of it is in the log. */
function takeRow(db: Db, { registryId, event, receivedAt }: Row, log: Logger): Taken {
  try {
    const at = new Date().toISOString()
    return inTransaction(db, () =>
      takeEvents(db, registryId, [JSON.parse(event) as RegistryEvent], at, receivedAt),
    )
  } catch (error) {
    if (isOfDatabase(error)) throw error
    log.error({ err: error, registryId, event: event.slice(0, 2000) }, 'an event was set aside')
    return nothingTaken
  }
}

function pushedTag({ id, registryId, event: text, receivedAt }: Row): PushedTag | null {
  // Few are: most rows need not be read twice.
  if (!text.includes('"digest":null')) return null
  const event = JSON.parse(text) as RegistryEvent
  const { action, digest, tag } = event
  return action === 'push' && digest === null && tag !== null
    ? { rowId: id, registryId, event: { ...event, tag }, receivedAt }
    : null
}

/** The disk is full, another holds the lock: it is not the event's fault, and passes. */
const isOfDatabase = (error: unknown): boolean =>
  /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT)/.test(
    String((error as { code?: unknown } | null)?.code),
  )

/** Bit by bit. A registry gives up on a delivery far sooner. */
function forgetOld(db: Db): void {
  const before = new Date(Date.now() - rememberedMs).toISOString()
  prepared(
    db,
    'delete from webhook_event where rowid in (select rowid from webhook_event where received_at < ? limit 2000)',
  ).run(before)
}

const turn = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(resolve)
  })

const pause = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms)
  })
