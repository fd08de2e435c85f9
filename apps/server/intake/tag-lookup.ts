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
}

export interface TagLookupDeps {
  readonly db: Db
  readonly log: Logger
  readonly resolveTag: ResolveTag
  readonly tell: (taken: Taken) => void
  readonly left: (count: number) => void
  /** Of the first repetition; the next ones wait four times as long each. Left out: 2 seconds. */
  readonly retryMs?: number
}

/** Requests at a time, beside those of scans. */
const concurrency = 2
const maxTries = 5

export function startTagLookup({ db, log, resolveTag, tell, left, retryMs = 2000 }: TagLookupDeps) {
  const ending = new AbortController()
  const queue: { pushed: PushedTag; tries: number }[] = []
  const working = new Set<Promise<void>>()

  const finish = ({ rowId, registryId, event }: PushedTag, digest: string | null): void => {
    const at = new Date().toISOString()
    const taken = inTransaction(db, () => {
      prepared(db, 'delete from event_inbox where id = ?').run(rowId)
      return digest === null ? null : takeEvents(db, registryId, [{ ...event, digest }], at)
    })
    left(1)
    if (taken !== null) tell(taken)
  }
  const lookUp = async ({ pushed, tries }: { pushed: PushedTag; tries: number }): Promise<void> => {
    const { registryId, event } = pushed
    try {
      finish(pushed, await resolveTag(registryId, event.repository, event.tag, ending.signal))
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
          queue.push({ pushed, tries: tries + 1 })
          work()
        },
        retryMs * 4 ** tries,
      )
      const cancel = (): void => clearTimeout(timer)
      ending.signal.addEventListener('abort', cancel, { once: true })
    }
  }
  const work = (): void => {
    while (working.size < concurrency && !ending.signal.aborted) {
      const next = queue.shift()
      if (next === undefined) return
      const asking = lookUp(next)
        // The database's: the row stays, and the next start looks it up.
        .catch((error: unknown) => log.error({ err: error }, 'a tag that was pushed could not be recorded'))
        .finally(() => {
          working.delete(asking)
          work()
        })
      working.add(asking)
    }
  }
  return {
    add(pushed: PushedTag): void {
      queue.push({ pushed, tries: 0 })
      work()
    },
    async stop(): Promise<void> {
      ending.abort()
      await Promise.all(working)
    },
  }
}
