import { SourceError } from '@plimsoll/engine'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import { inTransaction, prepared } from '../db/statements.ts'
import type { RegistryEvent } from './event.ts'
import { type Taken, takeEvents } from './take-event.ts'

/**
 * Pushes of which the registry tells the tag alone: it is asked what the tag points to. They stay in the inbox until it
 * has answered, or is given up on; the next listing of the registry finds what was given up.
 */

/** @throws SourceError */
export type ResolveTag = (
  registryId: string,
  repository: string,
  tag: string,
  signal: AbortSignal,
) => Promise<string>

export interface PushedTag {
  /** Of event_inbox. */
  readonly rowId: number
  readonly registryId: string
  readonly event: RegistryEvent & { readonly tag: string }
  readonly receivedAt: string
}

export interface TagLookupDeps {
  readonly db: Db
  readonly log: Logger
  readonly resolveTag: ResolveTag
  readonly tell: (taken: Taken) => void
  /** Says that one event of the registry left the inbox. */
  readonly left: (registryId: string) => void
  /** Of the first repetition; the next ones wait four times as long each. Left out: 2 seconds. */
  readonly retryMs?: number
}

/** Requests at a time, beside those of scans, to one registry: the others do not wait for one that does not answer. */
const perRegistry = 2
/** To all of them. */
const atOnce = 16
const maxTries = 5

interface Waiting {
  readonly pushed: PushedTag
  readonly tries: number
}

export function startTagLookup({ db, log, resolveTag, tell, left, retryMs = 2000 }: TagLookupDeps) {
  const ending = new AbortController()
  /** By registry, in the order of their turns. What waits for its repetition is not among them. */
  const turns = new Map<string, Waiting[]>()
  const asked = new Map<string, number>()
  const working = new Set<Promise<void>>()

  const finish = ({ rowId, registryId, event, receivedAt }: PushedTag, digest: string | null): void => {
    const at = new Date().toISOString()
    const taken = inTransaction(db, () => {
      prepared(db, 'delete from event_inbox where id = ?').run(rowId)
      return digest === null ? null : takeEvents(db, registryId, [{ ...event, digest }], at, receivedAt)
    })
    left(registryId)
    if (taken !== null) tell(taken)
  }
  const lookUp = async ({ pushed, tries }: Waiting): Promise<void> => {
    const { registryId, event } = pushed
    try {
      const digest = isConnected(db, registryId)
        ? await resolveTag(registryId, event.repository, event.tag, ending.signal)
        : null
      finish(pushed, digest)
    } catch (error) {
      if (ending.signal.aborted) return
      const gone = error instanceof SourceError && error.code === 'image-not-found'
      if (gone || tries + 1 >= maxTries) {
        const { repository, tag } = event
        log.warn({ err: error, registryId, repository, tag }, 'a tag that was pushed could not be looked up')
        finish(pushed, null)
        return
      }
      const timer = setTimeout(
        () => {
          ending.signal.removeEventListener('abort', cancel)
          add({ pushed, tries: tries + 1 })
        },
        retryMs * 4 ** tries,
      )
      const cancel = (): void => clearTimeout(timer)
      ending.signal.addEventListener('abort', cancel, { once: true })
    }
  }
  const add = (waiting: Waiting): void => {
    turns.getOrInsertComputed(waiting.pushed.registryId, () => []).push(waiting)
    work()
  }
  /** Of the registry whose turn it is; the turn after that is another's. */
  const next = (): Waiting | undefined => {
    for (const [registryId, queue] of turns) {
      if ((asked.get(registryId) ?? 0) >= perRegistry) continue
      turns.delete(registryId)
      const first = queue.shift()
      if (queue.length > 0) turns.set(registryId, queue)
      return first
    }
    return undefined
  }
  const work = (): void => {
    while (working.size < atOnce && !ending.signal.aborted) {
      const waiting = next()
      if (waiting === undefined) return
      const { registryId } = waiting.pushed
      asked.set(registryId, (asked.get(registryId) ?? 0) + 1)
      const asking = lookUp(waiting)
        // The database's: the row stays, and the next start looks it up.
        .catch((error: unknown) => log.error({ err: error }, 'a tag that was pushed could not be recorded'))
        .finally(() => {
          working.delete(asking)
          const others = (asked.get(registryId) ?? 1) - 1
          if (others === 0) asked.delete(registryId)
          else asked.set(registryId, others)
          work()
        })
      working.add(asking)
    }
  }
  return {
    add(pushed: PushedTag): void {
      add({ pushed, tries: 0 })
    },
    async stop(): Promise<void> {
      ending.abort()
      await Promise.all(working)
    },
  }
}

/** What was told of a registry that was removed meanwhile is asked of nobody. */
const isConnected = (db: Db, registryId: string): boolean =>
  prepared(db, 'select 1 from registry where id = ? and removed_at is null').get(registryId) !== undefined
