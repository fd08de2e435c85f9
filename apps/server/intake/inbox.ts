import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { prepared } from '../db/statements.ts'
import type { EventBus } from '../events.ts'
import { scanSummary } from '../jobs/list.ts'
import { createAcceptance } from './acceptance.ts'
import { startDrain } from './drain.ts'
import type { RegistryEvent } from './event.ts'
import { createSetBack } from './registry-clock.ts'
import { createRoom } from './room.ts'
import { type ResolveTag, startTagLookup } from './tag-lookup.ts'
import type { Taken } from './take-event.ts'

/**
 * What registries tell, between its arrival and its effect. An event that was accepted is in the table event_inbox, or
 * its effect is in the others; both change in one transaction, so neither a crash nor a power cut loses one.
 */
export interface Inbox {
  /** Whether so many of the registry's events wait that no more of it are to be accepted. */
  isFull(registryId: string): boolean
  /** Whether so many of its deliveries wait for their answer that the next would wait too long. */
  isBehind(registryId: string): boolean
  /**
   * Takes a delivery. An event that was accepted before is left out; a delivery without events is noted as a sign of
   * life.
   * @param at when it came, by our clock.
   * @returns when all of it is on the disk.
   */
  accept(registryId: string, events: readonly RegistryEvent[], at: string): Promise<void>
  /** Resolves when nothing waits any more, but for tags whose registry does not answer. */
  drained(): Promise<void>
  stop(): Promise<void>
}

export interface InboxDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  /** Tells the runner. */
  readonly wakeRunner: () => void
  /** Asks a registry what a tag points to. */
  readonly resolveTag: ResolveTag
  /** How long the first repetition of that waits. Left out: 2 seconds. */
  readonly retryMs?: number
}

/** A burst of one registry may run ahead of its effects by half as many events: some seconds' work. */
const eventRoom = 40_000
/** More than half as many of one at once would be answered so late that it gives up on them, and sends them again. */
const unansweredRoom = 400
/** From here on what waits comes before what arrives. */
const manyStored = 10_000

/** Also takes in what an earlier server left. */
export function startInbox(deps: InboxDeps): Inbox {
  const { db } = deps
  const stored = prepared(db, 'select registry_id, count(*) from event_inbox group by registry_id').raw()
  const events = createRoom(eventRoom, stored.all() as [string, number][])
  const unanswered = createRoom(unansweredRoom)
  const setBack = createSetBack()
  const left = (registryId: string): void => events.leave(registryId, 1)
  const tell = teller(deps)
  const lookup = startTagLookup({ ...deps, tell, left })
  const acceptance = createAcceptance({ db, events, unanswered, onStored: () => drain.wake() })
  const isPressed = (): boolean => {
    const waiting = acceptance.waiting()
    return waiting > 0 && events.held() - waiting < manyStored
  }
  const drain = startDrain({ ...deps, tell, left, lookUp: lookup.add, isPressed })
  drain.wake()
  return {
    isFull: events.isFull,
    isBehind: unanswered.isFull,
    accept: (registryId, told, at) => acceptance.accept(registryId, setBack(registryId, told, at), at),
    drained: drain.idle,
    async stop() {
      await acceptance.stop()
      await Promise.all([drain.stop(), lookup.stop()])
    },
  }
}

/** So many scans are told of one by one; whoever watches asks for the list when there are more. */
const maxTold = 20

/** Tells those who watch, and the runner, of what events did. */
const teller =
  ({ db, events, wakeRunner }: InboxDeps) =>
  ({ scans, imagesChanged, findingsChanged }: Taken): void => {
    for (const id of scans.slice(-maxTold)) {
      const scan = scanSummary(db, id)
      if (scan !== null) events.publish({ type: 'scan', scan })
    }
    if (imagesChanged) events.publish({ type: 'changed', what: 'images' })
    if (findingsChanged) events.publish({ type: 'changed', what: 'findings' })
    // A deletion may have brought findings of older advisories back.
    if (scans.length > 0 || findingsChanged) wakeRunner()
  }
