import type { Logger } from 'pino'
import { type DatabaseThread, startDatabaseThread } from '../db/thread.ts'
import type { EventBus } from '../events.ts'
import type { Imported } from './import.ts'

export type WorkerRequest =
  | { readonly do: 'import'; readonly location: string }
  | { readonly do: 'snapshot' }
  | { readonly do: 'rematch' }
  | { readonly do: 'day'; readonly today: string }
  | { readonly do: 'stop' }

export type WorkerAnswer =
  | ({ readonly did: 'import' } & Imported)
  | { readonly did: 'snapshot' }
  | { readonly did: 'rematch'; readonly images: number; readonly more: boolean }
  | {
      readonly did: 'fail'
      readonly request: 'import' | 'snapshot' | 'rematch' | 'day'
      readonly message: string
      /** An error of the place imported from, not of ours. */
      readonly known: boolean
      readonly stack: string
    }

/** The import of advisories could not be done; the message is for people. */
class ImportFailed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ImportFailed'
  }
}

/** What is done with advisories in the background. One thing at a time. */
export interface AdvisoryWork {
  /** @throws ImportFailed */
  importPlace(location: string): Promise<Imported>
  /** Brings the demonstration's advisories in. @throws ImportFailed */
  importSnapshot(): Promise<void>
  /** Images may wait to be matched again. */
  rematch(): void
  /** A day has begun, `2024-03-29`: of some images something else holds now. */
  newDay(today: string): void
  stop(): Promise<void>
}

const stopWithinMs = 2000

export function startAdvisoryWork(
  dataDir: string,
  { events, log }: { events: EventBus; log: Logger },
): AdvisoryWork {
  const waiting = new Map<'import' | 'snapshot', PromiseWithResolvers<Imported | null>>()
  let stopped = false
  let thread: DatabaseThread | null = start()

  function start(): DatabaseThread {
    const made = startDatabaseThread(new URL('./worker.ts', import.meta.url), dataDir)
    made.worker.on('message', hear)
    // Whoever asks next starts another; what an import has stored, and what waits to be matched, is in the database.
    made.worker.on('error', error => {
      log.error({ err: error }, 'the advisories thread broke off')
      breakOff()
    })
    made.worker.on('exit', breakOff)
    return made
  }

  function breakOff(): void {
    thread = null
    for (const one of waiting.values()) one.reject(new ImportFailed('it broke off, and the log says why'))
    waiting.clear()
  }

  function hear(answer: WorkerAnswer): void {
    if (answer.did === 'rematch') {
      if (answer.images === 0) return
      events.publish({ type: 'changed', what: 'findings' })
      events.publish({ type: 'changed', what: 'images' })
      events.publish({ type: 'changed', what: 'notices' })
      if (!answer.more) log.info({ images: answer.images }, 'matched again with changed advisories')
      return
    }
    if (answer.did === 'fail') {
      const { request, message, stack } = answer
      log[answer.known ? 'warn' : 'error'](
        { request, reason: message, stack },
        'advisories: something failed',
      )
      events.publish({ type: 'changed', what: 'advisories' })
      if (request === 'import' || request === 'snapshot')
        waiting.get(request)?.reject(new ImportFailed(message))
      return
    }
    if (answer.did === 'import') log.info({ ...answer }, 'advisories imported')
    events.publish({ type: 'changed', what: 'advisories' })
    waiting.get(answer.did)?.resolve(answer.did === 'import' ? answer : null)
  }

  function ask(request: WorkerRequest): void {
    if (stopped) return
    thread ??= start()
    thread.worker.postMessage(request)
  }

  async function askFor(what: 'import' | 'snapshot', request: WorkerRequest): Promise<Imported | null> {
    const answer = Promise.withResolvers<Imported | null>()
    waiting.set(what, answer)
    ask(request)
    return await answer.promise
  }

  return {
    async importPlace(location) {
      const imported = await askFor('import', { do: 'import', location })
      if (imported === null) throw new Error('an import was answered as something else')
      return imported
    },
    async importSnapshot() {
      await askFor('snapshot', { do: 'snapshot' })
    },
    rematch: () => ask({ do: 'rematch' }),
    newDay: today => ask({ do: 'day', today }),
    async stop() {
      stopped = true
      const ending = thread
      if (ending === null) return
      const ended = new Promise(resolve => ending.worker.once('exit', resolve))
      ending.worker.postMessage({ do: 'stop' } satisfies WorkerRequest)
      const timer = setTimeout(() => void ending.end(), stopWithinMs)
      await ended
      clearTimeout(timer)
    },
  }
}
