import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { EventBus } from '../events.ts'
import type { Imported } from './import.ts'

export type WorkerRequest =
  | { readonly do: 'import'; readonly location: string }
  | { readonly do: 'snapshot' }
  | { readonly do: 'rematch' }
  | { readonly do: 'stop' }

export type WorkerAnswer =
  | ({ readonly did: 'import' } & Imported)
  | { readonly did: 'snapshot' }
  | { readonly did: 'rematch'; readonly images: number; readonly more: boolean }
  | {
      readonly did: 'fail'
      readonly request: 'import' | 'snapshot' | 'rematch'
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
  stop(): Promise<void>
}

const stopWithinMs = 2000

export function startAdvisoryWork(
  dataDir: string,
  { events, log }: { events: EventBus; log: Logger },
): AdvisoryWork {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { dataDir } })
  const waiting = new Map<'import' | 'snapshot', PromiseWithResolvers<Imported | null>>()

  worker.on('message', (answer: WorkerAnswer) => {
    if (answer.did === 'rematch') {
      if (answer.images === 0) return
      events.publish({ type: 'changed', what: 'findings' })
      events.publish({ type: 'changed', what: 'images' })
      if (!answer.more) log.info({ images: answer.images }, 'matched again with changed advisories')
      return
    }
    if (answer.did === 'fail') {
      const { request, message, stack } = answer
      log[answer.known ? 'warn' : 'error'](
        { request, reason: message, stack },
        'advisories: something failed',
      )
      if (request !== 'rematch') waiting.get(request)?.reject(new ImportFailed(message))
      return
    }
    if (answer.did === 'import') log.info({ ...answer }, 'advisories imported')
    events.publish({ type: 'changed', what: 'advisories' })
    waiting.get(answer.did)?.resolve(answer.did === 'import' ? answer : null)
  })
  worker.on('error', error => {
    log.error({ err: error }, 'the advisories thread broke off')
    for (const one of waiting.values()) one.reject(new ImportFailed('The import broke off.'))
  })

  const ask = (request: WorkerRequest): void => worker.postMessage(request)
  const askFor = (request: 'import' | 'snapshot', message: WorkerRequest): Promise<Imported | null> => {
    const answer = Promise.withResolvers<Imported | null>()
    waiting.set(request, answer)
    ask(message)
    return answer.promise
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
    rematch() {
      ask({ do: 'rematch' })
    },
    async stop() {
      const ended = new Promise(resolve => worker.once('exit', resolve))
      ask({ do: 'stop' })
      const timer = setTimeout(() => void worker.terminate(), stopWithinMs)
      await ended
      clearTimeout(timer)
    },
  }
}
