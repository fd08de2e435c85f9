import type { RegistryKind } from '@plimsoll/types'
import { prepared } from '../../db/statements.ts'
import { planOf } from '../../plans/plan.ts'
import { type ReconcileDeps, type Watch, watchRegistry } from './watch.ts'

/** Keeps what is known of registries as they have it, with and without events. */
export interface Reconciler {
  /** Looks at a registry now. @returns whether it does: not with the plan off, nor at one that is not there. */
  wake(registryId: string): boolean
  /** Registries were connected, changed or taken out. */
  sync(): void
  /** Resolves when nothing is asked any more. */
  stop(): Promise<void>
}

export function startReconciler(deps: ReconcileDeps): Reconciler {
  const { db, log } = deps
  const watches = new Map<string, Watch>()
  const ending = new Set<Promise<void>>()
  let stopped = false

  const end = (registryId: string, watch: Watch): void => {
    watches.delete(registryId)
    const ended = watch.stop().finally(() => ending.delete(ended))
    ending.add(ended)
  }
  const sync = (): void => {
    if (stopped) return
    const connected = prepared(
      db,
      'select id, kind from registry where url is not null and removed_at is null order by id',
    ).all() as { id: string; kind: RegistryKind }[]
    const ids = new Set(connected.map(({ id }) => id))
    for (const [id, watch] of watches) if (!ids.has(id)) end(id, watch)
    for (const { id, kind } of connected) {
      if (!watches.has(id)) watches.set(id, watchRegistry(id, kind, deps))
    }
    log.debug({ registries: ids.size }, 'registries are watched')
  }
  sync()
  return {
    sync,
    wake(registryId) {
      const watch = watches.get(registryId)
      if (watch === undefined || planOf(db, registryId)?.plan !== 'on') return false
      watch.wake()
      return true
    },
    async stop() {
      stopped = true
      for (const [id, watch] of watches) end(id, watch)
      await Promise.all(ending)
    },
  }
}
