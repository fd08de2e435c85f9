import { useSyncExternalStore } from 'react'

/** Who looks, within which scope; null: at all there is. */
export interface Looking {
  readonly userId: string
  readonly scope: string | null
}

const keyOf = ({ userId, scope }: Looking) =>
  `plimsoll-notices-seen-${userId}${scope === null ? '' : `-${scope}`}`
const listeners = new Set<() => void>()

/** The highest notice that a person has seen in this browser; 0 when none was, or what is kept is no number. */
export function seenOf(looking: Looking): number {
  const kept = Number(localStorage.getItem(keyOf(looking)) ?? '0')
  const seen = Number.isSafeInteger(kept) && kept > 0 ? kept : 0
  // Who saw all saw those of every scope; who saw those of a scope saw no others.
  return looking.scope === null ? seen : Math.max(seen, seenOf({ ...looking, scope: null }))
}

export function markSeen(looking: Looking, notice: number): void {
  if (notice <= seenOf(looking)) return
  localStorage.setItem(keyOf(looking), String(notice))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Another tab in which they were looked at.
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export const useSeen = (looking: Looking): number => useSyncExternalStore(subscribe, () => seenOf(looking))
