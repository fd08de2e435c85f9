import { type DatabaseThread, startDatabaseThread } from '../db/thread.ts'
import { Refusal } from '../refusal.ts'

/** A read by its name, and what it is given beside the database. */
export interface HeavyRequest {
  readonly read: string
  readonly input: readonly unknown[]
}

/** `cpuMs` is what the read took of a processor, whatever else the machine was at. */
export type HeavyAnswer = { readonly id: number; readonly cpuMs: number } & (
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly message: string
      readonly stack: string
      /** Set for the caller's errors: the thread's own `Refusal` would arrive as a plain error. */
      readonly refusal: Pick<Refusal, 'code' | 'hint'> | null
    }
)

export interface ReadThread {
  /** Before anybody asks, who need not wait for it then. */
  warmUp(): void
  /** @throws whatever the read throws, or because the thread ended. */
  ask(request: HeavyRequest): Promise<unknown>
  /** What the longest read until now took, in milliseconds of a processor. */
  longestMs(): number
  stop(): Promise<void>
}

/** A thread with a connection of its own, which answers one after the other. It starts with the first that asks, or before. */
export function startReadThread(dataDir: string): ReadThread {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let asked = 0
  let longestMs = 0
  let stopped = false
  let thread: DatabaseThread | null = null

  function start(): DatabaseThread {
    const made = startDatabaseThread(new URL('./heavy-reads-thread.ts', import.meta.url), dataDir)
    made.worker.on('message', (answer: HeavyAnswer) => {
      const one = waiting.get(answer.id)
      waiting.delete(answer.id)
      longestMs = Math.max(longestMs, answer.cpuMs)
      if (answer.ok) one?.resolve(answer.value)
      else one?.reject(errorOf(answer))
    })
    // The next to ask starts another.
    made.worker.on('error', error =>
      breakOff(new Error('the thread for heavy reads broke off', { cause: error })),
    )
    made.worker.on('exit', () => breakOff(new Error('the thread for heavy reads has ended')))
    return made
  }

  function breakOff(error: Error): void {
    thread = null
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }

  return {
    warmUp() {
      thread ??= start()
    },
    async ask(request) {
      if (stopped) throw new Error('the server stops')
      thread ??= start()
      asked += 1
      const answer = Promise.withResolvers<unknown>()
      waiting.set(asked, answer)
      thread.worker.postMessage({ id: asked, request })
      return await answer.promise
    },
    longestMs: () => longestMs,
    async stop() {
      stopped = true
      await thread?.end()
    },
  }
}

function errorOf({ message, stack, refusal }: HeavyAnswer & { ok: false }): Error {
  if (refusal === null) return Object.assign(new Error(message), { stack })
  return new Refusal(refusal.code, message, refusal.hint === null ? {} : { hint: refusal.hint })
}
