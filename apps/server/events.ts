import type { ScanSummary } from '@plimsoll/types'

/** What lists should refetch on. Anything that changes counts says `findings` besides its own name. */
export const changeNames = [
  'rules',
  'images',
  'findings',
  'registries',
  'advisories',
  'scopes',
  'imports',
  'billing',
  'notices',
  'clusters',
  'settings',
] as const
export type ChangeName = (typeof changeNames)[number]

export type ServerEvent =
  | { readonly type: 'scan'; readonly scan: ScanSummary }
  | { readonly type: 'changed'; readonly what: ChangeName }

/** The in-process bus from what changes state to the browsers that watch. Nothing durable depends on it. */
export interface EventBus {
  publish(event: ServerEvent): void
  /** @returns what stops it. A listener that throws is the bus's bug to report, never the publisher's. */
  subscribe(listener: (event: ServerEvent) => void): () => void
}

export function createEventBus(): EventBus {
  const listeners = new Set<(event: ServerEvent) => void>()
  return {
    publish(event) {
      for (const listener of [...listeners]) listener(event)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
