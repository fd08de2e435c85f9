import { type RegistryClient, SourceError } from '@plimsoll/engine'
import type { Logger } from 'pino'
import type { Db } from '../../db/open.ts'
import type { Doubts } from './doubts.ts'
import type { Gate } from './gate.ts'

/** What a pass over a registry works with. */
export interface Pass {
  readonly db: Db
  readonly log: Logger
  readonly registryId: string
  readonly client: RegistryClient
  readonly gate: Gate
  readonly doubts: Doubts
  readonly signal: AbortSignal
  /** Whether unknown images are scanned, or only their tags kept. */
  readonly scans: boolean
  /** Called when scans were asked for. */
  readonly asked: () => void
  /** Called when something that is shown has changed. */
  readonly changed: () => void
}

/** Null when the registry says that there is no such thing. */
export async function unlessGone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof SourceError && error.code === 'image-not-found') return null
    throw error
  }
}

/**
 * Works on all of the items, a few at a time as the gate lets them through. The first error ends it, once what goes on
 * has ended.
 */
export async function onEach<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  let failed = false
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

/** Lets what waits in the event loop run, between two pieces of work with the database. */
export const breathe = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
