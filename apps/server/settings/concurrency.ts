import { availableParallelism } from 'node:os'
import type { Logger } from 'pino'
import type { Db } from '../db/open.ts'
import type { EventBus } from '../events.ts'
import { readSetting, writeSetting } from './setting.ts'

/** How many images are scanned at a time. */
export const concurrencyOf = (db: Db): number =>
  readSetting(db, 'concurrency') ?? Math.min(2, availableParallelism())

export interface ConcurrencyDeps {
  readonly db: Db
  readonly events: EventBus
  readonly log: Logger
  readonly viewer: { readonly name: string }
  /** The runner asks for the setting whenever it starts scans. */
  readonly wakeRunner: () => void
}

/** Holds at once: with a lower one what runs is scanned to its end. */
export function setConcurrency(
  concurrency: number,
  { db, events, log, viewer, wakeRunner }: ConcurrencyDeps,
): void {
  writeSetting(db, 'concurrency', concurrency)
  log.info(
    { audit: 'concurrency-changed', concurrency, by: viewer.name },
    'the number of scans at a time was changed',
  )
  events.publish({ type: 'changed', what: 'settings' })
  wakeRunner()
}
